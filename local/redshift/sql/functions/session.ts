import { asText, BOOL, INT4, VARCHAR, varchar } from "../bind/bound";
import { literal } from "../tokens";
import { at, type Spelling, type Spellings, scalar, text } from "./spelling";

/** Who the session is. */
const USER: Spelling = scalar(
  [0],
  (_, { environment }) => ({ sql: literal(environment.user), type: varchar(128) }),
  "current_user",
);

const bytesOf = { name: "varbyte" } as const;

/** @see https://docs.aws.amazon.com/redshift/latest/dg/r_System_information_functions.html */
export const SESSION: Spellings = {
  current_user: USER,
  session_user: { ...USER, label: "session_user" },
  user: USER,
  current_database: scalar([0], (_, { environment }) => ({
    sql: literal(environment.database),
    type: varchar(128),
  })),
  current_schema: scalar([0], (_, { environment }) => ({
    sql: literal(environment.searchPath[0] ?? "public"),
    type: varchar(128),
  })),
  current_user_id: scalar([0], (_, { environment }) => ({
    sql: `rs.user_id(${literal(environment.user)})`,
    type: INT4,
  })),
  version: scalar([0], () => ({
    sql: literal(
      "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.0 (local)",
    ),
    type: VARCHAR,
  })),
  pg_backend_pid: scalar([0], () => ({ sql: "1073741824", type: INT4 })),
  has_table_privilege: privilege("table"),
  has_schema_privilege: privilege("schema"),
  has_database_privilege: privilege("database"),
  user_is_member_of: scalar([2], (args) => ({
    sql: `rs.is_member(${text(args, 0)}, ${text(args, 1)})`,
    type: BOOL,
  })),
  md5: scalar([1], (args) => ({ sql: `md5(${binary(args)})`, type: varchar(32) })),
  sha: scalar([1], (args) => ({ sql: `sha1(${binary(args)})`, type: varchar(40) }), "sha"),
  sha1: scalar([1], (args) => ({ sql: `sha1(${binary(args)})`, type: varchar(40) })),
  func_sha1: scalar([1], (args) => ({ sql: `sha1(${binary(args)})`, type: varchar(40) })),
  sha2: scalar([2], (args, { call }) => {
    const bits = call.args[1];
    const chosen = bits?.kind === "number" ? bits.text : "";
    if (chosen === "0" || chosen === "256") return { sql: `sha256(${binary(args)})`, type: varchar(128) };
    return { sql: `rs_sha2(${binary(args)}, cast(${at(args, 1).sql} as integer))`, type: varchar(128) };
  }),
  to_varbyte: scalar([2], (args) => ({
    sql: `rs_to_bytes(${text(args, 0)}, ${text(args, 1)})`,
    type: bytesOf,
  })),
  from_hex: scalar([1], (args) => ({ sql: `rs_to_bytes(${text(args, 0)}, 'hex')`, type: bytesOf })),
  from_varbyte: scalar([2], (args) => {
    const value = at(args, 0);
    const bytes = value.type.name === "varbyte" ? value.sql : `encode(${asText(value)})`;
    return { sql: `rs_from_bytes(hex(${bytes}), ${text(args, 1)})`, type: VARCHAR };
  }),
};

function binary(args: Parameters<typeof text>[0]): string {
  const value = at(args, 0);
  return value.type.name === "varbyte" ? value.sql : asText(value);
}

/** Whether a user, or the caller, has a privilege. */
function privilege(kind: "table" | "schema" | "database"): Spelling {
  return scalar([2, 3], (args, { environment }) => {
    const user = args.length === 3 ? text(args, 0) : literal(environment.user);
    const [object, asked] = [text(args, args.length - 2), text(args, args.length - 1)];
    return { sql: `rs.has_privilege(${user}, '${kind}', ${object}, ${asked})`, type: BOOL };
  });
}
