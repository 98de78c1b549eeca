import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { listen } from "../../../../local/service/http";
import { answerAssumeRole, isForSts } from "../../sts";

/** A call that the fake gateway has received. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A gateway that lets roles be taken on, and answers every other call as it is told. */
export async function fakeGateway(answer: (received: Received) => { status: number; body: string }): Promise<{
  url: string;
  received: Received[];
  server: Server;
}> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (isForSts(request)) {
        answerAssumeRole(response);
        return;
      }
      const call = { headers: request.headers, body: Buffer.concat(chunks).toString("utf8") };
      received.push(call);
      const { status, body } = answer(call);
      response.writeHead(status).end(body);
    });
  });
  return { url: `http://127.0.0.1:${await listen(server, 0)}`, received, server };
}
