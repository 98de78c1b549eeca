import { AwsError, restJson } from "../../service/aws";
import type { Response } from "../../service/http";
import type { ServiceModel } from "../../service/model/model";
import type { RestCall, RestOperation } from "../../service/protocol/rest-json";

export type Call = RestCall;

/** Operations by `<METHOD> <path template>`, as the service's API model writes them. */
export type Routes = Readonly<Record<string, RestOperation>>;

/**
 * Operations by their names in the model; several that differ in their query strings alone share a route.
 * @throws Error for a route that the model does not have.
 */
export function byOperation(model: ServiceModel, routes: Routes): Readonly<Record<string, RestOperation>> {
  const left = new Set(Object.keys(routes));
  const operations = Object.entries(model.operations).flatMap(([name, { http }]) => {
    const key = `${http.method} ${http.requestUri.split("?")[0]}`;
    const operation = routes[key];
    left.delete(key);
    return operation === undefined ? [] : [[name, operation] as const];
  });
  if (left.size > 0) throw new Error(`Lambda's model has no operation ${[...left].join(", ")}`);
  return Object.fromEntries(operations);
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
