import { AwsError, parseJson, restJson, restJsonError } from "../../service/aws";
import type { Handler, Response } from "../../service/http";
import { UNSERVED_OPERATIONS } from "./unserved";

/** What an operation is given: labels of the path, the query string, and the body, read as JSON. */
export interface Call {
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: Buffer;
  /** The JSON body. */
  body<Input>(): Input;
}

/** One operation of the API. */
export type Operation = (call: Call) => Promise<Response> | Response;

/** Operations by `<METHOD> <path template>`, as the service's API model writes them. */
export type Routes = Readonly<Record<string, Operation>>;

interface Route {
  readonly method: string;
  readonly parts: readonly string[];
  readonly operation: Operation;
}

/** Serves a REST JSON API: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function restApi(routes: Routes): Handler {
  const table = [
    ...Object.entries(routes).map(([key, operation]) => route(key, operation)),
    ...Object.entries(UNSERVED_OPERATIONS).map(([name, key]) => route(key, () => unserved(name))),
  ];
  return async (request) => {
    const parts = request.path.replace(/\/$/, "").split("/");
    try {
      for (const route of table) {
        const labels = route.method === request.method ? match(route.parts, parts) : undefined;
        if (labels === undefined) continue;
        return await route.operation({
          labels,
          query: request.query,
          headers: request.headers,
          raw: request.body,
          body: <Input>() => parseJson(request.body) as Input,
        });
      }
      unserved(`${request.method} ${request.path}`);
    } catch (error) {
      return restJsonError(error);
    }
  };
}

/** An answer of an operation; `undefined` members are left out. */
export function answer(status: number, body?: object): Response {
  return restJson(status, body);
}

/** A label that the route's template names. */
export function label(call: Call, name: string): string {
  const value = call.labels[name];
  if (value === undefined) throw new Error(`the route has no label ${name}`);
  return value;
}

/**
 * The page of a list that a call asks for with `Marker` and `MaxItems`, and the marker of the next one.
 * @param most items that AWS answers at once, however many are asked for.
 */
export function page<Item>(call: Call, items: readonly Item[], most = 50): [Item[], { NextMarker?: string }] {
  const [marker, asked] = [call.query.get("Marker"), call.query.get("MaxItems")];
  const size = asked === null ? most : Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > 10_000)
    throw invalid(`MaxItems must be between 1 and 10000, got ${asked}`);
  const start = marker === null ? 0 : Number(Buffer.from(marker, "base64url").toString());
  if (!Number.isInteger(start))
    throw invalid(`Marker must be one that an earlier answer gave, got ${marker}`);
  const end = start + Math.min(size, most);
  const more = end < items.length ? { NextMarker: Buffer.from(String(end)).toString("base64url") } : {};
  return [items.slice(start, end), more];
}

/** An error of the caller's making. */
export function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message, 400, { Type: "User" });
}

/** Refuses a change that was made with another revision in mind. */
export function checkRevision(current: string, expected: string | null | undefined): void {
  if (expected === undefined || expected === null || expected === current) return;
  throw new AwsError(
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to " +
      "retrieve the latest Revision Id",
    412,
    { Type: "User" },
  );
}

/** Something asked for that does not exist. */
export function notFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message, 404, { Type: "User" });
}

/** Something that exists already, or is in another state than the call expects. */
export function conflict(message: string): AwsError {
  return new AwsError("ResourceConflictException", message, 409, { Type: "User" });
}

function route(key: string, operation: Operation): Route {
  const [method = "", path = ""] = key.split(" ");
  return { method, parts: path.split("/"), operation };
}

function unserved(operation: string): never {
  throw new AwsError("UnknownOperationException", `the local Lambda has no operation ${operation}`, 404);
}

function match(template: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (template.length !== parts.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const part = parts[index] ?? "";
    if (expected.startsWith("{")) labels[expected.slice(1, -1)] = decodeURIComponent(part);
    else if (expected !== part) return undefined;
  }
  return labels;
}
