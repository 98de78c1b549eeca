import {
  type Agent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from "node:http";
import { VERSION_HEADER } from "../iam/decision/evaluator";
import { unavailable } from "./refuse";

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

/** Headers between the local cloud's own processes, which no client may set. */
const INTERNAL: ReadonlySet<string> = new Set(["x-local-principal", "x-local-source-arn"]);

/** What is known of a request that may be served. */
export interface Passage {
  /** The ARN of the caller: the service is told. */
  readonly principal: string;
  /** The body, if it was read already. @default it is streamed */
  readonly body?: Buffer;
  /** Told the version of the policies, which MiniStack's answers bear. */
  readonly sawPolicies?: (version: string) => void;
  /** Given the answer's body, whole, of an operation that succeeded. */
  readonly answered?: (body: Buffer) => void;
}

/**
 * Streams a request to its service and the answer back, bytes and headers (Host among them) as they are. A service
 * that cannot be reached answers 503, which AWS's SDKs retry; one that breaks off in the middle of its answer breaks
 * off this one, and a client that goes away takes its request along.
 */
export function forward(
  message: IncomingMessage,
  response: ServerResponse,
  upstream: Upstream,
  passage: Passage,
): void {
  const { body, sawPolicies, answered } = passage;
  const outgoing = httpRequest(requestTo(message, upstream, passage));
  outgoing.on("continue", () => response.writeContinue());
  outgoing.on("response", (answer) => {
    const version = answer.headers[VERSION_HEADER];
    if (typeof version === "string") sawPolicies?.(version);
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
    if (answered !== undefined && answer.statusCode === 200) note(answer, response, answered);
    else answer.pipe(response);
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
  if (body !== undefined) {
    outgoing.end(body);
    return;
  }
  message.on("error", () => outgoing.destroy());
  message.pipe(outgoing);
}

/** A request as its service gets it. */
export function requestTo(
  message: IncomingMessage,
  upstream: Upstream,
  { principal, body }: Pick<Passage, "principal" | "body">,
): RequestOptions {
  const headers = body === undefined ? requestHeaders(message) : headersOfWhole(message, body);
  return {
    agent: upstream.agent,
    host: upstream.origin.hostname,
    port: upstream.origin.port,
    method: message.method,
    path: message.url,
    headers: [...headers, "x-local-principal", principal],
  };
}

/** Headers that say how a body comes, which is no longer so once it was read whole. */
const FRAMING: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "expect"]);

function headersOfWhole(message: IncomingMessage, body: Buffer): string[] {
  const headers = endToEnd(message.rawHeaders);
  const kept = headers.filter((_, index) => !FRAMING.has((headers[index & ~1] ?? "").toLowerCase()));
  const framed = body.length > 0 || BODY_METHODS.has(message.method ?? "GET");
  return framed ? [...kept, "Content-Length", String(body.length)] : kept;
}

/** Hands an answer's body over before the client has it. */
function note(answer: IncomingMessage, response: ServerResponse, answered: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  answer.on("end", () => {
    const body = Buffer.concat(chunks);
    answered(body);
    response.end(body);
  });
}

function requestHeaders(message: IncomingMessage): string[] {
  const headers = endToEnd(message.rawHeaders);
  const framed = "content-length" in message.headers || "transfer-encoding" in message.headers;
  if (!framed && BODY_METHODS.has(message.method ?? "GET")) headers.push("Content-Length", "0");
  return headers;
}

function endToEnd(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => {
    const name = (rawHeaders[index & ~1] ?? "").toLowerCase();
    return !HOP_BY_HOP.has(name) && !INTERNAL.has(name) && name !== VERSION_HEADER;
  });
}
