import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { FAULTS_PATH } from "../../../local/faults/control";
import type { FaultList } from "../../../local/faults/keeper";
import { createGateway, type Guard } from "../../../local/gateway/gateway";
import { listen, readBody } from "../../../local/service/http";
import type { Endpoint } from "../../../local/service/signed";
import { roleCredentials } from "../credentials";

/** A request as the service behind the gateway got it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What the service behind the gateway answers with. */
export type Serve = (request: Seen) => {
  readonly status?: number;
  readonly type?: string;
  readonly body?: unknown;
};

/** Lets everything through: faults strike what IAM has let through. */
const ADMITTED = { kind: "allowed", principal: "arn:aws:iam::000000000000:root", userId: "0" } as const;
const EVERYBODY: Guard = {
  quick: () => ADMITTED,
  judge: async () => ADMITTED,
  passage: ({ principal }) => ({ principal }),
};

function end(server: Server): void {
  server.close();
  server.closeAllConnections();
}

/** A gateway with its control interface before a service that says what it got. */
export class Bench {
  readonly seen: Seen[] = [];
  serve: Serve = () => ({ body: {} });
  url = "";
  readonly #servers: Server[] = [];

  async open(): Promise<this> {
    const upstream = createServer((message, response) => void this.#answer(message, response));
    const port = await listen(upstream, 0);
    const gateway = createGateway({ "*": new URL(`http://127.0.0.1:${port}`) }, EVERYBODY);
    this.url = `http://127.0.0.1:${await listen(gateway, 0)}`;
    this.#servers.push(gateway, upstream);
    return this;
  }

  close(): void {
    for (const server of this.#servers) end(server);
  }

  /** Ends the service behind the gateway. */
  closeService(): void {
    for (const server of this.#servers.splice(1)) end(server);
  }

  /** Sets faults; with a seed, what chance draws from. */
  async set(...faults: readonly string[]): Promise<FaultList> {
    return (await this.control("", "POST", { faults, seed: 7 })) as FaultList;
  }

  /** Calls the control interface. */
  async control(path: string, method = "GET", body?: object): Promise<unknown> {
    const answer = await fetch(`${this.url}${FAULTS_PATH}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    return answer.json();
  }

  /** How the local services' own calls get here. */
  get caller(): Endpoint {
    return { gatewayUrl: this.url, credentials: async () => roleCredentials };
  }

  /** How an SDK's client gets here; it does not try again by itself. */
  get client() {
    return {
      endpoint: this.url,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    };
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = message;
    const request = { method, url, headers, body: (await readBody(message)).toString("utf8") };
    this.seen.push(request);
    const { status = 200, type = "application/x-amz-json-1.0", body } = this.serve(request);
    response.writeHead(status, { "content-type": type });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }
}
