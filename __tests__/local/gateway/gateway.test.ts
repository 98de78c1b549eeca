import { once } from "node:events";
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type RequestOptions,
  type Server,
} from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { createGateway, type Guard } from "../../../local/gateway/gateway";
import { listen, readBody } from "../../../local/service/http";

const open: Server[] = [];

/** Lets everything through, as the account's own: whom IAM lets through is told by local/iam's tests. */
const ROOT = "arn:aws:iam::000000000000:root";
const ADMITTED = { kind: "allowed", principal: ROOT, userId: "000000000000" } as const;
const EVERYBODY: Guard = {
  quick: () => ADMITTED,
  judge: async () => ADMITTED,
  passage: ({ principal }) => ({ principal }),
};

afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

describe("the gateway", () => {
  it("sends a request to the service it is signed for, and any other one to the rest", async () => {
    const gateway = await gatewayTo({
      firehose: (_request, response) => response.end("firehose"),
      "*": (_request, response) => response.end("rest"),
    });
    expect((await call(gateway, { headers: signed("firehose") })).body.toString()).toBe("firehose");
    expect((await call(gateway, { headers: signed("sqs") })).body.toString()).toBe("rest");
    expect((await call(gateway, {})).body.toString()).toBe("rest");
  });

  it("passes method, path, headers and bytes on as they are", async () => {
    const body = gzipSync("bytes that are no text");
    const seen: { request: IncomingMessage; body: Buffer }[] = [];
    const gateway = await gatewayTo({
      "*": async (request, response) => {
        seen.push({ request, body: await readBody(request) });
        response.writeHead(201, "Made", ["ETag", '"1"', "Set-Cookie", "a", "Set-Cookie", "b"]).end(body);
      },
    });
    const answer = await call(
      gateway,
      {
        method: "PUT",
        path: "/bucket/a%2Fb%20c?x-id=Put&a=%7E",
        headers: {
          host: "lake.s3.example",
          "content-encoding": "gzip,aws-chunked",
          "content-length": body.length,
        },
      },
      body,
    );
    expect(seen[0]?.request.method).toBe("PUT");
    expect(seen[0]?.request.url).toBe("/bucket/a%2Fb%20c?x-id=Put&a=%7E");
    expect(seen[0]?.request.headers).toMatchObject({
      host: "lake.s3.example",
      "content-encoding": "gzip,aws-chunked",
      "content-length": String(body.length),
    });
    expect(seen[0]?.body).toEqual(body);
    expect([answer.status, answer.message]).toEqual([201, "Made"]);
    expect(answer.headers).toMatchObject({ etag: '"1"', "set-cookie": ["a", "b"] });
    expect(answer.body).toEqual(body);
  });

  it("keeps a body without a length in chunks, and one that is not there out", async () => {
    const framings: unknown[] = [];
    const gateway = await gatewayTo({
      "*": async (request, response) => {
        const length = (await readBody(request)).length;
        framings.push([request.headers["transfer-encoding"], request.headers["content-length"], length]);
        response.end();
      },
    });
    await call(
      gateway,
      { method: "POST", headers: { "transfer-encoding": "chunked" } },
      Buffer.alloc(70_000),
    );
    await raw(gateway, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await call(gateway, { method: "DELETE" });
    expect(framings).toEqual([
      ["chunked", undefined, 70_000],
      [undefined, "0", 0],
      [undefined, undefined, 0],
    ]);
  });

  it("passes answers without a body on: HEAD with its length, and 204", async () => {
    const gateway = await gatewayTo({
      "*": (request, response) =>
        request.method === "HEAD"
          ? response.writeHead(200, { "content-length": 1234 }).end()
          : response.writeHead(204).end(),
    });
    const head = await call(gateway, { method: "HEAD" });
    expect([head.status, head.headers["content-length"], head.body.length]).toEqual([200, "1234", 0]);
    expect((await call(gateway, { method: "DELETE" })).status).toBe(204);
  });

  it("lets the service say whether it wants the body", async () => {
    const gateway = await gatewayTo({
      "*": async (request, response) => response.end(await readBody(request)),
    });
    const outgoing = httpRequest({
      ...at(gateway),
      method: "PUT",
      headers: { expect: "100-continue", "content-length": 4 },
    });
    outgoing.flushHeaders();
    await once(outgoing, "continue");
    outgoing.end("body");
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    expect((await readBody(answer)).toString()).toBe("body");
  });

  it("uses its connections to a service again", async () => {
    const sockets = new Set<unknown>();
    const gateway = await gatewayTo({
      "*": (request, response) => {
        sockets.add(request.socket);
        response.end();
      },
    });
    for (let i = 0; i < 5; i++) await call(gateway, {});
    expect(sockets.size).toBe(1);
  });

  it.each([
    [
      "a JSON protocol",
      { ...signed("firehose"), "x-amz-target": "Firehose_20150804.PutRecord" },
      '"__type":"ServiceUnavailable"',
    ],
    ["a REST protocol", signed("lambda"), '"__type":"ServiceUnavailable"'],
    ["S3", signed("s3"), "<Error><Code>ServiceUnavailable</Code>"],
    ["the Query protocol", signed("iam"), "<Error><Type>Receiver</Type><Code>ServiceUnavailable</Code>"],
  ])("answers 503 in the form of %s while a service is down", async (_protocol, headers, expected) => {
    const down = createServer();
    const port = await listen(down, 0);
    await new Promise((resolve) => down.close(resolve));
    const gateway = await started({ "*": new URL(`http://127.0.0.1:${port}`) });
    const answer = await call(gateway, { method: "POST", headers }, Buffer.from("{}"));
    expect([answer.status, answer.headers["x-amzn-errortype"]]).toEqual([503, "ServiceUnavailable"]);
    expect(answer.body.toString()).toContain(expected);
  });

  it("answers 503 when a service dies before it answers, and breaks off when it dies after", async () => {
    const gateway = await gatewayTo({
      "*": (request, response) => {
        if (request.url === "/before") request.socket.destroy();
        else response.writeHead(200, { "content-length": 100 }).write("some", () => request.socket.destroy());
      },
    });
    expect((await call(gateway, { path: "/before" })).status).toBe(503);
    await expect(call(gateway, { path: "/after" })).rejects.toThrow("aborted");
  });

  it("gives up a request whose client has gone", async () => {
    let reached: (request: IncomingMessage) => void = () => undefined;
    const arrived = new Promise<IncomingMessage>((resolve) => {
      reached = resolve;
    });
    const gateway = await gatewayTo({ "*": (request) => reached(request) });
    const outgoing = httpRequest(at(gateway));
    outgoing.on("error", () => undefined);
    outgoing.end();
    const { socket } = await arrived;
    outgoing.destroy();
    await once(socket, "close");
  });

  it("tells the state of every route", async () => {
    const gateway = await started({
      "*": await origin((_request, response) => response.end()),
      lambda: new URL("http://127.0.0.1:1"),
    });
    const answer = await call(gateway, { path: "/_local/health" });
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      healthy: false,
      routes: { "*": { up: true }, lambda: { url: "http://127.0.0.1:1", up: false } },
    });
  });
});

function signed(service: string) {
  const scope = `test/20261123/us-east-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
}

async function origin(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  open.push(server);
  return new URL(`http://127.0.0.1:${await listen(server, 0)}`);
}

async function started(routes: Parameters<typeof createGateway>[0]): Promise<URL> {
  const server = createGateway(routes, EVERYBODY);
  open.push(server);
  return new URL(`http://127.0.0.1:${await listen(server, 0)}`);
}

async function gatewayTo({
  "*": rest,
  ...services
}: {
  "*": RequestListener;
  [service: string]: RequestListener;
}) {
  const origins = Object.entries(services).map(
    async ([name, listener]) => [name, await origin(listener)] as const,
  );
  return started({ ...Object.fromEntries(await Promise.all(origins)), "*": await origin(rest) });
}

const at = (gateway: URL) => ({ host: gateway.hostname, port: gateway.port });

interface Answer {
  readonly status: number | undefined;
  readonly message: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function call(gateway: URL, options: RequestOptions, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ ...at(gateway), ...options }, (answer) => {
      const { statusCode: status, statusMessage: message, headers } = answer;
      readBody(answer).then((read) => resolve({ status, message, headers, body: read }), reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Sends bytes and reads until the connection is closed. */
async function raw(gateway: URL, text: string): Promise<string> {
  const socket = connect(Number(gateway.port), gateway.hostname);
  socket.write(text);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
