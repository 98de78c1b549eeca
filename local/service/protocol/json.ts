import { AwsError } from "./error";

/** The request's JSON body; an empty one is an empty object. */
export function parseJson(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
  } catch {
    throw new AwsError("SerializationException", "the request's body is not JSON");
  }
}
