import { readFileSync } from "node:fs";
import { openEnvironment } from "../environment";
import { table, UserError } from "../terminal";
import { query as runQuery } from "../warehouse";
import type { Verb } from "./index";

/** `npm run query`: one statement for the warehouse. */
export const query: Verb = {
  summary: "Ask the warehouse",
  usage: '"select …"   (or - to read the statement from standard input)',
  details: "The statement goes through the Redshift Data API, as it would from any other client.",
  async run(call) {
    const [given] = call.arguments;
    if (given === undefined || call.arguments.length > 1)
      throw new UserError('Give one statement, in quotes: npm run query -- "select count(*) from events"');
    const sql = given === "-" ? readFileSync(0, "utf8") : given;
    const target = await openEnvironment(call);
    const result = await runQuery(target, sql);
    if (call.json) {
      console.log(JSON.stringify(result));
      return 0;
    }
    if (result.columns.length > 0) console.log(table(result.columns, result.rows));
    console.log(`${result.rows.length} ${result.rows.length === 1 ? "row" : "rows"}`);
    return 0;
  },
};
