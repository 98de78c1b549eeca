import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { listen, type Request, type Response, readRequest, send } from "../../local/service/http";
import { MODELLED, type Modelled } from "../../local/service/model/botocore";
import { serviceModel } from "../../local/service/model/load";
import { checkedExchange, type Exchange } from "../contract/answers";

/** A gateway in front of the cloud's, that checks what passes by against AWS's models. */
export interface CheckedGateway {
  readonly url: string;
  /** Of the services that the project serves itself. */
  readonly exchanges: Exchange[];
  readonly close: () => void;
}

/** Starts a gateway that passes every request on as it came: what is signed must not change, the Host header neither. */
export async function checkedGateway(gatewayUrl: string): Promise<CheckedGateway> {
  const exchanges: Exchange[] = [];
  const server = createServer((message, answer) => {
    readRequest(message)
      .then(async (request) => {
        const response = await passedOn(`${gatewayUrl}${message.url}`, request);
        const service = serviceOf(request.headers);
        if (service !== undefined) exchanges.push(checkedExchange(serviceModel(service), request, response));
        send(answer, response);
      })
      .catch((error: unknown) => answer.destroy(error instanceof Error ? error : undefined));
  });
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url, exchanges, close };
}

/** The service that a request is signed for, if the project serves it. */
function serviceOf({ authorization = "" }: IncomingHttpHeaders): Modelled | undefined {
  const [, name] = /\/([a-z-]+)\/aws4_request/.exec(authorization) ?? [];
  return MODELLED.find((service) => service === name);
}

function passedOn(url: string, { method, headers, body }: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(url, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const { "transfer-encoding": _, "content-length": __, ...kept } = answer.headers;
        const passed = Object.entries(kept).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value]],
        );
        resolve({
          status: answer.statusCode ?? 502,
          headers: Object.fromEntries(passed) as Record<string, string | string[]>,
          body: Buffer.concat(chunks),
        });
      });
    });
    call.on("error", reject);
    call.end(body);
  });
}
