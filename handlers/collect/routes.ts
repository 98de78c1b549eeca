import { clickstreamEndpoints } from "./clickstream/endpoints";
import type { Endpoint } from "./protocol";
import { SCRIPT } from "./script";
import { segmentEndpoints } from "./segment/endpoints";
import { snowplowEndpoints } from "./snowplow/endpoints";

/** What an address is for. */
export type Route = Endpoint | typeof HEALTH | typeof SCRIPT;

/** The address that says whether the collector is well. */
export const HEALTH = { method: "GET" } as const;

/** What a prefix of all addresses stands for. */
const EVERYTHING = "/";

/** Addresses of a collector's own, by the addresses that they stand for. */
export type Paths = ReadonlyMap<string, string>;

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["/healthz", HEALTH],
  ["/clickstream.js", SCRIPT],
  ...segmentEndpoints,
  ...snowplowEndpoints,
  ...clickstreamEndpoints,
]);

/** The addresses that a collector's own may stand for. */
export const standardPaths: readonly string[] = [...routes.keys()];

/** The route of a path, with or without a slash at its end. @param own the collector's own addresses. */
export function routeOf(path: string, own: Paths = new Map()): Route | undefined {
  const plain = path.endsWith("/") ? path.slice(0, -1) : path;
  return routes.get(own.get(plain) ?? plain) ?? behindPrefix(plain, own);
}

function behindPrefix(path: string, own: Paths): Route | undefined {
  for (const [prefix, standard] of own)
    if (standard === EVERYTHING && path.startsWith(`${prefix}/`))
      return routes.get(path.slice(prefix.length));
  return undefined;
}

/** Addresses that the script is found at. */
export function scriptPaths(own: Paths): string[] {
  const [script = ""] = [...routes].flatMap(([path, route]) => (route === SCRIPT ? [path] : []));
  const others = [...own].flatMap(([path, standard]) => {
    if (standard === EVERYTHING) return [`${path}${script}`];
    return standard === script ? [path] : [];
  });
  return [script, ...others];
}

/**
 * Reads the addresses that a collector has besides the standard ones: lists of what blocks requests know those.
 * @param json `{"/own": "/standard"}`; `{"/prefix": "/"}` puts all of them behind a prefix, besides.
 * @throws when it is not that.
 */
export function readPaths(json: string): Paths {
  const paths = new Map<string, string>();
  for (const [own, standard] of Object.entries(JSON.parse(json) as Record<string, unknown>)) {
    if (!/^(\/[\w.~-]+)+$/.test(own) || !isStandard(standard))
      throw new Error(
        `PATHS must map paths like "/own/path" to ${standardPaths.join(", ")} or, for all of them, "/", got ${JSON.stringify({ [own]: standard })}`,
      );
    if (routes.has(own)) throw new Error(`PATHS must not give ${own} another meaning`);
    paths.set(own, standard);
  }
  return paths;
}

function isStandard(path: unknown): path is string {
  return typeof path === "string" && (path === EVERYTHING || routes.has(path));
}
