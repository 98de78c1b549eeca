import { isObject } from "../../handlers/event/json";
import type { EventFile } from "../../tracking-plan/build/read";

/** Properties that were seen of an event. */
export interface Observed {
  readonly type: NonNullable<EventFile["type"]>;
  readonly event: string;
  /** Of each event that was looked at: its properties, `{}` where it had none. */
  readonly properties: readonly unknown[];
  /** When the first and the last of them came, as the warehouse says it. */
  readonly from: string;
  readonly until: string;
}

/** So many different texts are a list of what is allowed, when each was seen this often on average. */
const MAX_CHOICES = 10;
const SEEN_EACH = 10;

/** An object with more names than this is a map, whose names are values. */
const MAX_NAMES = 100;

/** What was seen of a value. */
interface Seen {
  count: number;
  readonly types: Set<string>;
  /** Different texts, until there are too many; undefined then. */
  texts: Set<string> | undefined;
  textCount: number;
  objects: number;
  readonly members: Map<string, Seen>;
  items: Seen | undefined;
}

const nothing = (): Seen => ({
  count: 0,
  types: new Set(),
  texts: new Set(),
  textCount: 0,
  objects: 0,
  members: new Map(),
  items: undefined,
});

/** Proposes a plan of an event: types that were seen, required what was always there, lists where texts are few. */
export function inferEvent({ type, event, properties, from, until }: Observed): EventFile {
  const seen = nothing();
  for (const each of properties) look(seen, each);
  return {
    event,
    ...(type === "track" ? {} : { type }),
    owner: "to be named",
    description: `Inferred from ${properties.length} events of ${from} to ${until}: say what has happened.`,
    versions: { "1": { properties: objectSchema(seen) } },
  };
}

function look(seen: Seen, value: unknown): void {
  seen.count += 1;
  seen.types.add(typeOf(value));
  if (typeof value === "string") {
    seen.textCount += 1;
    seen.texts?.add(value);
    if ((seen.texts?.size ?? 0) > MAX_CHOICES) seen.texts = undefined;
  } else if (Array.isArray(value)) {
    seen.items ??= nothing();
    for (const item of value) look(seen.items, item);
  } else if (isObject(value)) {
    seen.objects += 1;
    for (const [name, member] of Object.entries(value)) {
      const known = seen.members.get(name) ?? nothing();
      seen.members.set(name, known);
      look(known, member);
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function schemaOf(seen: Seen): Readonly<Record<string, unknown>> {
  const types = [...seen.types].filter((type) => type !== "integer" || !seen.types.has("number")).sort();
  const [only] = types;
  const type = types.length === 1 ? { type: only } : types.length === 0 ? {} : { type: types };
  return {
    ...type,
    ...choicesOf(seen),
    ...(seen.items === undefined || seen.items.count === 0 ? {} : { items: schemaOf(seen.items) }),
    ...(seen.objects === 0 ? {} : membersOf(seen)),
  };
}

function choicesOf({ types, texts, textCount }: Seen): object {
  if (types.size !== 1 || !types.has("string") || texts === undefined) return {};
  return textCount >= SEEN_EACH * texts.size ? { enum: [...texts].sort() } : {};
}

function objectSchema(seen: Seen): Readonly<Record<string, unknown>> {
  return { type: "object", ...membersOf(seen) };
}

function membersOf({ members, objects }: Seen): object {
  if (members.size > MAX_NAMES) return {};
  const names = [...members.keys()].sort();
  const required = names.filter((name) => members.get(name)?.count === objects);
  return {
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(names.map((name) => [name, schemaOf(members.get(name) ?? nothing())])),
  };
}
