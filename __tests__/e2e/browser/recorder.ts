import { createServer, type IncomingMessage, type Server } from "node:http";
import { readBody } from "../../../local/service/http";

/** A message as the snippet sent it. */
export interface SentMessage {
  readonly type: string;
  readonly messageId: string;
  readonly anonymousId: string;
  readonly userId?: string;
  readonly event?: string;
  readonly timestamp: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly context: {
    readonly page: { readonly url: string; readonly title: string; readonly referrer?: string };
  };
}

/** A site with the snippet in its pages, and a collector that writes down what it is sent. */
export interface Recorder {
  readonly url: string;
  /** Messages of the requests that were answered with 200, in the order of their arrival, repetitions included. */
  readonly messages: SentMessage[];
  /** Write keys of those requests. */
  readonly keys: string[];
  /** How many requests came, whatever was answered. */
  requests: number;
  /** What a request is answered with. */
  status: number;
  /** The attributes of the script's tag beside its address, and what stands before it. */
  tag: string;
  before: string;
  close(): void;
}

export async function startRecorder(script: Buffer): Promise<Recorder> {
  const server: Server = createServer((message, response) => {
    void answer(message).then(([status, type, body]) => {
      response.writeHead(status, { "content-type": type });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const recorder: Recorder = {
    url: `http://127.0.0.1:${port}`,
    messages: [],
    keys: [],
    requests: 0,
    status: 200,
    tag: "",
    before: "",
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return recorder;

  async function answer(
    message: IncomingMessage,
  ): Promise<[status: number, type: string, body: string | Buffer]> {
    const path = message.url ?? "/";
    if (path === "/clickstream.js") return [200, "text/javascript", script];
    if (path === "/v1/b") {
      recorder.requests += 1;
      const body = JSON.parse((await readBody(message)).toString()) as {
        batch: SentMessage[];
        writeKey: string;
      };
      if (recorder.status === 200) {
        recorder.messages.push(...body.batch);
        recorder.keys.push(body.writeKey);
      }
      return [recorder.status, "application/json", "{}"];
    }
    if (path.endsWith(".csv")) return [200, "text/csv", "a,b\n"];
    const html = `<!doctype html><title>${path}</title>${recorder.before}
<script async src="/clickstream.js" data-key="k1" ${recorder.tag}></script>
<a id="file" href="/prices.csv" download>prices</a> <a id="out" href="http://localhost:${port}/elsewhere">out</a>
<a id="in" href="/in">in</a>`;
    return [200, "text/html", html];
  }
}
