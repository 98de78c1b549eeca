import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AwsError } from "../../service/aws";
import { listen } from "../../service/http";
import { lastingPort } from "../../service/port";
import { allowsPublicUrl } from "../control/function/permissions";
import { type Invoker, MAX_EVENT_BYTES } from "../execution/invoker";
import type { FunctionUrl, LambdaStore } from "../state";
import { BAD_GATEWAY, type UrlAnswer, urlAnswer, urlFault } from "./answer";
import { callerOf, rootSecret, type SecretOf } from "./caller";
import { corsHeaders, isPreflight, preflightHeaders } from "./cors";
import { urlEvent } from "./event";

/** The listeners of all function URLs. */
export class UrlServers {
  readonly #servers = new Map<string, Server>();

  constructor(
    private readonly store: LambdaStore,
    private readonly invoker: Invoker,
    private readonly secretOf: SecretOf = rootSecret,
  ) {}

  /** Listens again for every URL in the state, on the port that it has always had. */
  async restore(): Promise<void> {
    for (const [name, record] of Object.entries(this.store.state.functions))
      for (const [key, { port }] of Object.entries(record.urls)) await this.open(name, key, port);
  }

  /**
   * Starts a URL's listener and resolves with its port.
   * @param saved the port that the URL is known by. @default a free one is taken
   */
  async open(functionName: string, key: string, saved?: number): Promise<number> {
    const port = saved ?? (await lastingPort());
    const server = createServer((request, response) => {
      this.#serve(functionName, key, request, response).catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    });
    server.keepAliveTimeout = 75_000;
    server.requestTimeout = 0;
    try {
      const bound = await listen(server, port);
      this.#servers.set(`${functionName}:${key}`, server);
      return bound;
    } catch (cause) {
      throw new Error(
        `the function URL of ${functionName} needs port ${port} on 127.0.0.1, but something else listens there`,
        { cause },
      );
    }
  }

  /** Stops a URL's listener. */
  async close(functionName: string, key: string): Promise<void> {
    const server = this.#servers.get(`${functionName}:${key}`);
    this.#servers.delete(`${functionName}:${key}`);
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async closeAll(): Promise<void> {
    for (const name of [...this.#servers.keys()]) {
      const colon = name.indexOf(":");
      await this.close(name.slice(0, colon), name.slice(colon + 1));
    }
  }

  async #serve(
    functionName: string,
    key: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const record = this.store.state.functions[functionName];
    const url = record?.urls[key];
    if (record === undefined || url === undefined) {
      reply(response, urlFault(404, { Message: null }), {}, request.method);
      return;
    }
    const { Cors } = url;
    if (Cors !== undefined && isPreflight(request.method, request.headers)) {
      const headers = preflightHeaders(Cors, request.headers);
      reply(response, { status: 200, headers, body: Buffer.alloc(0) }, {}, request.method);
      return;
    }
    const answer =
      url.AuthType === "AWS_IAM" || allowsPublicUrl(record, key)
        ? await this.#invoke(functionName, key, url, request)
        : urlFault(403, { Message: "Forbidden" });
    reply(response, answer, Cors === undefined ? {} : corsHeaders(Cors, request.headers), request.method);
  }

  async #invoke(
    functionName: string,
    key: string,
    { port, AuthType }: FunctionUrl,
    request: IncomingMessage,
  ): Promise<UrlAnswer> {
    const body = await readLimited(request);
    const now = new Date();
    const caller =
      AuthType === "NONE" || body === undefined
        ? undefined
        : callerOf(request, body, this.secretOf, now.getTime());
    if (caller !== undefined && "refused" in caller) return urlFault(403, { Message: caller.refused });
    const requestId = randomUUID();
    const context = { requestId, port, now, ...(caller === undefined ? {} : { caller }) };
    const event = body === undefined ? undefined : urlEvent(request, body, context);
    if (event === undefined || Buffer.byteLength(event) > MAX_EVENT_BYTES)
      return urlFault(413, {
        Message: `Request must be smaller than ${MAX_EVENT_BYTES} bytes for the InvokeFunction operation`,
      });
    try {
      const invocation = { functionName, event, requestId };
      const result = await this.invoker.invoke(
        key === "$LATEST" ? invocation : { ...invocation, qualifier: key },
      );
      const answer = result.functionError === undefined ? urlAnswer(result.payload) : BAD_GATEWAY;
      return { ...answer, headers: { ...answer.headers, "x-amzn-requestid": result.requestId } };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return urlFault(error.status, { ...error.members, message: error.message });
    }
  }
}

/** A body whole, or undefined if it alone is larger than an event may be. */
async function readLimited(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_EVENT_BYTES) chunks.push(chunk); // what is too large is read to its end: the client hears why
  }
  if (bytes > MAX_EVENT_BYTES) return undefined;
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

/** Headers that belong to the connection: this server's own are sent in their place. */
const OF_CONNECTION = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade"],
]);

function reply(
  response: ServerResponse,
  answer: UrlAnswer,
  cors: Record<string, string>,
  method: string | undefined,
): void {
  const headers = Object.entries({ ...answer.headers, ...cors }).filter(([name]) => !OF_CONNECTION.has(name));
  try {
    for (const [name, value] of headers) response.setHeader(name, value);
  } catch {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    if (answer === BAD_GATEWAY) throw new Error("the answer to a failed function has no valid headers");
    reply(response, BAD_GATEWAY, cors, method); // no HTTP answer can have such a header
    return;
  }
  response.setHeader("content-length", answer.body.length);
  response.writeHead(answer.status);
  response.end(method === "HEAD" ? undefined : answer.body);
}
