import { inflateRawSync } from "node:zlib";
import { projectRoot } from "../../cli/paths";
import { countryDatabase } from "../../handlers/enrich/country-database";
import { type Enrich, enricher } from "../../handlers/enrich/enrich";
import { toAttributes } from "../../handlers/event/stored/attributes";
import { dictionaries } from "../../handlers/event/stored/dictionary";
import type { StoredItem } from "../../handlers/event/stored/item";
import type { PlanRules } from "../../handlers/plan/plan";
import { type StreamRecord, transform } from "../../handlers/transform/transform";
import { countriesFile } from "../../stacks/functions/countries";
import { loadPlan } from "../../tracking-plan/build/compile";
import type { Sample } from "../harness/case";
import { compare } from "../harness/cpu";

/** Every enrichment, with the database of countries that a deploy brings as a layer. */
export const enrich: Enrich = enricher({ lookups: { countryOf: countryDatabase(countriesFile()) } });

/** The project's own tracking plan. */
export const rules: PlanRules = { plan: loadPlan(projectRoot), policies: {} };

/** Lambda hands over as many records as came within the batching window: here those of a second of 100 requests. */
const RECORDS_A_BATCH = 100;

/** Measured before it counts: a function in use has been compiled long since. */
const WARM_UPS = 2;

/** Records as Lambda hands them over. */
export function batchesOf(records: readonly StreamRecord[]): StreamRecord[][] {
  const batches: StreamRecord[][] = [];
  for (let at = 0; at < records.length; at += RECORDS_A_BATCH)
    batches.push(records.slice(at, at + RECORDS_A_BATCH));
  return batches;
}

/**
 * Measures the transform's core on items, batch by batch; the limit is to inflate and parse its input and stringify
 * its output.
 * @throws when not every event becomes a line, whole.
 */
export function measuring(items: readonly StoredItem[]): () => Sample {
  const events = items.reduce((sum, { count }) => sum + count, 0);
  const records = items.map(recordOf);
  const batches = batchesOf(records);
  const { lines, counts, poison } = transform(records, enrich, rules);
  if (poison !== undefined || lines.events.length !== events || counts.enrichment_errors > 0)
    throw new Error(`${events} events must become as many lines, got ${lines.events.length}`);
  const output = [...lines.raw, ...lines.events, ...lines.failed].map((line): unknown => JSON.parse(line));
  const work = (): void => {
    for (const batch of batches) transform(batch, enrich, rules);
  };
  const least = (): void => {
    for (const item of items) JSON.parse(textOf(item));
    for (const line of output) JSON.stringify(line);
  };
  for (let time = 0; time < WARM_UPS; time += 1) compare(events, work, least);
  return () => compare(events, work, least);
}

/** An item as the stream carries it. */
export function recordOf(item: StoredItem, index: number): StreamRecord {
  const image = Object.entries(toAttributes(item)).map(([name, { S, N, B }]) => {
    if (B !== undefined) return [name, { B: Buffer.from(B).toString("base64") }];
    return [name, N === undefined ? { S: S ?? "" } : { N }];
  });
  return { change: "INSERT", sequenceNumber: String(index), newImage: Object.fromEntries(image) };
}

/** A body's JSON, as little as there is to do for it. */
function textOf({ codec, body }: StoredItem): string {
  if (typeof body === "string") return body;
  const dictionary = dictionaries[codec];
  return inflateRawSync(body, dictionary === undefined ? {} : { dictionary }).toString("utf8");
}
