import type { StoredFailure } from "../../event/event";
import { storedFailure } from "../../event/failure";
import { cleanJson, measure, stringifyDeep, TOO_DEEP } from "../../event/json";
import type { DecodedEvent } from "../../event/stored/item";
import type { Frame, Outcome, Problem } from "../protocol";
import { elementsIn } from "./elements";
import { withoutAddresses } from "./redact";
import type { Settling } from "./settle";

/** The messages of a body, and how one is read. */
export interface Messages {
  readonly list: readonly unknown[];
  /** Where they stand: in a member of the body, or the body is the list (`[]`), or the only message (`{}`). */
  readonly at: { readonly member: string } | "[]" | "{}";
  /** Reads one message, whose texts are clean. */
  readonly decode: (message: unknown, settling: Settling) => DecodedEvent | Problem;
  /** What tells a rejected message apart, the same each time it is sent. */
  readonly identityOf: (message: unknown) => string;
}

/** Reads a body's messages; each becomes an event, a failure, or is a duplicate. */
export function decodeMessages(messages: Messages, frame: Frame): Outcome {
  const { body, source } = frame;
  const events = new Map<string, DecodedEvent>();
  const failures: StoredFailure[] = [];
  const occurrences = new Map<string, number>();
  const settling: Settling = { members: 0, overflows: false };
  let originals: readonly string[] | undefined;
  let duplicates = 0;
  for (const [index, message] of messages.list.entries()) {
    settling.members = 0;
    const outcome = decodeOne(message, messages, frame, settling);
    if ("event" in outcome) {
      const id = outcome.event.event_id;
      if (events.has(id)) duplicates += 1;
      else events.set(id, outcome);
      continue;
    }
    const identity = messages.identityOf(message);
    const occurrence = occurrences.get(identity) ?? 0;
    occurrences.set(identity, occurrence + 1);
    originals ??= originalsOf(messages, body.text);
    const original = originals[index] ?? stringifyDeep(message);
    failures.push(rejected(outcome, original, source.name, `${identity}\n${occurrence}`));
  }
  return { events: [...events.values()], failures, duplicates, overflows: settling.overflows };
}

function decodeOne(
  message: unknown,
  { decode }: Messages,
  { body, limits }: Frame,
  settling: Settling,
): DecodedEvent | Problem {
  const problem = body.sizeBytes > limits.eventBytes ? sizeProblem(message, limits.eventBytes) : undefined;
  if (problem !== undefined) return problem;
  if (body.isClean) return decode(message, settling);
  const cleaned = cleanJson(message);
  return cleaned === TOO_DEEP ? { reason: "too_deep" } : decode(cleaned, settling);
}

function sizeProblem(message: unknown, limitBytes: number): Problem | undefined {
  const size = measure(message);
  if (size === undefined) return { reason: "too_deep" };
  if (size * 6 <= limitBytes) return undefined;
  const bytes = Buffer.byteLength(JSON.stringify(message));
  return bytes <= limitBytes
    ? undefined
    : { reason: "event_too_large", detail: `it has ${bytes} bytes, ${limitBytes} are allowed` };
}

function originalsOf({ at, list }: Messages, text: string): readonly string[] {
  if (at === "{}") return [text];
  const elements = elementsIn(text, at === "[]" ? undefined : at.member);
  return elements?.length === list.length ? elements : [];
}

function rejected(problem: Problem, original: string, source: string, identity: string): StoredFailure {
  const { reason, detail, payload } = problem;
  return storedFailure({
    source,
    reason,
    identity,
    ...(detail === undefined ? {} : { detail: withoutAddresses(detail) }),
    stage: payload === undefined ? "collect" : "import",
    payload: withoutAddresses(payload ?? original),
  });
}
