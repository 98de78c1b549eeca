import { operationsOf } from "./operations";

/** A request as far as it says which operation it is. */
export interface RestRequest {
  readonly method: string;
  /** With its query string, as it was sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An operation and the labels of its path. */
export interface Matched {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: RegExp;
  /** Query parameters it must have; an empty value stands for any. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** What tells operations of S3 apart whose method and path are the same. */
const DISTINGUISHED: Readonly<Record<string, { readonly query?: string; readonly header?: string }>> = {
  AbortMultipartUpload: { query: "uploadId" },
  CompleteMultipartUpload: { query: "uploadId" },
  CopyObject: { header: "x-amz-copy-source" },
  GetBucketAnalyticsConfiguration: { query: "id" },
  GetBucketIntelligentTieringConfiguration: { query: "id" },
  GetBucketInventoryConfiguration: { query: "id" },
  GetBucketMetricsConfiguration: { query: "id" },
  ListDirectoryBuckets: { query: "max-directory-buckets" },
  ListParts: { query: "uploadId" },
  UploadPart: { query: "partNumber" },
  UploadPartCopy: { query: "partNumber", header: "x-amz-copy-source" },
};

/** Operations of S3 that are not on a bucket. */
const WITHOUT_BUCKET = new Set(["ListBuckets", "ListDirectoryBuckets", "WriteGetObjectResponse"]);

const compiled = new Map<string, readonly Route[]>();

/** The operation of a REST service that a request is for: of those that match, the one that asks for most. */
export function matchRoute(service: string, request: RestRequest): Matched | undefined {
  let routes = compiled.get(service);
  if (routes === undefined) {
    routes = compile(service);
    compiled.set(service, routes);
  }
  const [path = "/", search = ""] = request.url.split("?");
  const query = new URLSearchParams(search);
  let best: { matched: Matched; asks: number } | undefined;
  for (const route of routes) {
    if (route.method !== request.method) continue;
    const groups = route.path.exec(path)?.groups;
    if (groups === undefined || !route.query.every(([name, value]) => has(query, name, value))) continue;
    const told = service === "s3" ? DISTINGUISHED[route.operation] : undefined;
    if (told?.query !== undefined && !query.has(told.query)) continue;
    if (told?.header !== undefined && request.headers[told.header] === undefined) continue;
    const asks =
      route.query.length + Object.keys(told ?? {}).length + (query.get("x-id") === route.operation ? 1 : 0);
    if (best === undefined || asks > best.asks)
      best = { asks, matched: { operation: route.operation, labels: decode(groups) } };
  }
  return best?.matched;
}

function has(query: URLSearchParams, name: string, value: string): boolean {
  return value === "" ? query.has(name) : query.get(name) === value;
}

function decode(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeLabel(value)]));
}

function decodeLabel(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // not encoded as a label is: the service will say so
  }
}

/** @see https://smithy.io/2.0/spec/http-bindings.html#http-trait */
function compile(service: string): Route[] {
  return operationsOf(service).flatMap(({ name, http }) => {
    if (http === undefined) return [];
    const [template = "/", search = ""] = http.path.split("?");
    const query = [...new URLSearchParams(search)].filter(([parameter]) => parameter !== "x-id");
    return [{ operation: name, method: http.method, path: pattern(service, name, template), query }];
  });
}

/** The model of S3 leaves the bucket to the endpoint's rules; with an address for a host it stands in the path. */
function pattern(service: string, operation: string, template: string): RegExp {
  const inBucket = service === "s3" && !WITHOUT_BUCKET.has(operation);
  const full = inBucket ? `/{Bucket}${template === "/" ? "" : template}` : template;
  const source = full.replace(/\{(\w+)(\+?)\}/g, (_, label: string, greedy: string) =>
    greedy === "" ? `(?<${label}>[^/]+)` : `(?<${label}>.+)`,
  );
  return new RegExp(`^${source === "/" ? "(?<none>)/" : named(source)}/?$`);
}

/** A pattern without labels has an empty one, so that a match has groups. */
function named(source: string): string {
  return source.includes("(?<") ? source : `(?<none>)${source}`;
}
