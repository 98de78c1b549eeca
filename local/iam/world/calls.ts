import { type Agent, request } from "node:http";
import { ACCOUNT_ID } from "../../service/aws";

/** Where services listen: signing name → origin; `*` is every other one. */
export interface Origins {
  readonly [service: string]: URL;
  readonly "*": URL;
}

interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly target?: string;
  readonly body?: string;
}

/** A call of a service as the account itself, past the gateway, which asks in order to decide. */
export function post(
  origin: URL,
  agent: Agent,
  { method, path, target, body = "" }: Call,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...{ agent, method, path, host: origin.hostname, port: origin.port, timeout: 10_000 },
        headers: {
          "content-length": Buffer.byteLength(body),
          "x-local-principal": `arn:aws:iam::${ACCOUNT_ID}:root`,
          ...(target === undefined
            ? {}
            : { "content-type": "application/x-amz-json-1.1", "x-amz-target": target }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
        );
      },
    );
    call.on("timeout", () => call.destroy(new Error(`${target ?? path} was not answered in time`)));
    call.on("error", reject);
    call.end(body);
  });
}
