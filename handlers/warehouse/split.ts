/**
 * The statements of a file of SQL, without the semicolons between them. Comments stay with the statement they
 * precede; a piece that is nothing but comments is no statement.
 */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let start = 0;
  let hasCode = false;
  const close = (end: number): void => {
    if (hasCode) statements.push(sql.slice(start, end).trim());
    start = end + 1;
    hasCode = false;
  };
  for (const token of sql.matchAll(TOKEN)) {
    const [text] = token;
    if (text === ";") close(token.index);
    else if (!text.startsWith("--") && !text.startsWith("/*") && text.trim() !== "") hasCode = true;
  }
  close(sql.length);
  return statements;
}

/** Comments, strings, quoted names and dollar-quoted strings are each one token: what they hold does not count. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;|[^-/'"$;]+|[-/'"$]/g;

/** A text as a literal of SQL. A backslash is an escape to Redshift. */
export function literal(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
