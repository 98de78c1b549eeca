import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A stand-in for the network between a client and the collector. */
export interface Relay {
  readonly url: string;
  /** What the collector answered, and whether the client was told. */
  readonly answers: readonly { readonly path: string; readonly status: number; readonly told: boolean }[];
  close(): Promise<void>;
}

/**
 * Passes requests on to the collector, unchanged. Of the first `lost` requests that are taken, the client is told
 * that they were not, so that it sends them again, as it does when an answer is lost.
 */
export async function relayTo(collectorUrl: string, lost = 0): Promise<Relay> {
  const answers: { path: string; status: number; told: boolean }[] = [];
  let left = lost;
  const server = createServer((request, response) => {
    forward(collectorUrl, request).then(
      ({ status, body }) => {
        const told = status !== 200 || left === 0;
        if (!told) left -= 1;
        answers.push({ path: request.url ?? "", status, told });
        response.writeHead(told ? status : 503).end(told ? body : "");
      },
      () => response.writeHead(502).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function forward(collectorUrl: string, request: IncomingMessage) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    ["host", "connection", "content-length"].includes(name) ? [] : [[name, String(value)]],
  );
  const answer = await fetch(new URL((request.url ?? "").slice(1), collectorUrl), {
    method: request.method ?? "GET",
    headers,
    ...(request.method === "POST" ? { body: new Uint8Array(Buffer.concat(chunks)) } : {}),
  });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}
