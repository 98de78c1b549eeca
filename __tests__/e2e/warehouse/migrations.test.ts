import type { Migration } from "../../../handlers/migrate/files";
import { LOADER, PATIENCE_MS, PipelineWarehouse, REPLAYER } from "./harness";

const pipeline = new PipelineWarehouse();
jest.setTimeout(PATIENCE_MS);
beforeAll(() => pipeline.start());
afterAll(() => pipeline.stop());

const next = (more: Partial<Migration>): Migration => ({
  version: 900,
  name: "V900__do_more.sql",
  statements: ["create table more (n integer)"],
  checksum: "c",
  transactional: true,
  ...more,
});
const withNext = (more: Partial<Migration>) => ({
  ...pipeline.files,
  migrations: [...pipeline.files.migrations, next(more)],
});

describe("the project's migrations, on the real engine", () => {
  it("are applied once when two deploys run at once, and make the loader's user", async () => {
    const both = await Promise.all([pipeline.migrate(), pipeline.migrate()]);
    expect(both.flatMap(({ users }) => users)).toEqual([`IAMR:${LOADER}`, `IAMR:${REPLAYER}`]);
    const ledger = await pipeline.rows(
      "select name, count(*) from schema_migrations group by name order by 1",
    );
    const names = [...pipeline.files.migrations, ...pipeline.files.models].map(({ name }) => name).sort();
    expect(ledger).toEqual(names.map((name) => [name, 1]));
    expect(await pipeline.migrate()).toEqual({ applied: [], models: [], settings: "unchanged", users: [] });
    expect(await pipeline.rows("select user_name, role_name from svv_user_grants order by 1")).toEqual([
      [`IAMR:${LOADER}`, "loader"],
      [`IAMR:${REPLAYER}`, "replayer"],
    ]);
  });

  it("write down what was applied, when, and how long it took", async () => {
    const [line] = await pipeline.rows(
      "select version, name, len(checksum), duration_ms >= 0, applied_at <= getdate() from schema_migrations where version = 1",
    );
    expect(line).toEqual([1, "V001__create_events.sql", 64, true, true]);
  });

  it("leave nothing of a file of which a statement fails, and name both in the warehouse's words", async () => {
    const statements = ["create table half (n integer)", "insert into half values ('x')"];
    await expect(pipeline.migrate({}, withNext({ statements }))).rejects.toThrow(
      /V900__do_more.sql was not applied: ERROR: .*integer.*\nin: insert into half/s,
    );
    expect((await pipeline.redshift.sql("select * from half")).error).toMatch(/does not exist/);
    expect(await pipeline.rows("select count(*) from schema_migrations where version = 900")).toEqual([[0]]);
    expect(await pipeline.rows("select count(*) from sessions")).toEqual([[0]]);
  });

  it("run what takes no transaction alone, and make all models anew behind a migration", async () => {
    const vacuum = withNext({ statements: ["vacuum events"], transactional: false });
    expect(await pipeline.migrate({}, vacuum)).toMatchObject({
      applied: ["V900__do_more.sql"],
      models: pipeline.files.models.map(({ name }) => name),
    });
    expect(await pipeline.rows("select duration_ms >= 0 from schema_migrations where version = 900")).toEqual(
      [[true]],
    );
    expect(await pipeline.migrate({}, vacuum)).toMatchObject({ applied: [], models: [] });
    await expect(pipeline.migrate()).rejects.toThrow("V900__do_more.sql was applied and is missing now");
  });
});
