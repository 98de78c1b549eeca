import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { FaultControl } from "../faults/control";
import { Injector } from "../faults/gateway/inject";
import { Faults } from "../faults/keeper";
import type { Verdict } from "../iam/authorizer";
import { readBody, send } from "../service/http";
import type { Passage, Upstream } from "./forward";
import { health } from "./health";
import { refuse, unavailable } from "./refuse";
import { type Routes, serviceOf } from "./route";

/** An idle connection is let go before the services' own 75 s, so that none is used as it is being closed. */
const IDLE_MILLISECONDS = 30_000;

/** Who decides whether a request may be served: see local/iam. */
export interface Guard {
  /** The verdict on a request that needs no look. */
  quick(message: IncomingMessage): Verdict | undefined;
  /** The verdict on any other one. Rejects when it cannot be told at the time. */
  judge(message: IncomingMessage, read: () => Promise<Buffer>): Promise<Verdict>;
  /** What is to be noted of the answer to a request that is served. */
  passage(verdict: Verdict & { readonly kind: "allowed" }, service: string | undefined): Passage;
}

/**
 * The one endpoint of the local AWS: each request goes to the service that its signature names, if its credentials'
 * policies allow it. It reads no bodies but those that tell what a role's request needs, and holds no state but the
 * faults that were set on purpose; those strike what is allowed.
 */
export function createGateway(routes: Routes, guard: Guard): Server {
  const agent = new Agent({
    keepAlive: true,
    maxFreeSockets: 256,
    timeout: IDLE_MILLISECONDS,
    scheduling: "lifo",
  });
  const faults = new Faults();
  const injector = new Injector(faults);
  const control = new FaultControl(faults);
  const handle = (message: IncomingMessage, response: ServerResponse): void => {
    if (message.url === "/_local/health") {
      answerHealth(routes, response);
      return;
    }
    if (FaultControl.serves(message)) {
      control.serve(message, response);
      return;
    }
    const upstream = route(message);
    const verdict = guard.quick(message);
    if (verdict !== undefined) act(verdict, message, response, upstream);
    else
      guard
        .judge(message, () => body(message, response))
        .then(
          (judged) => act(judged, message, response, upstream),
          (error: NodeJS.ErrnoException) => unavailable(message, response, upstream, error),
        );
  };
  const act = (
    verdict: Verdict,
    message: IncomingMessage,
    response: ServerResponse,
    upstream: Upstream,
  ): void => {
    if (verdict.kind === "refused") refuse(message, response, upstream.service, verdict.refusal);
    else injector.forward(message, response, upstream, guard.passage(verdict, upstream.service));
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

/** A request's body, which a client may be waiting to be asked for. */
function body(message: IncomingMessage, response: ServerResponse): Promise<Buffer> {
  if (message.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
  return readBody(message);
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
