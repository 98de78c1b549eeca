import type { PipelineWarehouse } from "./harness";
import { event, LOADER } from "./harness";

/** What the loader's database user may do: what a load needs, and nothing else. */
export function rightsTests(pipeline: PipelineWarehouse): void {
  const loader = `arn:aws:iam::000000000000:role/${LOADER}`;
  const asLoader = async (sql: string) => (await pipeline.redshift.as(loader, sql)).error;

  describe("the loader's user", () => {
    it("may do all that a load does", async () => {
      const file = pipeline.file(
        "events/dt=2024-01-01/hour=10/a.gz",
        event({ event_time: "2024-01-01 10:00:00" }),
      );
      expect((await pipeline.load(file)).loaded).toHaveLength(1);
    });

    it.each([
      ["drop table events", /must be owner of relation events/],
      ["truncate table events", /must be owner of relation events/],
      ["alter table events add column secret varchar(10)", /must be owner of relation events/],
      ["delete from events", /permission denied for relation events/],
      ["update events set user_id = 'x'", /permission denied for relation events/],
      ["delete from load_ledger", /permission denied for relation load_ledger/],
      ["update load_ledger set load_id = 'x'", /permission denied for relation load_ledger/],
      ["delete from load_counts", /permission denied for relation load_counts/],
      ["delete from schema_migrations", /permission denied for relation schema_migrations/],
      ["insert into settings select * from settings", /permission denied for relation settings/],
      ["select * from users", /permission denied for relation users/],
      ["grant select on events to public", /permission denied for relation events/],
      ["grant role steward to role loader", /permission denied to grant role steward/],
      [`alter user "IAMR:${LOADER}" createuser`, /permission denied to alter user/],
      ["create user intruder password disable", /permission denied to create user/],
      ["create role intruders", /permission denied to create role/],
      ["create schema elsewhere", /permission denied for database/],
      ["create table elsewhere (n integer)", /permission denied for schema public/],
      ["create view elsewhere as select event_id from events", /permission denied for schema public/],
    ])("may not: %s", async (sql, reason) => {
      expect(await asLoader(sql)).toMatch(reason);
    });
  });
}
