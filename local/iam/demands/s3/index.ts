import type { Demand } from "../../decision/evaluator";
import { type ApiRequest, one } from "../../request";
import type { ServiceMap } from "../service-map";
import { BUCKET_ACTIONS, OBJECT_ACTIONS, PLAIN_PARAMETERS, VERSIONED } from "./actions";
import { addressOf, decode, type S3Address } from "./address";

/** Headers that policies may ask for: `s3:<header>`. */
const CONDITION_HEADERS = [
  "x-amz-acl",
  "x-amz-content-sha256",
  "x-amz-copy-source",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-storage-class",
];

/** Most keys that DeleteObjects takes. */
const MOST_KEYS = 1_000;

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const s3: ServiceMap = {
  readsBody: ({ method, query }) => method === "POST" && query.has("delete"),
  async operation(sent) {
    if (one(sent.headers["x-amz-target"]) !== undefined) return undefined;
    const request = { ...sent, headers: { ...sent.headers, ...hoisted(sent.query) } };
    const address = addressOf(request);
    const name = address && actionOf(request, address);
    if (address === undefined || name === undefined) return undefined;
    const context = contextOf(request);
    const demands = demandsOf(request, address, name);
    return demands && { name, demands: demands.map((demand) => ({ ...demand, context })) };
  },
};

/** `arn:aws:s3:::bucket` or `arn:aws:s3:::bucket/key`. */
export function s3Arn({ bucket, key }: S3Address): string {
  return `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;
}

/** The action's name, by the method and the one subresource that the query names. */
function actionOf({ method, query }: ApiRequest, { bucket, key }: S3Address): string | undefined {
  const subresources = [...new Set(query.keys())].filter((name) => !isPlain(name));
  if (bucket === undefined)
    return method === "GET" && subresources.length === 0 ? "ListAllMyBuckets" : undefined;
  const actions = key === undefined ? BUCKET_ACTIONS : OBJECT_ACTIONS;
  if (subresources.length > 1) return undefined; // which of them is served could be another one
  const action = actions[`${method} ${subresources[0] ?? ""}`.trimEnd()];
  return action !== undefined && key !== undefined && query.get("versionId")
    ? (VERSIONED[action] ?? action)
    : action;
}

function isPlain(parameter: string): boolean {
  return PLAIN_PARAMETERS.has(parameter) || /^(x-amz-|response-)/i.test(parameter);
}

function demandsOf(request: ApiRequest, address: S3Address, name: string): Demand[] | undefined {
  const { method, query, headers, body } = request;
  if (address.bucket === undefined) return [{ action: `s3:${name}`, resource: "*" }];
  if (method === "POST" && query.has("delete") && address.key === undefined)
    return deletions(address.bucket, body.toString("utf8"));
  const resource = s3Arn(address);
  const own = [{ action: `s3:${name}`, resource }];
  if (name === "PutObject" && headers["x-amz-tagging"]) own.push({ action: "s3:PutObjectTagging", resource });
  if (name === "PutObject" && headers["x-amz-acl"]) own.push({ action: "s3:PutObjectAcl", resource });
  const source = one(headers["x-amz-copy-source"]);
  if (source === undefined) return own;
  const copied = copySource(source);
  return copied && [copied, ...own];
}

/** Headers that a presigned URL bears as parameters. */
function hoisted(query: URLSearchParams): Record<string, string> {
  const entries = [...query].map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(entries.filter(([name]) => name.startsWith("x-amz-")));
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
function copySource(header: string): Demand | undefined {
  const [path = "", query = ""] = header.split("?");
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path) ?? "") ?? [];
  if (bucket === undefined || key === undefined) return undefined;
  const action = new URLSearchParams(query).has("versionId") ? "s3:GetObjectVersion" : "s3:GetObject";
  return { action, resource: s3Arn({ bucket, key }) };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
function deletions(bucket: string, xml: string): Demand[] | undefined {
  const objects = [...xml.matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, object = ""]) => object);
  if (objects.length === 0 || objects.length > MOST_KEYS) return undefined;
  return objects.map((object) => {
    const key = unescapeXml(/<Key>(.*?)<\/Key>/s.exec(object)?.[1] ?? "");
    const action = object.includes("<VersionId>") ? "s3:DeleteObjectVersion" : "s3:DeleteObject";
    return { action, resource: s3Arn({ bucket, key }) };
  });
}

function unescapeXml(text: string): string {
  const named: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) =>
    hex !== undefined
      ? String.fromCodePoint(Number.parseInt(hex, 16))
      : decimal !== undefined
        ? String.fromCodePoint(Number(decimal))
        : (named[name] ?? whole),
  );
}

function contextOf({ query, headers, presigned }: ApiRequest): Record<string, string> {
  const parameters: readonly [string, string][] = [
    ["prefix", "prefix"],
    ["delimiter", "delimiter"],
    ["max-keys", "max-keys"],
    ["versionId", "VersionId"],
  ];
  return {
    "s3:authType": presigned ? "REST-QUERY-STRING" : "REST-HEADER",
    "s3:signatureversion": "AWS4-HMAC-SHA256",
    ...Object.fromEntries(
      parameters.flatMap(([parameter, key]) => {
        const value = query.get(parameter);
        return value === null ? [] : [[`s3:${key}`, value]];
      }),
    ),
    ...Object.fromEntries(
      CONDITION_HEADERS.flatMap((name) => {
        const value = one(headers[name]);
        return value === undefined ? [] : [[`s3:${name}`, value]];
      }),
    ),
  };
}
