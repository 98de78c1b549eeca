import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { send } from "../../../cli/importing/send";

const batch = { index: 3, messages: [{ messageId: "a", type: "page" }], body: '{"batch":[{}]}' };
const receipt = { accepted: 1, failed: 0, duplicate: 0, batches: ["b"] };

let server: Server;
let answers: { status: number; body: unknown }[];
let requests: { url: string | undefined; authorization: string | undefined; body: string }[];
let url: string;

beforeEach(async () => {
  answers = [];
  requests = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({
      url: request.url,
      authorization: request.headers.authorization,
      body: gunzipSync(Buffer.concat(chunks)).toString(),
    });
    const answer = answers.shift() ?? { status: 200, body: receipt };
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe("sending a batch", () => {
  it("gives the collector's receipt", async () => {
    expect(await send({ url, writeKey: "key" }, batch)).toEqual(receipt);
    expect(requests).toEqual([
      {
        url: "/v1/import",
        authorization: `Basic ${Buffer.from("key:").toString("base64")}`,
        body: batch.body,
      },
    ]);
  });

  it("tries again while the collector is overloaded", async () => {
    answers = [
      { status: 503, body: {} },
      { status: 429, body: {} },
    ];
    expect(await send({ url, writeKey: "key" }, batch)).toEqual(receipt);
    expect(requests).toHaveLength(3);
  });

  it.each([
    [401, /does not know the write key "key"/],
    [400, /refused batch 3 for good \(400\)/],
  ])("stops at once at %d", async (status, message) => {
    answers = [{ status, body: { error: "x" } }];
    await expect(send({ url, writeKey: "key" }, batch)).rejects.toThrow(message);
    expect(requests).toHaveLength(1);
  });

  it("does not believe a receipt that does not add up", async () => {
    answers = [{ status: 200, body: { ...receipt, accepted: 0 } }];
    await expect(send({ url, writeKey: "key" }, batch)).rejects.toThrow("does not add up");
  });
});
