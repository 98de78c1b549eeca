import type { SegmentRoute } from "./segment/decode";

/** What an address is for. */
export type Route =
  | {
      readonly kind: "segment";
      readonly method: "POST";
      readonly takes: SegmentRoute;
      /** Whether the answer names the batches that were stored: an importer waits for them. */
      readonly namesBatches: boolean;
    }
  | { readonly kind: "health"; readonly method: "GET" };

/** The last segment of a path, by what is sent there; analytics.js uses the short forms. */
const segmentPaths: Readonly<Record<string, SegmentRoute>> = {
  track: "track",
  t: "track",
  page: "page",
  p: "page",
  screen: "screen",
  s: "screen",
  identify: "identify",
  i: "identify",
  group: "group",
  g: "group",
  alias: "alias",
  a: "alias",
  batch: "batch",
  b: "batch",
  import: "batch",
};

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["/healthz", { kind: "health", method: "GET" }],
  ...Object.entries(segmentPaths).map(([path, takes]): [string, Route] => [
    `/v1/${path}`,
    { kind: "segment", method: "POST", takes, namesBatches: path === "import" },
  ]),
]);

/** The route of a path, with or without a slash at its end. */
export function routeOf(path: string): Route | undefined {
  return routes.get(path.endsWith("/") ? path.slice(0, -1) : path);
}
