import { AwsError, parseJson, restJson, restJsonError } from "../../service/aws";
import type { Handler, Response } from "../../service/http";

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
  const table = Object.entries(routes).map(([key, operation]): Route => {
    const [method = "", path = ""] = key.split(" ");
    return { method, parts: path.split("/"), operation };
  });
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
      throw new AwsError(
        "UnknownOperationException",
        `the local Lambda has no operation ${request.method} ${request.path}`,
        404,
      );
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

/** An error of the caller's making. */
export function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message, 400, { Type: "User" });
}

/** Something asked for that does not exist. */
export function notFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message, 404, { Type: "User" });
}

/** Something that exists already, or is in another state than the call expects. */
export function conflict(message: string): AwsError {
  return new AwsError("ResourceConflictException", message, 409, { Type: "User" });
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
