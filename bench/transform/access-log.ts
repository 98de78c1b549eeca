import { inflateRawSync } from "node:zlib";
import { projectRoot } from "../../cli/paths";
import { countryDatabase } from "../../handlers/enrich/country-database";
import { enricher } from "../../handlers/enrich/enrich";
import { toAttributes } from "../../handlers/event/attributes";
import { dictionaries } from "../../handlers/event/dictionary";
import type { StoredItem } from "../../handlers/event/item";
import type { PlanRules } from "../../handlers/plan/plan";
import { type StreamRecord, transform } from "../../handlers/transform/transform";
import { countriesFile } from "../../stacks/functions/countries";
import { loadPlan } from "../../tracking-plan/build/compile";
import { accessLogItems } from "../harness/access-log";
import type { Case } from "../harness/case";
import { compare } from "../harness/cpu";

/** Every enrichment, with the database of countries that a deploy brings as a layer. */
const enrich = enricher({ lookups: { countryOf: countryDatabase(countriesFile()) } });

export default {
  summary:
    "The transform's core on items of ten events of a real access log, on one core; the limit is to inflate and parse its input and stringify its output",
  unit: "events/s",
  target: { of: "ratio", bound: "at least", is: 0.5 },
  async prepare() {
    const items = (await accessLogItems()).filter(({ kind }) => kind === "events");
    const events = items.reduce((sum, { count }) => sum + count, 0);
    const records = items.map(recordOf);
    const rules: PlanRules = { plan: loadPlan(projectRoot), policies: {} };
    const { lines, poison } = transform(records, enrich, rules);
    if (poison !== undefined || lines.events.length !== events)
      throw new Error(`${events} events must become as many lines, got ${lines.events.length}`);
    const output = [...lines.raw, ...lines.events, ...lines.failed].map((line): unknown => JSON.parse(line));
    const least = (): void => {
      for (const item of items) JSON.parse(textOf(item));
      for (const line of output) JSON.stringify(line);
    };
    const measure = () => compare(events, () => transform(records, enrich, rules), least);
    measure();
    return measure;
  },
} satisfies Case;

/** An item as the stream carries it. */
function recordOf(item: StoredItem, index: number): StreamRecord {
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
