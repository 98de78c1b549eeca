import { SqlError, syntaxError, unsupported } from "../error";
import { is, type Token } from "../tokens";
import { FRAMED } from "./functions";
import { CLAUSES_ELSEWHERE, NO_SUCH_CLAUSE, RESERVED_NAMES } from "./words";

/** Refuses a word that no query of Redshift's has here. */
export function refuseWord({ text }: Token, next: Token | undefined): void {
  const reason = NO_SUCH_CLAUSE.get(text);
  if (reason !== undefined && !is(next, ".")) throw syntaxError(text, reason);
  const elsewhere = CLAUSES_ELSEWHERE.get(text);
  if (elsewhere !== undefined) throw unsupported(elsewhere);
  if (RESERVED_NAMES.has(text))
    throw syntaxError(text, "it is a reserved word; as a name it must be delimited");
  if (text === "array" && is(next, "[")) throw syntaxError("[", "Redshift has no ARRAY[…]");
  if (text === "if" && is(next, "(")) throw new SqlError("function if does not exist");
}

/** Refuses what other databases let follow a keyword that Redshift has too. */
export function refuseClause({ text }: Token, next: Token | undefined, after: Token | undefined): void {
  if (text === "distinct" && is(next, "on") && is(after, "("))
    throw syntaxError("on", "Redshift has no DISTINCT ON");
  if (text === "distinct" && is(next, "from"))
    throw syntaxError("distinct", "Redshift has no IS DISTINCT FROM");
  const byName = is(next, "all") ? is(after, "by") : is(next, "by") && is(after, "name");
  if (["union", "except", "intersect"].includes(text) && byName)
    throw syntaxError("by", "Redshift has no BY NAME");
  if (text === "order" && is(next, "by") && is(after, "all"))
    throw syntaxError("all", "Redshift has no ORDER BY ALL");
  if (["except", "intersect", "minus"].includes(text) && is(next, "all"))
    throw syntaxError("all", `Redshift has no ${text.toUpperCase()} ALL`);
  if (text === "for" && is(next, "update", "share")) throw syntaxError("for", "Redshift has no FOR UPDATE");
  if (text === "into") throw unsupported("SELECT INTO (use CREATE TABLE AS)");
  if (text === "using" && is(next, "sample")) throw syntaxError("sample", "Redshift has no USING SAMPLE");
  if (text === "row" && is(next, "(")) throw syntaxError("row", "Redshift has no row constructors");
  if (text === "exclude" && !is(next, "(")) throw unsupported("EXCLUDE without parentheses");
}

/** QUALIFY wants the relation right before it to have an alias: `from a.b as c qualify …`. */
export function refuseQualify(tokens: readonly Token[], qualify: number): void {
  let at = qualify - 1;
  while (is(tokens[at - 1], ".")) at -= 2;
  if (is(tokens[at - 1], "from", "join"))
    throw syntaxError("qualify", "the relation before it needs an alias");
}

/** Refuses the windows that Redshift does not have. */
export function refuseWindow(name: string, inside: readonly Token[], window: readonly Token[]): void {
  if (is(inside[0], "distinct")) throw syntaxError("distinct", "no DISTINCT in a window function");
  if (topLevel(window, "range") >= 0 || topLevel(window, "groups") >= 0)
    throw syntaxError("range", "Redshift's window frames are ROWS");
  const ordered = topLevel(window, "order") >= 0;
  if (ordered && topLevel(window, "rows") < 0 && FRAMED.has(name))
    throw new SqlError("Aggregate window functions with an ORDER BY clause require a frame clause");
}

/** Where a word stands outside of parentheses. @default -1 nowhere */
export function topLevel(tokens: readonly Token[], word: string): number {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (is(token, "(")) depth++;
    if (is(token, ")")) depth--;
    return depth === 0 && is(token, word);
  });
}
