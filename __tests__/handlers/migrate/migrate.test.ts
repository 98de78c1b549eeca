import { migrateHandler } from "../../../handlers/migrate/handler";
import { migrate, pendingOf } from "../../../handlers/migrate/migrate";
import { type Rows, StatementFailed } from "../../../handlers/warehouse/warehouse";

const migration = (
  version: number,
  sql = `create table t${version} (a integer)`,
  checksum = `c${version}`,
) => ({
  version,
  name: `V00${version}__make.sql`,
  sql,
  checksum,
});
const model = (name: string, checksum: string) => ({
  name: `R__${name}.sql`,
  sql: `create or replace view ${name} as select 1`,
  checksum,
});
const files = { migrations: [migration(1), migration(2)], models: [model("m", "x")] };
const now = () => new Date("2026-11-23T09:00:00Z");

/** A warehouse that keeps the ledger and refuses what it is told to. */
class FakeWarehouse {
  ledger: [number | null, string, string][] = [];
  readonly ran: string[] = [];
  readonly existing = new Set<string>();
  refuse: string | undefined;

  async query(sql: string): Promise<Rows> {
    this.ran.push(sql);
    if (sql.startsWith("select version")) return { columns: [], rows: this.ledger };
    if (this.existing.has(sql)) throw new StatementFailed("ERROR: user already exists", sql);
    if (/^(create user|grant role)/.test(sql)) this.existing.add(sql);
    return { columns: [], rows: [] };
  }

  async transaction(sqls: readonly string[]): Promise<void> {
    this.ran.push(...sqls);
    const refused = sqls.find((sql) => this.refuse !== undefined && sql.includes(this.refuse));
    if (refused !== undefined) throw new StatementFailed("ERROR: syntax error", refused);
    const entry = sqls.at(-1)?.match(/select (\S+), '([^']+)', '([^']+)'/);
    if (entry === null || entry === undefined) throw new Error("no line for the ledger");
    const [, version = "", name = "", checksum = ""] = entry;
    this.ledger = this.ledger.filter(([, known]) => known !== name);
    this.ledger.push([version === "null" ? null : Number(version), name, checksum]);
  }
}

describe("a migration", () => {
  it("applies what is new, in its order, and models behind it", async () => {
    const warehouse = new FakeWarehouse();
    expect(await migrate(warehouse, files, {}, now)).toEqual({
      applied: ["V001__make.sql", "V002__make.sql"],
      models: ["R__m.sql"],
      users: [],
    });
    expect(warehouse.ledger).toEqual([
      [1, "V001__make.sql", "c1"],
      [2, "V002__make.sql", "c2"],
      [null, "R__m.sql", "x"],
    ]);
  });

  it("applies nothing twice, and a model again only when it changed", async () => {
    const warehouse = new FakeWarehouse();
    await migrate(warehouse, files, {}, now);
    expect(await migrate(warehouse, files, {}, now)).toEqual({ applied: [], models: [], users: [] });
    const changed = { ...files, models: [model("m", "y")] };
    expect(await migrate(warehouse, changed, {}, now)).toMatchObject({ applied: [], models: ["R__m.sql"] });
    expect(warehouse.ledger).toHaveLength(3);
  });

  it("takes the lock first and writes the ledger in the same transaction", async () => {
    const warehouse = new FakeWarehouse();
    await migrate(warehouse, { migrations: [migration(1)], models: [] }, {}, now);
    const [lock, claim, statement, entry] = warehouse.ran.slice(2);
    expect(lock).toBe("lock table schema_migrations");
    expect(claim).toContain("another deploy has applied it meanwhile");
    expect(statement).toBe("create table t1 (a integer)");
    expect(entry).toContain("insert into schema_migrations");
  });

  it("stops at a failing statement, naming file and statement; what was before it stays", async () => {
    const warehouse = new FakeWarehouse();
    warehouse.refuse = "t2";
    await expect(migrate(warehouse, files, {}, now)).rejects.toThrow(
      /V002__make\.sql was not applied: ERROR: syntax error\nin: create table t2/,
    );
    expect(warehouse.ledger).toEqual([[1, "V001__make.sql", "c1"]]);
  });

  it("makes the roles' users once, and grants them their roles each time", async () => {
    const warehouse = new FakeWarehouse();
    expect(await migrate(warehouse, files, { "env-load": "loader" }, now)).toMatchObject({
      users: ["IAMR:env-load"],
    });
    expect(warehouse.ran).toContain('create user "IAMR:env-load" password disable');
    expect(warehouse.ran).toContain('grant role loader to "IAMR:env-load"');
    expect(await migrate(warehouse, files, { "env-load": "loader" }, now)).toMatchObject({ users: [] });
  });
});

describe("the past", () => {
  it.each([
    ["edited", [[1, "V001__make.sql", "other"]], "V001__make.sql was changed after it was applied"],
    [
      "renamed",
      [[1, "V001__build.sql", "c1"]],
      "V001__make.sql was changed after it was applied as V001__build.sql",
    ],
    ["removed", [[3, "V003__gone.sql", "c3"]], "V003__gone.sql was applied and is missing now"],
  ] as const)("may not be %s", (_, ledger, message) => {
    const applied = ledger.map(([version, name, checksum]) => ({ version, name, checksum }));
    expect(() => pendingOf(files, applied)).toThrow(message);
  });

  it("may lack a model that is gone", () => {
    expect(
      pendingOf({ migrations: [], models: [] }, [{ version: undefined, name: "R__old.sql", checksum: "x" }]),
    ).toEqual({
      migrations: [],
      models: [],
    });
  });
});

describe("Terraform's invocation", () => {
  const did = { applied: ["V001__make.sql"], models: [], users: [] };

  it.each(["create", "update"] as const)("migrates at %s", async (action) => {
    expect(await migrateHandler(async () => did)({ tf: { action } })).toEqual(did);
  });

  it("drops nothing at delete", async () => {
    const run = jest.fn(async () => did);
    await migrateHandler(run)({ tf: { action: "delete" } });
    expect(run).not.toHaveBeenCalled();
  });
});
