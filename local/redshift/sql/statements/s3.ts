import type { Cursor } from "../cursor";
import { syntaxError, unsupported } from "../error";

/** The address behind FROM or TO. */
export function s3Address(cursor: Cursor, what: string): string {
  const token = cursor.next();
  if (token.kind !== "string") throw syntaxError(token.text, `${what} a quoted s3:// address`);
  if (/^s3:\/\/[^/]+\/./.test(token.text)) return token.text;
  if (/^(emr|dynamodb|ssh):\/\//.test(token.text)) throw unsupported(`COPY from ${token.text}`);
  throw syntaxError(`'${token.text}'`, `${what} s3://bucket/key`);
}

/** The role behind IAM_ROLE; `default` is the namespace's default role. */
export function roleOf(cursor: Cursor): string {
  if (cursor.takes("default")) return "default";
  const role = cursor.string();
  if (role.includes(",")) throw unsupported("a chain of roles");
  return role;
}
