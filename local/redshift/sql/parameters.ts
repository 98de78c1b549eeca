import { SqlError } from "./error";
import type { Token } from "./tokens";

/** Values of a call's `:name` parameters, by name. */
export type Parameters = ReadonlyMap<string, string>;

/**
 * Puts the values in: each is text without a type of its own, typed by where it stands, as a literal is.
 * @param used collects the names that were met.
 * @throws {SqlError} for a parameter that has no value.
 */
export function bind(tokens: readonly Token[], values: Parameters, used: Set<string>): Token[] {
  return tokens.map((token) => {
    if (token.kind !== "parameter") return token;
    const text = values.get(token.text);
    if (text === undefined) throw new SqlError(`Cannot find parameter: ${token.text}`);
    used.add(token.text);
    return { kind: "string", text, at: token.at };
  });
}
