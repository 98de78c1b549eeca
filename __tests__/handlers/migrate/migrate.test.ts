import type { WarehouseConfiguration } from "../../../handlers/migrate/env";
import { migrate } from "../../../handlers/migrate/migrate";
import { patience } from "../patience";
import { FakeWarehouse, filesOf, migration, model } from "./fake-warehouse";

const files = filesOf([migration(1), migration(2)], [model("m", "x")]);
const configuration: WarehouseConfiguration = {
  users: {},
  sessionMinutes: 30,
  timeZone: "UTC",
  internalTraffic: {},
};
const run = (warehouse: FakeWarehouse, given = files, more: Partial<WarehouseConfiguration> = {}) =>
  migrate(
    given,
    { ...configuration, ...more },
    {
      warehouse,
      waiting: patience(60_000),
      random: () => 1,
      now: () => new Date("2026-11-23T09:00:00Z"),
    },
  );
const nothing = { applied: [], models: [], settings: "unchanged", users: [] };

describe("a migration", () => {
  it("applies what is new, in its order, and models behind it", async () => {
    const warehouse = new FakeWarehouse();
    expect(await run(warehouse)).toEqual({
      applied: ["V001__make.sql", "V002__make.sql"],
      models: ["R__m.sql"],
      settings: "sessions rebuilt",
      users: [],
    });
    expect(warehouse.ledger.map(([version, name, checksum]) => [version, name, checksum])).toEqual([
      [1, "V001__make.sql", "c1"],
      [2, "V002__make.sql", "c2"],
      [null, "R__m.sql", "x"],
    ]);
    expect(await run(warehouse)).toEqual(nothing);
  });

  it("takes the lock first and writes the ledger in the same transaction", async () => {
    const warehouse = new FakeWarehouse();
    await run(warehouse, filesOf([migration(1)]));
    const [lock, claim, statement, models, entry] = warehouse.transactions[0] ?? [];
    expect(lock).toBe("lock table schema_migrations");
    expect(claim).toContain("another deploy has applied it meanwhile");
    expect(statement).toBe("create table t1 (a integer)");
    expect(models).toBe("delete from schema_migrations where version is null");
    expect(entry).toContain("insert into schema_migrations");
  });

  it("stops at a failing statement, naming file and statement; what was before it stays", async () => {
    const warehouse = new FakeWarehouse();
    warehouse.refuse = "t2";
    await expect(run(warehouse)).rejects.toThrow(
      /V002__make\.sql was not applied: ERROR: syntax error\nin: create table t2/,
    );
    expect(warehouse.ledger.map(([, name]) => name)).toEqual(["V001__make.sql"]);
  });

  it("takes for done what another deploy has applied while it waited", async () => {
    const warehouse = new FakeWarehouse();
    warehouse.meanwhile = () => warehouse.ledger.push([1, "V001__make.sql", "c1", 5]);
    await run(warehouse);
    expect(warehouse.ran.filter((sql) => sql.startsWith("create table t"))).toEqual([
      "create table t2 (a integer)",
    ]);
  });

  it("fails when another deploy has applied another file under its name", async () => {
    const warehouse = new FakeWarehouse();
    warehouse.meanwhile = () => warehouse.ledger.push([1, "V001__make.sql", "other", 5]);
    await expect(run(warehouse)).rejects.toThrow(
      "V001__make.sql was not applied: another deploy is applying it",
    );
  });

  it("changes nothing when the past was changed", async () => {
    const warehouse = new FakeWarehouse();
    await run(warehouse);
    warehouse.transactions.length = 0;
    const edited = filesOf([migration(1, { checksum: "edited" }), migration(3)], []);
    await expect(run(warehouse, edited)).rejects.toThrow(
      /V001__make.sql was changed after it was applied.*\nV002__make.sql was applied and is missing/,
    );
    expect(warehouse.transactions).toEqual([]);
  });
});

describe("a migration that runs in no transaction", () => {
  const vacuum = filesOf([migration(1, { transactional: false, statements: ["vacuum events"] })]);

  it("is claimed before and written down behind", async () => {
    const warehouse = new FakeWarehouse();
    expect(await run(warehouse, vacuum)).toMatchObject({ applied: ["V001__make.sql"] });
    expect(warehouse.transactions.flat()).not.toContain("vacuum events");
    expect(warehouse.ran).toContain("vacuum events");
    expect(warehouse.ledger).toEqual([[1, "V001__make.sql", "c1", 5]]);
  });

  it("leaves no claim when it fails", async () => {
    const warehouse = new FakeWarehouse();
    warehouse.refuse = "vacuum";
    await expect(run(warehouse, vacuum)).rejects.toThrow(
      "V001__make.sql was not applied: ERROR: syntax error",
    );
    expect(warehouse.ledger).toEqual([]);
  });

  it("is run again when a deploy died in it", async () => {
    const warehouse = new FakeWarehouse();
    warehouse.ledger.push([1, "V001__make.sql", "c1", -1]);
    expect(await run(warehouse, vacuum)).toMatchObject({ applied: ["V001__make.sql"] });
    expect(warehouse.ledger).toEqual([[1, "V001__make.sql", "c1", 5]]);
  });
});

describe("models", () => {
  const chain = (checksum: string) =>
    filesOf([], [model("base", checksum), model("beside", "s"), model("top", "t", ["base"])]);

  it("are made anew when they change, with those that read them", async () => {
    const warehouse = new FakeWarehouse();
    await run(warehouse, chain("one"));
    expect(await run(warehouse, chain("two"))).toMatchObject({ models: ["R__base.sql", "R__top.sql"] });
    expect(warehouse.ledger).toHaveLength(3);
    expect(await run(warehouse, chain("two"))).toMatchObject({ models: [] });
  });

  it("are all made anew behind a migration", async () => {
    const warehouse = new FakeWarehouse();
    await run(warehouse);
    const more = filesOf([...files.migrations, migration(3)], files.models);
    expect(await run(warehouse, more)).toMatchObject({ applied: ["V003__make.sql"], models: ["R__m.sql"] });
  });

  it("are made by a later deploy when this one ends behind the migration", async () => {
    const warehouse = new FakeWarehouse();
    await run(warehouse);
    const more = filesOf([...files.migrations, migration(3)], files.models);
    warehouse.refuse = "create view";
    await expect(run(warehouse, more)).rejects.toThrow("R__m.sql was not applied: ERROR: syntax error");
    warehouse.refuse = undefined;
    expect(await run(warehouse, more)).toMatchObject({ applied: [], models: ["R__m.sql"] });
  });

  it("are left to another deploy that was faster", async () => {
    const warehouse = new FakeWarehouse();
    warehouse.meanwhile = () => warehouse.ledger.push([null, "R__m.sql", "x", 5]);
    expect(await run(warehouse, filesOf([], files.models))).toMatchObject({ models: [] });
  });

  it("go in as many transactions as their statements need", async () => {
    const warehouse = new FakeWarehouse();
    const many = Array.from({ length: 20 }, (_, n) => ({
      ...model(`m${n}`, "x"),
      statements: ["drop", "create", "grant"],
    }));
    await run(warehouse, filesOf([], many));
    const sizes = warehouse.transactions.slice(0, -1).map((sqls) => sqls.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(40);
    expect(sizes).toHaveLength(2);
  });
});

describe("settings", () => {
  it("build sessions anew only when they change what a session is", async () => {
    const warehouse = new FakeWarehouse();
    expect(await run(warehouse, filesOf([]))).toMatchObject({ settings: "sessions rebuilt" });
    expect(await run(warehouse, filesOf([]), { timeZone: "Europe/Berlin" })).toMatchObject({
      settings: "changed",
    });
    expect(
      await run(warehouse, filesOf([]), { timeZone: "Europe/Berlin", internalTraffic: { hosts: ["h'"] } }),
    ).toMatchObject({ settings: "sessions rebuilt" });
    expect(warehouse.transactions.at(-1)).toEqual([
      "lock table load_lock",
      "delete from settings",
      expect.stringContaining("insert into settings"),
      "delete from internal_traffic",
      "insert into internal_traffic (kind, lowest, highest) values ('host', 'h''', 'h''')",
      "rebuild",
    ]);
  });
});

describe("users", () => {
  it("of roles are made once, and granted their roles each time", async () => {
    const warehouse = new FakeWarehouse();
    const users = { "env-load": "loader", people: "reader" } as const;
    expect(await run(warehouse, filesOf([]), { users })).toMatchObject({
      users: ["IAMR:env-load", "IAMR:people"],
    });
    expect(warehouse.ran).toContain('create user "IAMR:env-load" password disable');
    expect(warehouse.ran).toContain('grant role loader to "IAMR:env-load"');
    expect(warehouse.ran).toContain('grant role reader to "IAMR:people"');
    expect(await run(warehouse, filesOf([]), { users })).toMatchObject({ users: [] });
  });
});
