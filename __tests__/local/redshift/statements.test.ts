import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SqlError } from "../../../local/redshift/sql/error";
import { plan } from "../../../local/redshift/sql/statement";
import { tokenize } from "../../../local/redshift/sql/tokens";

interface Listed {
  readonly sql: string;
  readonly accepts: boolean;
  readonly rule: string;
}

const listed = JSON.parse(
  readFileSync(join(__dirname, "redshift-statements.json"), "utf8"),
) as readonly Listed[];
const names = { database: "dev", user: "admin", superColumns: new Set(["payload"]) };

/** Why a statement is not run. @default undefined it would be */
function refusal(sql: string): string | undefined {
  try {
    plan(tokenize(sql), names);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error.message;
    throw error;
  }
}

describe("a statement that Redshift refuses is refused", () => {
  it.each(listed.filter(({ accepts }) => !accepts).map(({ sql, rule }) => [sql, rule]))("%s (%s)", (sql) => {
    expect(refusal(sql)).toMatch(/^ERROR: /);
  });
});

describe("a statement that Redshift accepts is understood, or said to be unsupported here", () => {
  it.each(listed.filter(({ accepts }) => accepts).map(({ sql, rule }) => [sql, rule]))("%s (%s)", (sql) => {
    expect(refusal(sql) ?? "").toMatch(/^$|is not supported by the local warehouse/);
  });
});
