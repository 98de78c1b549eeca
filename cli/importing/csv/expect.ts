/** What is wrong with a mapping file, or with a file that does not go with it. */
export class MapProblem extends Error {
  override readonly name = "MapProblem";
}

export type Members = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws MapProblem when an object has a member that means nothing. */
export function allowed(object: Members, names: readonly string[], what: string): void {
  const unknown = Object.keys(object).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new MapProblem(`${what} may have ${names.join(", ")}, got "${unknown}"`);
}

/** A text that is not empty. */
export function text(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new MapProblem(`${name} must be text, got ${JSON.stringify(value)}`);
}

export function texts(value: unknown, name: string): string[] {
  if (!Array.isArray(value))
    throw new MapProblem(`${name} must be a list of texts, got ${JSON.stringify(value)}`);
  return value.map((one, at) => text(one, `${name}[${at}]`));
}

/** A time zone that this machine knows. */
export function timeZone(value: unknown, name: string): string {
  const given = text(value, name);
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: given }).resolvedOptions().timeZone;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MapProblem(`${name} must be a time zone such as "Europe/Berlin", got "${given}"`);
  }
}
