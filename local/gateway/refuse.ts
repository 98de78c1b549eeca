import type { IncomingMessage, ServerResponse } from "node:http";
import { answerOf, type Refusal } from "../iam/refusal/answer";
import type { Upstream } from "./forward";

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
  refuse(message, response, upstream.service, { status: 503, code: "ServiceUnavailable", message: text });
}

/** Answers a request that is not passed on, in the form of its service's errors. */
export function refuse(
  message: IncomingMessage,
  response: ServerResponse,
  service: string | undefined,
  refusal: Refusal,
): void {
  const { status, headers, body } = answerOf(refusal, service, message);
  response.writeHead(status, {
    ...headers,
    "content-length": Buffer.byteLength(body),
    // What is left of the request's body would be taken for the next request.
    ...(message.complete ? {} : { connection: "close" }),
  });
  response.end(body);
  message.resume(); // lets a client that is still sending get to reading
}
