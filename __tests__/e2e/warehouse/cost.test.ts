import type { DuckDBConnection } from "@duckdb/node-api";
import { Database } from "../../../local/redshift/engine/database";
import { event, PATIENCE_MS, PipelineWarehouse } from "./harness";

/** The engine's plan of a statement that ran. */
interface Operator {
  readonly operator_rows_scanned?: number;
  readonly children?: readonly Operator[];
}

const pipeline = new PipelineWarehouse();
let scanned: number | undefined;

/** Has every write tell how many rows it scanned, while that is asked for. */
function observe(connection: DuckDBConnection): DuckDBConnection {
  const { run } = connection;
  connection.run = async (sql, ...rest) => {
    // What has values of the engine's own is the engine's own.
    if (scanned === undefined || rest.length > 0 || !/^(insert|delete)/.test(sql))
      return run.call(connection, sql, ...rest);
    const reader = await connection.runAndReadAll(`explain (analyze, format json) ${sql}`);
    const plan = JSON.parse(String(reader.getRows()[0]?.[1])) as readonly Operator[] | Operator;
    scanned += [plan].flat().reduce((sum, each) => sum + rowsScanned(each), 0);
    return run.call(connection, "select 1");
  };
  return connection;
}

function rowsScanned({ operator_rows_scanned = 0, children = [] }: Operator): number {
  return children.reduce((sum, each) => sum + rowsScanned(each), operator_rows_scanned);
}

jest.setTimeout(PATIENCE_MS);
beforeAll(async () => {
  const { connect } = Database.prototype;
  jest.spyOn(Database.prototype, "connect").mockImplementation(async function (this: Database) {
    return observe(await connect.call(this));
  });
  await pipeline.start();
  await pipeline.migrate();
});
afterAll(() => pipeline.stop());

/** The engine skips blocks of so many rows. */
const BLOCK = 122_880;

/** Twelve days of history, 20,000 events a day, and as many sessions. */
async function history(): Promise<void> {
  await pipeline.rows("create table numbers (n integer)");
  await pipeline.rows(
    `insert into numbers values ${Array.from({ length: 200 }, (_, n) => `(${n})`).join(", ")}`,
  );
  await pipeline.rows(
    `insert into events (event_id, batch_id, event_type, event_time, received_at, anonymous_id, source, protocol,
       schema_version)
     select 'old' || cast(number as varchar(16)), 'b', 'page', at, at, visitor, 'web', 'segment', 1
     from (
       select days.n * 20000 + steps.n * 100 + parts.n as number, 'v' || cast(steps.n as varchar(16)) as visitor,
         dateadd(second, parts.n, dateadd(minute, steps.n * 7,
           dateadd(day, days.n - 12, cast('2026-03-01 00:00:00' as timestamp)))) as at
       from numbers as days
       cross join numbers as steps
       cross join numbers as parts
       where days.n < 12 and parts.n < 100
     ) as made
     order by at`,
  );
  await pipeline.rows(
    `insert into all_sessions (session_id, visitor_id, traffic, started_at, ended_at, last_event_id, events, views,
       source, received_at)
     select event_id, anonymous_id, 'people', event_time, event_time, event_id, 1, 1, 'web', received_at
     from events
     order by event_time`,
  );
}

describe("a load", () => {
  it("reads what lies near its lines, however much there is before", async () => {
    await history();
    expect(await pipeline.rows("select count(*) from all_sessions")).toEqual([[240_000]]);
    const lines = Array.from({ length: 500 }, (_, n) =>
      event({
        event_time: "2026-03-01 00:10:00",
        anonymous_id: `v${n % 200}`,
        event_id: `old${n * 479}-new`,
      }),
    );
    scanned = 0;
    const { loaded } = await pipeline.load(
      pipeline.file("events/dt=2026-03-01/hour=00/a.gz", ...lines, lines[0] ?? {}),
    );
    expect(loaded).toHaveLength(1);
    // Two days are 40,000 rows, in a block or two.
    expect(scanned).toBeGreaterThan(40_000);
    expect(scanned).toBeLessThan(1.5 * BLOCK + 20 * lines.length);
    scanned = undefined;
    expect(await pipeline.rows("select sum(inserted), sum(dropped) from load_counts")).toEqual([[500, 1]]);
    expect(await pipeline.rows("select sum(events) from all_sessions")).toEqual([[240_500]]);
  });
});
