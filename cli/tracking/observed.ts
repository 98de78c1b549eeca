import type { Target } from "../environment";
import { query } from "../warehouse";
import type { Observed } from "./infer";

/** Which events are looked at. */
export interface Asked {
  readonly type: Observed["type"];
  /** Names. @default all of the type */
  readonly events: readonly string[];
  /** Names that are left out. */
  readonly except: readonly string[];
  /** From when on they came, ISO 8601 in UTC. */
  readonly since: string;
  readonly source?: string;
  /** At most so many of each name, the latest. */
  readonly sample: number;
}

/** Result rows of the Data API take 64 KB. Larger properties are not looked at. @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html */
const MAX_PROPERTIES_BYTES = 60_000;

/** Looks at what the warehouse has: the names, the most frequent first, with properties of each. */
export async function observe(target: Target, asked: Asked): Promise<Observed[]> {
  const { type, since, source } = asked;
  const where = [
    "event_type = :type",
    "received_at >= cast(:since as timestamp)",
    ...(source === undefined ? [] : ["source = :source"]),
  ].join("\n  and ");
  const parameters = { type, since, ...(source === undefined ? {} : { source }) };
  const { rows } = await query(
    target,
    `select coalesce(event_name, '') as name, count(*) as events from events\nwhere ${where}\ngroup by 1\norder by 2 desc, 1`,
    parameters,
  );
  const names = rows
    .map(([name]) => String(name))
    .filter((name) =>
      asked.events.length === 0 ? !asked.except.includes(name) : asked.events.includes(name),
    );
  const observed: Observed[] = [];
  for (const event of names) {
    const named = event === "" ? "event_name is null" : "event_name = :name";
    const sampled = await query(
      target,
      `select received_at, properties from events\nwhere ${where}\n  and ${named}\n  and (properties is null or json_size(properties) <= ${MAX_PROPERTIES_BYTES})\norder by received_at desc\nlimit ${asked.sample}`,
      event === "" ? parameters : { ...parameters, name: event },
    );
    const [latest] = sampled.rows;
    const earliest = sampled.rows.at(-1);
    if (latest === undefined || earliest === undefined) continue;
    observed.push({
      type,
      event,
      properties: sampled.rows.map(([, properties]) => JSON.parse(String(properties ?? "{}")) as unknown),
      from: String(earliest[0]),
      until: String(latest[0]),
    });
  }
  return observed;
}
