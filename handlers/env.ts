/**
 * Reads what a handler must be given; all missing names are reported at once.
 * @throws when any is missing or empty.
 */
export function readEnv<Name extends string>(
  names: readonly Name[],
  env: Readonly<Record<string, string | undefined>>,
): Record<Name, string> {
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0) throw new Error(`environment variables are missing: ${missing.join(", ")}`);
  return Object.fromEntries(names.map((name) => [name, env[name]])) as Record<Name, string>;
}
