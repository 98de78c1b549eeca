import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LocalRedshift } from "./support";

interface Listed {
  readonly sql: string;
  readonly accepts: boolean;
  readonly rule: string;
}

const listed = JSON.parse(
  readFileSync(join(__dirname, "redshift-statements.json"), "utf8"),
) as readonly Listed[];
const redshift = new LocalRedshift();

/** What the statements speak of. */
const WORLD = [
  "create schema mart",
  `create table mart.orders (order_id integer, customer_id integer, amount decimal(12, 2), status varchar(20),
     order_ts timestamp, payload super, is_test boolean)`,
  "create table mart.staging_orders (order_id integer, customer_id integer, amount decimal(12, 2), status varchar(20), order_ts timestamp, payload super, is_test boolean)",
  "create table mart.customers (customer_id integer, name varchar(100), country varchar(2), manager_id integer, created_on date)",
  "create table mart.x (a integer, b integer)",
  "create table mart.ids (id integer)",
  `insert into mart.orders values (1, 1, 10.5, 'paid', '2024-01-31 10:00:00', json_parse('{"items":[{"sku":"s1"}],"customer":{"name":"n"}}'), false),
     (2, 1, 20, 'open', '2024-02-01', null, true)`,
  "insert into mart.customers values (1, 'ann', 'DE', null, '2020-01-01'), (2, 'bob', 'US', 1, '2021-01-01')",
  "insert into mart.staging_orders values (1, 1, 11, 'paid', '2024-03-01', null, false)",
];

/** What the warehouse says to a statement; what it does is undone, unless it runs in no transaction. */
async function answer(sql: string): Promise<string | undefined> {
  const alone =
    /^\s*(vacuum|create external|begin|commit|rollback|truncate|alter table .* append|alter table .* type)/i.test(
      sql,
    );
  if (alone) return (await redshift.sql(sql)).error;
  const ran = await redshift.sql(sql, "select 'undo'::integer");
  return /^Query #2 failed/.test(ran.error ?? "") ? undefined : ran.error;
}

beforeAll(async () => {
  await redshift.start();
  await redshift.deploy();
  for (const sql of WORLD) {
    const { error } = await redshift.sql(sql);
    if (error !== undefined) throw new Error(`${error} in: ${sql}`);
  }
  for (const sql of ["create role analyst", "create group readers", "create user bob password disable"])
    await redshift.sql(sql);
});
afterAll(() => redshift.stop());

/** Nothing, a refusal by name, or what the statement meets in this world. */
const EXPECTED =
  /^$|not supported by the local warehouse|S3 prefix|"mart.mv_daily" does not exist|role "analyst" already exists|is not associated/;

describe("a statement that Redshift accepts runs, or is said to be unsupported here", () => {
  it.each(listed.filter(({ accepts }) => accepts).map(({ sql, rule }) => [sql, rule]))(
    "%s (%s)",
    async (sql) => {
      expect((await answer(sql)) ?? "").toMatch(EXPECTED);
    },
  );
});
