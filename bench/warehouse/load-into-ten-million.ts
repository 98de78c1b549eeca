import type { Case } from "../harness/case";
import { BLOCK_EVENTS, history, newFiles } from "../harness/made-up-events";
import { benchWarehouse, seconds } from "./support";

const EVENTS = 100_000;
const ROWS = 10_000_000;
/** Those that a load's cost could grow with. */
const TABLES = ["events", "all_sessions", "identity_links"];

export default {
  summary:
    "Loading 100,000 events, as the loader does, into a table of 10 million with their sessions; the limit is loading them into an empty one",
  unit: "s",
  target: { of: "ratio", bound: "at most", is: 1.5 },
  async prepare(bench) {
    const warehouse = await benchWarehouse(bench);
    const blocks = ROWS / BLOCK_EVENTS;
    bench.say("making 10 million events (a minute or two)");
    await history(warehouse, blocks);
    // what is loaded goes into the tables that have the names; the others keep what is theirs meanwhile
    const swap = async (put: string, take: string): Promise<void> =>
      warehouse.run(
        ...TABLES.flatMap((table) => [
          `alter table ${table} rename to ${table}_${put}`,
          ...(take === "new"
            ? [`create table ${table} (like ${table}_${put} including defaults)`]
            : [`alter table ${table}_${take} rename to ${table}`]),
        ]),
      );
    await swap("full", "new");
    let run = 0;
    const load = async (): Promise<number> => {
      run += 1;
      const files = await newFiles(warehouse, `run${run}`, { events: EVENTS, after: blocks });
      return await seconds(() => warehouse.load(files));
    };
    const clear = async (): Promise<void> => {
      for (const table of TABLES) await warehouse.query(`truncate table ${table}`);
    };
    const forget = async (): Promise<void> => {
      await warehouse.query(`delete from events where event_id like 'run%'`);
      await warehouse.query(`delete from all_sessions where visitor_id like 'run%'`);
    };
    await load(); // warms up
    await clear();
    return async () => {
      const limit = await load();
      await clear();
      await swap("empty", "full");
      const value = await load();
      const { rows } = await warehouse.query("select count(*) from events");
      if (Number(rows[0]?.[0]) !== ROWS + EVENTS)
        throw new Error(`${ROWS + EVENTS} events must be there, got ${rows[0]?.[0]}`);
      await forget();
      await swap("full", "empty");
      return { value, limit };
    };
  },
} satisfies Case;
