import { warehouseTime } from "../../handlers/event/lake";
import type { Rows } from "../../handlers/warehouse/rows";

/** Which rejected events are asked for. */
export interface Wanted {
  readonly reason?: string;
  readonly source?: string;
  /** Received at or after it. */
  readonly since?: Date;
}

/** Rejected events that are alike. */
export interface ReasonCount {
  readonly stage: string;
  readonly reason: string;
  readonly source: string;
  readonly events: number;
  /** Those of them that a replay has brought in since. */
  readonly replayed: number;
  /** When the first and the last were received, UTC, as the warehouse writes times. */
  readonly first_received_at: string;
  readonly last_received_at: string;
}

/** One rejected event. */
export interface Rejection {
  readonly failed_id: string;
  readonly received_at: string;
  readonly source: string;
  readonly protocol: string;
  readonly stage: string;
  readonly reason: string;
  readonly message: string;
  /** What was sent: its first bytes in a sample, all that the warehouse holds of it when one is asked for. */
  readonly payload: string;
  readonly payload_encoding: string;
  readonly replayed: boolean;
}

/** Runs a query with parameters. */
export type Ask = (sql: string, parameters: Readonly<Record<string, string>>) => Promise<Rows>;

/** Characters of a payload that a sample shows. */
export const SAMPLE_CHARACTERS = 160;

/** Counts rejected events by what is alike in them, the most frequent first. */
export async function countRejections(ask: Ask, wanted: Wanted): Promise<ReasonCount[]> {
  const { condition, parameters } = conditionOf(wanted);
  const { rows } = await ask(
    `${withReplayed(condition)}
     select chosen.stage, chosen.reason, chosen.source, count(*), count(replayed.failed_id),
       cast(min(chosen.received_at) as varchar(32)), cast(max(chosen.received_at) as varchar(32))
     from chosen
     left join replayed on replayed.failed_id = chosen.failed_id and replayed.received_at = chosen.received_at
     group by chosen.stage, chosen.reason, chosen.source
     order by 4 desc, 1, 2, 3`,
    parameters,
  );
  return rows.map(([stage, reason, source, events, replayed, first, last]) => ({
    stage: String(stage),
    reason: String(reason),
    source: String(source),
    events: Number(events),
    replayed: Number(replayed),
    first_received_at: String(first),
    last_received_at: String(last),
  }));
}

/** Some rejected events, those received last first, with the beginnings of what was sent. */
export async function sampleRejections(ask: Ask, wanted: Wanted, limit: number): Promise<Rejection[]> {
  const { condition, parameters } = conditionOf(wanted);
  const payload = `substring(chosen.payload, 1, ${SAMPLE_CHARACTERS})`;
  return rejections(await ask(`${rejectionQuery(condition, payload)} limit ${limit}`, parameters));
}

/** The Data API takes 64 KB a row of a result: a payload comes in so many pieces of so many characters. */
const PIECES = 5;
const PIECE_CHARACTERS = 15_000;

/** One rejected event with all that the warehouse holds of it. */
export async function rejectionNamed(ask: Ask, failedId: string): Promise<Rejection | undefined> {
  const parameters = { failed_id: failedId };
  const [rejection] = rejections(
    await ask(`${rejectionQuery("failed_id = :failed_id", "''")} limit 1`, parameters),
  );
  if (rejection === undefined) return undefined;
  const piece = (number: number): string =>
    `select ${number} as piece, substring(payload, ${number * PIECE_CHARACTERS + 1}, ${PIECE_CHARACTERS})
     from (select payload from failed_events where failed_id = :failed_id limit 1) as found`;
  const pieces = Array.from({ length: PIECES }, (_, number) => piece(number)).join(" union all ");
  const { rows } = await ask(`${pieces} order by piece`, parameters);
  return { ...rejection, payload: rows.map(([, text]) => String(text ?? "")).join("") };
}

function rejectionQuery(condition: string, payload: string): string {
  return `${withReplayed(condition)}
    select chosen.failed_id, cast(chosen.received_at as varchar(32)), chosen.source, chosen.protocol, chosen.stage,
      chosen.reason, chosen.message, ${payload}, chosen.payload_encoding,
      case when replayed.failed_id is null then 0 else 1 end
    from chosen
    left join replayed on replayed.failed_id = chosen.failed_id and replayed.received_at = chosen.received_at
    order by chosen.received_at desc, chosen.failed_id`;
}

function rejections({ rows }: Rows): Rejection[] {
  return rows.map(
    ([id, receivedAt, source, protocol, stage, reason, message, payload, encoding, replayed]) => ({
      failed_id: String(id),
      received_at: String(receivedAt),
      source: String(source),
      protocol: String(protocol),
      stage: String(stage),
      reason: String(reason),
      message: String(message),
      payload: String(payload),
      payload_encoding: String(encoding),
      replayed: Number(replayed) === 1,
    }),
  );
}

/** The events that a replay made of a rejection bear its id as the batch they came in. */
function withReplayed(condition: string): string {
  return `with chosen as (
      select * from failed_events where ${condition}
    ),
    replayed as (
      select distinct chosen.failed_id, chosen.received_at
      from chosen
      inner join events on events.batch_id = chosen.failed_id and events.received_at = chosen.received_at
    )`;
}

/** What of the wanted is said, as a condition and the values of its parameters. */
function conditionOf({ reason, source, since }: Wanted) {
  const conditions: string[] = ["true"];
  const parameters: Record<string, string> = {};
  const add = (condition: string, name: string, value: string | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    parameters[name] = value;
  };
  add("reason = :reason", "reason", reason);
  add("source = :source", "source", source);
  add("received_at >= cast(:since as timestamp)", "since", since && warehouseTime(since.toISOString()));
  return { condition: conditions.join(" and "), parameters };
}
