import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** One HTTP request, whole: local services are small enough to read a body before they look at it. */
export interface Request {
  readonly method: string;
  /** The path as it was sent, still percent-encoded, without the query string. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** What a service answers. A string body is sent as UTF-8. */
export interface Response {
  readonly status: number;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

export type Handler = (request: Request) => Promise<Response> | Response;

/** Reads a request's body whole. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/** Reads a request whole. */
export async function readRequest(message: IncomingMessage): Promise<Request> {
  const [path, search] = splitTarget(message.url ?? "/");
  return {
    method: message.method ?? "GET",
    path,
    query: new URLSearchParams(search),
    headers: message.headers,
    body: await readBody(message),
  };
}

/** Sends an answer. */
export function send(response: ServerResponse, answer: Response): void {
  const body = typeof answer.body === "string" ? Buffer.from(answer.body) : (answer.body ?? Buffer.alloc(0));
  response.writeHead(answer.status, { "content-length": body.length, ...answer.headers });
  response.end(body);
}

/** Listens on the loopback interface alone; `port` 0 takes a free one. Resolves when it listens. */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** A server that hands each request, read whole, to one handler; a thrown error is a 500 and is logged. */
export function httpServer(handler: Handler): Server {
  const server = createServer((message, response) => {
    readRequest(message)
      .then(handler)
      .then(
        (answer) => send(response, answer),
        (error: unknown) => {
          console.error(error);
          if (response.headersSent) response.destroy();
          else
            send(response, {
              status: 500,
              body: JSON.stringify({ __type: "InternalFailure", message: String(error) }),
            });
        },
      );
  });
  server.keepAliveTimeout = 75_000;
  server.requestTimeout = 0;
  return server;
}

function splitTarget(target: string): [path: string, search: string] {
  const mark = target.indexOf("?");
  return mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark + 1)];
}
