import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { send } from "../service/http";
import { forward, type Upstream } from "./forward";
import { health } from "./health";
import { type Routes, serviceOf } from "./route";

/** An idle connection is let go before the services' own 75 s, so that none is used as it is being closed. */
const IDLE_MILLISECONDS = 30_000;

/**
 * The one endpoint of the local AWS: each request goes to the service that its signature names. It reads no bodies
 * and holds no state.
 */
export function createGateway(routes: Routes): Server {
  const agent = new Agent({
    keepAlive: true,
    maxFreeSockets: 256,
    timeout: IDLE_MILLISECONDS,
    scheduling: "lifo",
  });
  const handle = (message: IncomingMessage, response: ServerResponse): void => {
    if (message.url === "/_local/health") answerHealth(routes, response);
    else forward(message, response, route(message));
  };
  const route = (message: IncomingMessage): Upstream => {
    const service = serviceOf(message);
    return { service, agent, origin: (service === undefined ? undefined : routes[service]) ?? routes["*"] };
  };
  const server = createServer(
    { keepAliveTimeout: 75_000, requestTimeout: 0, highWaterMark: 256 * 1024 },
    handle,
  );
  server.on("checkContinue", handle); // passed on: the service itself says whether it wants the body
  server.on("close", () => agent.destroy());
  return server;
}

function answerHealth(routes: Routes, response: ServerResponse): void {
  void health(routes).then((state) =>
    send(response, {
      status: state.healthy ? 200 : 503,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(state),
    }),
  );
}
