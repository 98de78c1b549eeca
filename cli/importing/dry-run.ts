import { type CollectSettings, collect } from "../../handlers/collect/collect";
import { readSources } from "../../handlers/collect/sources";
import type { CanonicalEvent, FailedEvent } from "../../handlers/event/event";
import { eventsOf, failuresOf } from "../../handlers/event/stored/item";
import type { Environment } from "../../stacks/config";
import { type SourceName, sourcesOf } from "../../stacks/sources";
import { batchBytesFor, batchesOf } from "./batches";
import type { FormatName } from "./formats";
import type { Input } from "./input/files";
import { lineIds } from "./message";
import { openInput, type Reading } from "./source";
import type { Counts } from "./transfer";

/** Events that would fail for one reason. */
export interface Failing {
  readonly reason: string;
  count: number;
  /** Of the first of them. */
  readonly message: string;
  readonly payload: string;
}

/** What an import would do. */
export interface DryRun extends Counts {
  readonly formats: { [file: string]: FormatName };
  /** The first events, as they would be stored. */
  readonly events: CanonicalEvent[];
  /** Most frequent first. */
  readonly failing: Failing[];
}

const SHOWN_EVENTS = 3;
const SHOWN_PAYLOAD = 200;

/** What the collector does with what is sent, without a store behind it. */
export class DryCollector {
  readonly #settings: CollectSettings;
  readonly #key: string;
  /** What a batch may have. */
  readonly maxBytes: number;

  constructor(environment: Environment, source: SourceName) {
    const sources = sourcesOf(environment);
    this.maxBytes = batchBytesFor(bodyBytesOf(environment));
    this.#settings = {
      sources: readSources(JSON.stringify(sources)),
      ttlDays: environment.ttlDays,
      limits: {
        eventBytes: (environment.maxEventKilobytes ?? 32) * 1024,
        bodyBytes: bodyBytesOf(environment),
      },
    };
    this.#key = sources.find(({ name }) => name === source)?.writeKeys[0] ?? "";
  }

  /** What would be stored of a body. */
  stored(body: string): { readonly events: CanonicalEvent[]; readonly failures: FailedEvent[] } {
    const { items } = collect(
      {
        method: "POST",
        path: "/v1/import",
        headers: { authorization: `Basic ${Buffer.from(`${this.#key}:`).toString("base64")}` },
        ...{ body, isBase64Encoded: false, sourceIp: undefined, receivedAt: new Date() },
      },
      this.#settings,
    );
    return {
      events: items.filter(({ kind }) => kind === "events").flatMap(eventsOf),
      failures: items.filter(({ kind }) => kind === "failed").flatMap(failuresOf),
    };
  }
}

/**
 * Has the files read and decided on as an import and its collector would, and sends nothing.
 * @throws UserError when one cannot be read.
 */
export async function dryRun(
  inputs: readonly Input[],
  reading: Reading,
  source: SourceName,
  collector: DryCollector,
  onBytes: (bytes: number) => void,
): Promise<DryRun> {
  const run: DryRun = { read: 0, accepted: 0, failed: 0, duplicate: 0, formats: {}, events: [], failing: [] };
  const failing = new Map<string, Failing>();
  for (const input of inputs) {
    const opened = await openInput(input, reading, onBytes);
    if (opened === undefined) continue;
    run.formats[input.name] = opened.format;
    const batches = batchesOf(opened.lines, opened.open.read, lineIds(source), undefined, collector.maxBytes);
    for await (const { body, messages } of batches) {
      const { events, failures } = collector.stored(body);
      run.read += messages.length;
      run.accepted += events.length;
      run.failed += failures.length;
      run.duplicate += messages.length - events.length - failures.length;
      run.events.push(...events.slice(0, SHOWN_EVENTS - run.events.length));
      for (const failure of failures) count(failure, failing);
    }
  }
  run.failing.push(...[...failing.values()].sort((one, other) => other.count - one.count));
  return run;
}

/** What an environment's collector takes. */
export function bodyBytesOf({ maxBodyKilobytes = 500 }: Pick<Environment, "maxBodyKilobytes">): number {
  return maxBodyKilobytes * 1024;
}

function count({ reason, message, payload }: FailedEvent, failing: Map<string, Failing>): void {
  const known = failing.get(reason);
  if (known !== undefined) known.count += 1;
  else failing.set(reason, { reason, count: 1, message, payload: payload.slice(0, SHOWN_PAYLOAD) });
}
