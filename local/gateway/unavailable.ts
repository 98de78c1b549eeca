import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Upstream } from "./forward";

const CODE = "ServiceUnavailable";

/** Services whose REST protocol is JSON. */
const REST_JSON: ReadonlySet<string> = new Set(["lambda", "scheduler"]);

/**
 * Answers 503 ServiceUnavailable as the service's own protocol would: JSON, S3's XML, or the Query protocol's.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function unavailable(
  message: IncomingMessage,
  response: ServerResponse,
  upstream: Pick<Upstream, "origin" | "service">,
  cause: NodeJS.ErrnoException,
): void {
  const text = `${upstream.service ?? "the service"} at ${upstream.origin.host} does not answer (${cause.code ?? cause.message})`;
  const [type, body] = errorBody(message, upstream.service, text);
  const requestId = randomUUID();
  response.writeHead(503, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "x-amzn-errortype": CODE,
    "x-amzn-requestid": requestId,
    "x-amz-request-id": requestId,
    // What is left of the request's body would be taken for the next request.
    connection: "close",
  });
  response.end(body);
  message.resume(); // lets a client that is still sending get to reading
}

function errorBody(message: IncomingMessage, service: string | undefined, text: string): [string, string] {
  const target = message.headers["x-amz-target"];
  if (target !== undefined || REST_JSON.has(service ?? ""))
    return [
      target === undefined ? "application/json" : "application/x-amz-json-1.1",
      JSON.stringify({ __type: CODE, message: text }),
    ];
  const error = `<Code>${CODE}</Code><Message>${text}</Message>`;
  return service === "s3" || service === undefined
    ? ["application/xml", `<?xml version="1.0" encoding="UTF-8"?><Error>${error}</Error>`]
    : ["text/xml", `<ErrorResponse><Error><Type>Receiver</Type>${error}</Error></ErrorResponse>`];
}
