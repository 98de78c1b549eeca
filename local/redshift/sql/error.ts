/** A statement that does not run. The message is what the client reads, worded as Redshift words it where known. */
export class SqlError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(`ERROR: ${message}`, options);
    this.name = "SqlError";
  }
}

/** What Redshift's grammar does not have. */
export function syntaxError(near: string, because?: string): SqlError {
  return new SqlError(`syntax error at or near "${near}"${because === undefined ? "" : `: ${because}`}`);
}

/** What Redshift has and this warehouse does not: said plainly, so that nobody takes it for Redshift's answer. */
export function unsupported(what: string): SqlError {
  return new SqlError(`${what} is not supported by the local warehouse, though Redshift has it`);
}
