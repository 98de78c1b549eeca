import type { Migration, Model, SqlFiles } from "../../../handlers/migrate/files";
import { StatementFailed } from "../../../handlers/warehouse/failure";
import type { Rows } from "../../../handlers/warehouse/rows";

export const migration = (version: number, more: Partial<Migration> = {}): Migration => ({
  version,
  name: `V00${version}__make.sql`,
  statements: [`create table t${version} (a integer)`],
  checksum: `c${version}`,
  transactional: true,
  ...more,
});

export const model = (name: string, checksum: string, reads: readonly string[] = []): Model => ({
  name: `R__${name}.sql`,
  statements: [`create view ${name}`],
  checksum,
  reads: reads.map((read) => `R__${read}.sql`),
});

export const filesOf = (migrations: readonly Migration[], models: readonly Model[] = []): SqlFiles => ({
  migrations,
  models,
  rebuild: ["rebuild"],
});

type Line = [version: number | null, name: string, checksum: string, durationMs: number];

/** A warehouse that keeps the ledger and refuses what it is told to. */
export class FakeWarehouse {
  ledger: Line[] = [];
  settings: [string, string][] = [];
  readonly ran: string[] = [];
  readonly transactions: (readonly string[])[] = [];
  readonly existing = new Set<string>();
  /** A text in a statement that fails. */
  refuse: string | undefined;
  /** What another deploy does before the next transaction. */
  meanwhile: (() => void) | undefined;

  readonly query = async (sql: string): Promise<Rows> => {
    this.ran.push(sql);
    this.#refuse([sql]);
    if (sql.startsWith("select version")) return { columns: [], rows: this.ledger };
    if (sql.startsWith("select time_zone")) return { columns: [], rows: this.settings };
    if (this.existing.has(sql)) throw new StatementFailed("ERROR: user already exists", sql);
    if (/^(create user|grant role)/.test(sql)) this.existing.add(sql);
    return { columns: [], rows: [] };
  };

  readonly transaction = async (sqls: readonly string[]) => {
    this.meanwhile?.();
    this.meanwhile = undefined;
    this.transactions.push(sqls);
    this.#claim(sqls[1] ?? "");
    this.#refuse(sqls);
    this.ran.push(...sqls);
    for (const sql of sqls) this.#change(sql);
    return { id: "t", sessionId: undefined, rows: async () => ({ columns: [], rows: [] }) };
  };

  #refuse(sqls: readonly string[]): void {
    const index = sqls.findIndex((sql) => this.refuse !== undefined && sql.includes(this.refuse));
    if (index >= 0) throw new StatementFailed("ERROR: syntax error", sqls[index], index);
  }

  #claim(sql: string): void {
    if (!sql.includes("another deploy")) return;
    const taken = [...sql.matchAll(/name = '([^']+)'(?: and checksum = '([^']+)')?/g)].some(
      ([, name, checksum]) =>
        this.ledger.some(
          (line) =>
            line[1] === name &&
            (checksum === undefined || line[2] === checksum) &&
            (line[3] !== -1 || !sql.includes("dateadd")),
        ),
    );
    if (taken) throw new StatementFailed("ERROR: another deploy has applied it meanwhile", sql, 1);
  }

  #change(sql: string): void {
    if (sql.startsWith("delete from schema_migrations"))
      this.ledger = this.ledger.filter(
        ([version, name]) =>
          !(sql.includes(`'${name}'`) || (version === null && sql.includes("version is null"))),
      );
    if (sql.startsWith("insert into schema_migrations"))
      for (const [, version = "", name = "", checksum = "", duration = ""] of sql.matchAll(
        /\((null|\d+), '([^']+)', '([^']+)', (-1|greatest)/g,
      ))
        this.ledger.push([
          version === "null" ? null : Number(version),
          name,
          checksum,
          duration === "-1" ? -1 : 5,
        ]);
    const [, zone, checksum] = /insert into settings .*'([^']+)', '([^']+)'\)/.exec(sql) ?? [];
    if (zone !== undefined && checksum !== undefined) this.settings = [[zone, checksum]];
  }
}
