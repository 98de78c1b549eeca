import { setMember } from "../../../handlers/collect/decode/columns";
import { nameOf, readAs, readJson, type SelfDescribing } from "../../../handlers/collect/snowplow/read";
import type { Json } from "../../../handlers/event/event";
import { isObject } from "../../../handlers/event/json";
import { canonicalTime } from "../../../handlers/event/time";
import { type LineParser, type Message, unreadable } from "../message";
import { type SnowplowReading, snowplowFields } from "./snowplow-fields";

const FIELDS = snowplowFields.length;
/** Where a field stands, by its name. */
const places = new Map(snowplowFields.map(({ name }, at) => [name, at]));

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What an event is here, by Snowplow's kind of it; a `struct` is named by its action, an `unstruct` by its schema. */
const kinds: ReadonlyMap<string, { readonly type: "page" | "track"; readonly event?: string }> = new Map([
  ["page_view", { type: "page" }],
  ["page_ping", { type: "track", event: "page_ping" }],
  ["transaction", { type: "track", event: "transaction" }],
  ["transaction_item", { type: "track", event: "transaction_item" }],
  ["struct", { type: "track" }],
  ["unstruct", { type: "track" }],
]);

type OpenObject = { [name: string]: unknown };

/** Whether a line is an enriched event of Snowplow's. */
export function isSnowplowLine(line: string): boolean {
  const fields = line.split("\t");
  return fields.length === FIELDS && UUID.test(fields[places.get("event_id") ?? -1] ?? "");
}

/**
 * Reads Snowplow's enriched events in TSV. What its own enrichments found out is kept under `context.snowplow`:
 * columns of that name are filled anew.
 * @see https://docs.snowplow.io/docs/fundamentals/canonical-event/
 */
export const snowplowParser: LineParser = (line, number, lineId) => {
  const fields = line.split("\t");
  const refusal = (why: string): Message => unreadable(lineId, `line ${number} ${why}`, line);
  if (fields.length !== FIELDS)
    return refusal(`has ${fields.length} fields, an enriched event has ${FIELDS}`);
  const field = (name: string): string => fields[places.get(name) ?? -1] ?? "";
  const kind = kinds.get(field("event"));
  if (kind === undefined) return refusal(`is of no known kind of event: "${field("event").slice(0, 64)}"`);
  // The first of them is what Snowplow itself takes for when it happened.
  const written = ["true_tstamp", "derived_tstamp", "collector_tstamp"]
    .map(field)
    .find((time) => time !== "");
  const timestamp = canonicalTime(written);
  if (timestamp === undefined) return refusal("has no valid time");

  const message: OpenObject = { messageId: lineId, type: kind.type, timestamp };
  const problem = takeContexts(field, message) ?? takeSelfDescribing(field, message);
  if (problem !== undefined) return refusal(`has a field ${problem} that is no self-describing JSON`);
  snowplowFields.forEach(({ to, as }, at) => {
    const text = fields[at] ?? "";
    if (to !== "" && text !== "") put(message, to.split("."), read(as, text));
  });
  takeVisitor(field, message);
  takeTracker(field("v_tracker"), message);
  takeName(field, kind.event, message);
  if (field("tr_total") !== "") put(message, ["properties", "revenue"], read("number", field("tr_total")));
  // A time that is not the one that counts is kept.
  for (const name of ["true_tstamp", "derived_tstamp"])
    if (field(name) !== "" && field(name) !== written)
      put(message, ["context", "snowplow", name], field(name));
  return message as unknown as Message;
};

function takeVisitor(field: (name: string) => string, message: OpenObject): void {
  const visitor = field("domain_userid") || field("network_userid");
  if (visitor !== "") put(message, ["anonymousId"], visitor);
}

/** A tracker calls itself `<name>-<version>`, like `js-4.8.0`. */
function takeTracker(tracker: string, message: OpenObject): void {
  const [, name, version] = /^(.+?)-(\d.*)$/.exec(tracker) ?? [undefined, tracker];
  if (name !== undefined && name !== "") put(message, ["context", "library", "name"], name);
  if (version !== undefined) put(message, ["context", "library", "version"], version);
}

/** Names the event as the collector names those of Snowplow's trackers. */
function takeName(field: (name: string) => string, named: string | undefined, message: OpenObject): void {
  if (message.type === "page") return;
  const name = named ?? (field("event") === "struct" ? field("se_action") : schemaName(field, message));
  if (name !== "screen_view") {
    put(message, ["event"], name);
    return;
  }
  message.type = "screen";
  const { properties } = message;
  if (isObject(properties) && typeof properties.name === "string") put(message, ["name"], properties.name);
}

function schemaName(field: (name: string) => string, { context }: OpenObject): string {
  const schema = isObject(context) && typeof context.schema === "string" ? nameOf(context.schema) : "";
  return field("event_name") || schema;
}

/** The entities of an event, as sent and as derived. @returns the field that cannot be read. */
function takeContexts(field: (name: string) => string, message: OpenObject): string | undefined {
  for (const name of ["contexts", "derived_contexts"]) {
    if (field(name) === "") continue;
    const json = selfDescribingIn(name, field(name));
    if (json === undefined || !Array.isArray(json.data)) return name;
    put(message, ["context", name], json.data);
  }
  return undefined;
}

function takeSelfDescribing(field: (name: string) => string, message: OpenObject): string | undefined {
  if (field("unstruct_event") === "") return undefined;
  const outer = selfDescribingIn("unstruct_event", field("unstruct_event"));
  const event = outer === undefined ? undefined : selfDescribingOf(outer.data);
  if (event === undefined) return "unstruct_event";
  put(message, ["context", "schema"], event.schema);
  const data = isObject(event.data) ? event.data : { data: event.data };
  for (const [member, value] of Object.entries(data)) put(message, ["properties", member], value);
  return undefined;
}

function selfDescribingIn(name: string, text: string): SelfDescribing | undefined {
  const json = readJson(name, text, false, true);
  return "reason" in json ? undefined : json;
}

function selfDescribingOf(json: Json): SelfDescribing | undefined {
  if (!isObject(json) || typeof json.schema !== "string" || json.data === undefined) return undefined;
  return { schema: json.schema, data: json.data };
}

function read(as: SnowplowReading, text: string): Json {
  return readAs(as === "flag" ? "boolean" : as, text) ?? text;
}

/** Puts a value at a path; where one stands already, beside it under `context.snowplow`. */
function put(message: OpenObject, path: readonly string[], value: unknown): void {
  let object = message;
  for (const name of path.slice(0, -1)) {
    if (!isObject(object[name])) setMember(object as { [name: string]: Json }, name, {});
    object = object[name] as OpenObject;
  }
  const name = path.at(-1) ?? "";
  if (name === "messageId" || !Object.hasOwn(object, name))
    setMember(object as { [name: string]: Json }, name, value as Json);
  else if (object[name] !== value && path[1] !== "snowplow")
    put(message, ["context", "snowplow", path.join(".")], value);
}
