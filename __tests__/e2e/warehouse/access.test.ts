import { LocalRedshift } from "../../local/redshift/support";

const redshift = new LocalRedshift();
const ROLE = "IAMR:analyst";

/** What the role's user is told. @default undefined nothing: it may */
const asRole = async (...sqls: string[]): Promise<string | undefined> =>
  (await redshift.as("arn:aws:iam::000000000000:role/analyst", ...sqls)).error;
const admin = async (...sqls: string[]): Promise<void> => {
  const { error } = await redshift.sql(...sqls);
  if (error !== undefined) throw new Error(`${error} in ${sqls.join("; ")}`);
};

beforeAll(async () => {
  await redshift.start();
  await redshift.deploy();
  await admin(
    "create table events (id integer, secret varchar(10))",
    "create table other (id integer)",
    "create schema mart",
    "create table mart.facts (id integer)",
    "insert into events values (1, 's')",
    "create view shown as select id from events",
    "create view late_shown as select id, secret from public.events with no schema binding",
    "create role reader",
    "create role writer",
  );
});
beforeEach(async () => {
  await asRole("select 1"); // the user is made when it connects first
  for (const table of ["events", "other", "mart.facts", "shown", "late_shown"])
    await admin(`revoke all on ${table} from "${ROLE}"`, `revoke all on ${table} from public`);
  await admin(`revoke all on schema mart from "${ROLE}"`, `revoke role reader from "${ROLE}"`);
});
afterAll(() => redshift.stop());

describe("who connects", () => {
  it("is the user of the role, with the rights of PUBLIC alone", async () => {
    const ran = await redshift.as(
      "arn:aws:iam::000000000000:role/analyst",
      "select current_user, session_user",
    );
    expect(ran.rows).toEqual([[ROLE, ROLE]]);
    expect(await redshift.rows(`select usesuper from pg_user where usename = '${ROLE}'`)).toEqual([[false]]);
    expect(await redshift.rows("select current_user")).toEqual([["IAM:root"]]);
  });
});

describe("what was not granted is refused", () => {
  const read = "permission denied for relation events";
  it.each([
    ["select * from events", read],
    ["select count(*) from events", read],
    ["select 1 from public.events", read],
    ['select * from "EVENTS"', read],
    ['select * from clickstream.public."Events" as e', read],
    ["with e as (select * from events) select count(*) from e", read],
    ["with events as (select 1 as id) select * from events union all select id from public.events", read],
    ["select (select max(id) from events)", read],
    ["select 1 where exists (select 1 from events)", read],
    ["select 1 where 1 in (select id from events)", read],
    ["select * from (select * from (select * from events) as a) as b", read],
    ["select 1 from (select 1 as id) as a join events using (id)", read],
    ["select 1 union select id from events", read],
    ["select * from events pivot (count(*) for id in (1))", read],
    ["explain select * from events", read],
    ["create table copied as select * from events", read],
    ["create view stolen as select * from events", read],
    ["insert into events values (1)", read],
    ["update events set id = 2", read],
    ["delete from events", read],
    ["merge into events using other on events.id = other.id remove duplicates", read],
    ["copy events from 's3://lake/x' iam_role default json 'auto'", read],
    ["unload ('select * from events') to 's3://lake/x' iam_role 'arn:aws:iam::000000000000:role/copy'", read],
    ["lock events", read],
    ["truncate events", "must be owner of relation events"],
    ["drop table events", "must be owner of relation events"],
    ["alter table events add column x integer", "must be owner of relation events"],
    ["alter table events owner to public_user", "must be owner of relation events"],
    ["comment on table events is 'x'", "must be owner of relation events"],
    ["vacuum events", "must be owner of relation events"],
    ["grant select on events to public", read],
    ["select * from mart.facts", "permission denied for schema mart"],
    ["create table mart.mine (n integer)", "permission denied for schema mart"],
    ["create schema mine", "permission denied for database clickstream"],
    ["create user eve password disable", "permission denied to create user"],
    ["create role eve", "permission denied to create role"],
    [`grant role reader to "${ROLE}"`, "permission denied to grant role reader"],
    [`alter user "${ROLE}" createuser`, "permission denied to alter user"],
    ["select * from rs.users", 'relation "rs.users" does not exist'],
    ["delete from pg_user", "permission denied for relation pg_user"],
  ])("%s", async (sql, why) => {
    expect(await asRole(sql)).toBe(`ERROR: ${why}`);
  });

  it("in a search path of its own too", async () => {
    expect(await asRole("set search_path to mart, public", "select * from facts")).toBe(
      "Query #2 failed with ERROR: permission denied for schema mart",
    );
  });
});

describe("what was granted", () => {
  it("to the user, or to everyone, is allowed, until it is revoked", async () => {
    for (const to of [`"${ROLE}"`, "public"]) {
      await admin(`grant select on events to ${to}`);
      expect(await asRole("select * from events")).toBeUndefined();
      expect(await asRole("insert into events values (1, 'x')")).toMatch(/permission denied/);
      await admin(`revoke select on events from ${to}`);
      expect(await asRole("select * from events")).toMatch(/permission denied/);
    }
  });

  it("to a role that its role has, or to its group, is allowed", async () => {
    await admin("grant select on events to role writer", "grant role writer to role reader");
    expect(await asRole("select * from events")).toMatch(/permission denied/);
    await admin(`grant role reader to "${ROLE}"`);
    expect(await asRole("select * from events")).toBeUndefined();
    await admin("revoke all on events from role writer");
    expect(await asRole("select * from events")).toMatch(/permission denied/);
    await admin(
      "create group people",
      `alter group people add user "${ROLE}"`,
      "grant select on events to group people",
    );
    expect(await asRole("select * from events")).toBeUndefined();
    await admin(`alter group people drop user "${ROLE}"`);
    expect(await asRole("select * from events")).toMatch(/permission denied/);
  });

  it("on columns is allowed of these alone", async () => {
    await admin(`grant select (id) on events to "${ROLE}"`);
    expect(await asRole("select id from events where id > 0")).toBeUndefined();
    expect(await asRole("select count(*) from events")).toBeUndefined();
    expect(await asRole("select id from events order by secret")).toMatch(/permission denied/);
    expect(await asRole("select * from events")).toMatch(/permission denied/);
    await admin(`revoke select (id) on events from "${ROLE}"`);
    expect(await asRole("select id from events")).toMatch(/permission denied/);
  });

  it("on a view lets its owner's tables be read through it, and not beside it", async () => {
    await admin(`grant select on shown to "${ROLE}"`, `grant select on late_shown to "${ROLE}"`);
    expect(await asRole("select * from shown")).toBeUndefined();
    expect(await asRole("select * from late_shown")).toBeUndefined();
    expect(await asRole("select secret from events")).toMatch(/permission denied/);
  });

  it("on a view whose owner may not read, reads nothing", async () => {
    await admin(
      "create user maker password disable",
      "create view made as select id from events",
      "alter table made owner to maker",
      `grant select on made to "${ROLE}"`,
    );
    expect(await asRole("select * from made")).toBe("ERROR: permission denied for relation events");
    await admin("grant select on events to maker");
    expect(await asRole("select * from made")).toBeUndefined();
  });

  it("on a schema opens it, but not its tables", async () => {
    await admin(`grant usage on schema mart to "${ROLE}"`);
    expect(await asRole("select * from mart.facts")).toBe("ERROR: permission denied for relation facts");
    await admin(`grant select on all tables in schema mart to "${ROLE}"`);
    expect(await asRole("select * from mart.facts")).toBeUndefined();
    expect(await asRole("create table mart.mine (n integer)")).toMatch(/permission denied for schema mart/);
    await admin(`grant create on schema mart to "${ROLE}"`);
    expect(
      await asRole("create table mart.mine (n integer)", "insert into mart.mine values (1)"),
    ).toBeUndefined();
    expect(await asRole("drop table mart.mine")).toBeUndefined();
  });

  it("by default comes with what is made later", async () => {
    await admin(`alter default privileges in schema mart grant select on tables to "${ROLE}"`);
    await admin("create table mart.later (n integer)", `grant usage on schema mart to "${ROLE}"`);
    expect(await asRole("select * from mart.later")).toBeUndefined();
    await admin(`alter default privileges in schema mart revoke select on tables from "${ROLE}"`);
    await admin("create table mart.latest (n integer)");
    expect(await asRole("select * from mart.latest")).toMatch(/permission denied/);
  });

  it("in a transaction holds in it, and is gone with it", async () => {
    const failed = await redshift.sql(`grant select on events to "${ROLE}"`, "select 'x'::integer");
    expect(failed.status).toBe("FAILED");
    expect(await asRole("select * from events")).toMatch(/permission denied/);
  });

  it("is shown", async () => {
    await admin(`grant select on events to "${ROLE}"`);
    expect(
      await redshift.rows(
        `select namespace_name, relation_name, privilege_type from svv_relation_privileges where identity_name = '${ROLE}' and relation_name = 'events'`,
      ),
    ).toEqual([["public", "events", "SELECT"]]);
    expect(await redshift.rows(`select has_table_privilege('${ROLE}', 'events', 'select')`)).toEqual([
      [true],
    ]);
    expect(await redshift.rows(`select has_table_privilege('${ROLE}', 'events', 'delete')`)).toEqual([
      [false],
    ]);
  });
});

describe("an owner", () => {
  it("does with its own what it likes", async () => {
    expect(
      await asRole(
        "create table mine (n integer)",
        "insert into mine values (1)",
        "alter table mine add column v varchar(3)",
        "grant select on mine to public",
        "create view of_mine as select n from mine",
      ),
    ).toBeUndefined();
    expect(await asRole("truncate mine")).toBeUndefined();
    expect(await asRole("drop table mine cascade")).toBeUndefined();
  });

  it("keeps temporary tables to itself, without a grant", async () => {
    expect(
      await asRole(
        "create temp table t (n integer)",
        "insert into t values (1)",
        "select * from t",
        "drop table t",
      ),
    ).toBeUndefined();
  });

  it("is not dropped while it owns something, or may do something", async () => {
    await admin(
      "create user holder password disable",
      "create table held (n integer)",
      "alter table held owner to holder",
    );
    expect((await redshift.sql("drop user holder")).error).toMatch(/owns some object/);
    await admin('alter table held owner to "IAM:root"', "grant select on held to holder");
    expect((await redshift.sql("drop user holder")).error).toMatch(/has a privilege on some object/);
    await admin("revoke select on held from holder", "drop user holder");
  });
});
