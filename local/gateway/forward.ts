import { type Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { unavailable } from "./unavailable";

/** Headers of one connection only, which the next hop sets for itself. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(["connection", "keep-alive", "proxy-connection", "upgrade"]);

/** Methods that Node sends in chunks when no length is given, though such a request has no body. */
const BODY_METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** Where a request goes. */
export interface Upstream {
  readonly origin: URL;
  readonly agent: Agent;
  /** The service's signing name, if the request had one: error answers take the form its clients read. */
  readonly service: string | undefined;
}

/**
 * Streams a request to its service and the answer back, bytes and headers (Host among them) as they are. A service
 * that cannot be reached answers 503, which AWS's SDKs retry; one that breaks off in the middle of its answer breaks
 * off this one, and a client that goes away takes its request along.
 */
export function forward(message: IncomingMessage, response: ServerResponse, upstream: Upstream): void {
  const outgoing = httpRequest({
    agent: upstream.agent,
    host: upstream.origin.hostname,
    port: upstream.origin.port,
    method: message.method,
    path: message.url,
    headers: requestHeaders(message),
  });
  outgoing.on("continue", () => response.writeContinue());
  outgoing.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
    answer.pipe(response);
    answer.on("error", () => response.destroy());
    answer.on("aborted", () => response.destroy());
  });
  outgoing.on("error", (error: NodeJS.ErrnoException) => {
    if (response.headersSent || response.destroyed) response.destroy();
    else unavailable(message, response, upstream, error);
  });
  response.on("close", () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  message.on("error", () => outgoing.destroy());
  message.pipe(outgoing);
}

function requestHeaders(message: IncomingMessage): string[] {
  const headers = endToEnd(message.rawHeaders);
  const framed = "content-length" in message.headers || "transfer-encoding" in message.headers;
  if (!framed && BODY_METHODS.has(message.method ?? "GET")) headers.push("Content-Length", "0");
  return headers;
}

function endToEnd(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => !HOP_BY_HOP.has((rawHeaders[index & ~1] ?? "").toLowerCase()));
}
