/** A parameter of a query string; undefined when it is missing or empty. */
export function parameter(query: string | undefined, name: string): string | undefined {
  return new URLSearchParams(query ?? "").get(name) || undefined;
}
