import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { type Passage, requestTo, type Upstream } from "../../gateway/forward";
import { VERSION_HEADER } from "../../iam/decision/evaluator";
import { readBody } from "../../service/http";

/** A service's answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Headers that are no longer true once a body was changed. */
const OF_THE_BODY: ReadonlySet<string> = new Set([
  "content-length",
  "transfer-encoding",
  "connection",
  "x-amz-crc32",
]);

/**
 * Sends a request, whole, to its service and reads the answer whole. Rejects when there is none.
 * @param signal takes the request back. @default it is seen through, whatever becomes of the client
 */
export function exchange(
  message: IncomingMessage,
  upstream: Upstream,
  passage: Passage & { readonly body: Buffer },
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { ...requestTo(message, upstream, passage), ...(signal && { signal }) };
    const outgoing = httpRequest(options, (answer) => {
      const version = answer.headers[VERSION_HEADER];
      if (typeof version === "string") passage.sawPolicies?.(version);
      const headers = Object.entries(answer.headers).filter(([name]) => !OF_THE_BODY.has(name));
      readBody(answer).then((body) => {
        if (answer.statusCode === 200) passage.answered?.(body);
        resolve({ status: answer.statusCode ?? 502, headers: Object.fromEntries(headers), body });
      }, reject);
    });
    outgoing.on("error", reject);
    outgoing.end(passage.body);
  });
}
