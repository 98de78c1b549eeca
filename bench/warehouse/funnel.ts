import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../harness/case";
import { BLOCK_EVENTS, history } from "../harness/made-up-events";
import { benchWarehouse, seconds } from "./support";

const ROWS = 5_000_000;
const question = join(__dirname, "..", "..", "sql", "queries", "funnel.sql");
const parameters = {
  steps: "/ > /products > /cart > /checkout",
  minutes: "1440",
  from_day: "2000-01-01",
  to_day: "2099-12-31",
};

/** What a funnel cannot do without: the order of each visitor's events. */
const LEAST = `select count(distinct visitor_id) from (
  select visitor_id, max(event_time) over (
    partition by visitor_id order by event_time, event_id rows between unbounded preceding and 1 preceding
  ) as before
  from marked_events
  where page_path in ('/', '/products', '/cart', '/checkout')
) as ordered where before is not null`;

export default {
  summary:
    "A funnel of four steps over 5 million events, by the question of that name through the Data API; the limit is to put the same steps in order by visitor",
  unit: "s",
  target: { of: "value", bound: "at most", is: 2 },
  async prepare(bench) {
    const warehouse = await benchWarehouse(bench);
    bench.say("making 5 million events (about a minute)");
    await history(warehouse, ROWS / BLOCK_EVENTS);
    const sql = readFileSync(question, "utf8");
    const measure = async () => {
      const limit = await seconds(() => warehouse.query(LEAST));
      const value = await seconds(async () => {
        const { rows } = await warehouse.query(sql, parameters);
        if (rows.length !== 4 || Number(rows[3]?.[2]) === 0)
          throw new Error(`four steps must be reached, got ${JSON.stringify(rows)}`);
      });
      return { value, limit };
    };
    await measure(); // warms up
    return measure;
  },
} satisfies Case;
