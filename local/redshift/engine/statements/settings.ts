import { SqlError, unsupported } from "../../sql/error";
import type { Plan } from "../../sql/plan";
import { runQuery } from "../results";
import type { Session } from "../transactions/session";
import type { Outcome } from "../transactions/work";
import type { Answer } from "./query";

/** What a session may set, and what that means here. */
export interface Settings {
  readonly searchPath: readonly string[];
  /** 0 is no limit. */
  readonly statementTimeoutMs: number;
  /** Labels, which nothing depends on. */
  readonly labels: Readonly<Record<string, string>>;
}

export const DEFAULT_SETTINGS: Settings = {
  searchPath: ["$user", "public"],
  statementTimeoutMs: 0,
  labels: {},
};

/** Settings that say nothing about an answer. */
const LABELS = [
  "query_group",
  "application_name",
  "enable_result_cache_for_session",
  "wlm_query_slot_count",
  "describe_field_name_in_uppercase",
];

/** Settings that may be set to what they are, and to nothing else. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  timezone: ["utc", "gmt"],
  datestyle: ["iso", "iso, mdy"],
  enable_case_sensitive_identifier: ["false", "off"],
  enable_case_sensitive_super_attribute: ["false", "off"],
  navigate_super_null_on_error: ["true", "on"],
  cast_super_null_on_error: ["true", "on"],
  downcase_delimited_identifier: ["true", "on"],
  client_encoding: ["utf8", "utf-8", "unicode"],
  extra_float_digits: ["0", "2", "3"],
};

/** SET and RESET. */
export function set(session: Session, { name, value }: Extract<Plan, { kind: "set" }>): void {
  const text = value.join(", ");
  if (name === "search_path") {
    const searchPath =
      value.length === 0 ? DEFAULT_SETTINGS.searchPath : value.map((schema) => schema.toLowerCase());
    session.settings = { ...session.settings, searchPath };
  } else if (name === "statement_timeout") {
    const ms = value.length === 0 ? 0 : Number(text);
    if (!Number.isInteger(ms) || ms < 0)
      throw new SqlError(`invalid value for parameter "statement_timeout": "${text}"`);
    session.settings = { ...session.settings, statementTimeoutMs: ms };
  } else if (LABELS.includes(name)) {
    session.settings = { ...session.settings, labels: { ...session.settings.labels, [name]: text } };
  } else if (FIXED[name]?.includes(text.toLowerCase()) !== true && value.length > 0)
    throw unsupported(`SET ${name} TO ${text}`);
  else if (!Object.hasOwn(FIXED, name)) throw unsupported(`SET ${name}`);
}

/** SHOW of a setting. */
export async function show(session: Session, name: string, answer: Answer): Promise<Outcome> {
  const { searchPath, statementTimeoutMs, labels } = session.settings;
  const known: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      LABELS.map((label) => [label, labels[label] ?? (label === "query_group" ? "unset" : "")]),
    ),
    search_path: searchPath.join(", "),
    statement_timeout: String(statementTimeoutMs),
    timezone: "UTC",
    datestyle: "ISO, MDY",
    server_version: "8.0.2",
    client_encoding: "UTF8",
    enable_case_sensitive_identifier: "off",
  };
  if (!Object.hasOwn(known, name)) throw unsupported(`SHOW ${name}`);
  const sql = `select '${(known[name] ?? "").replaceAll("'", "''")}'`;
  const result = await runQuery(session.connection, sql, [{ name, type: { name: "varchar" } }], answer);
  return { rows: result.rows, result };
}
