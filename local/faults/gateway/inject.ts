import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { forward, type Passage, type Upstream } from "../../gateway/forward";
import { refuse, unavailable } from "../../gateway/refuse";
import { readBody } from "../../service/http";
import { type Identified, identify } from "../api/identify";
import { type ErrorShape, services } from "../api/services";
import { type Effect, type Fault, isActivity } from "../fault";
import type { Faults, Strike } from "../keeper";
import { type Answer, exchange } from "./exchange";
import { Redelivery } from "./messages";
import { splitBatch } from "./partial";

/** A request on its way, read whole. */
interface Passing {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: Upstream;
  /** With the body. */
  readonly passage: Passage & { readonly body: Buffer };
  readonly call: Identified;
}

/** Effects that change what a queue hands out: they strike calls that hand something out. */
const onMessages = ({ kind }: Effect): boolean => kind === "duplicate" || kind === "reorder";

/** Forwards requests, and lets the faults that are set strike them on the way. */
export class Injector {
  readonly #redelivery = new Redelivery();

  constructor(private readonly faults: Faults) {}

  /** Forwards a request; while no fault is set on its service, without looking into it. */
  forward(message: IncomingMessage, response: ServerResponse, upstream: Upstream, passage: Passage): void {
    const { service } = upstream;
    if (service === undefined || !this.faults.some((fault) => signedFor(fault) === service)) {
      forward(message, response, upstream, passage);
      return;
    }
    this.#inspect(message, response, { ...upstream, service }, passage).catch(
      (error: NodeJS.ErrnoException) => {
        if (response.headersSent || response.destroyed) response.destroy();
        else unavailable(message, response, upstream, error);
      },
    );
  }

  async #inspect(
    message: IncomingMessage,
    response: ServerResponse,
    upstream: Upstream & { readonly service: string },
    allowed: Passage,
  ): Promise<void> {
    const { method = "GET", url = "/", headers } = message;
    const body = allowed.body ?? (await read(message, response));
    const passage = { ...allowed, body };
    const call = identify({ method, url, headers, body }, upstream.service);
    if (call === undefined) return forward(message, response, upstream, passage);
    const passing = { message, response, upstream, passage, call };
    const receives = isReceive(call);
    const strike = this.faults.draw(
      call,
      (effect) =>
        !(receives && onMessages(effect)) && (effect.kind !== "partial" || call.protocol === "json"),
    );
    if (strike !== undefined) return this.#strike(passing, strike);
    if (receives) return this.#receive(passing);
    forward(message, response, upstream, passage);
  }

  async #strike(passing: Passing, { effect, random }: Strike): Promise<void> {
    const { message, response, upstream, passage, call } = passing;
    switch (effect.kind) {
      case "throttle":
      case "error":
        return refuse(message, response, upstream.service, ownError(call, effect.kind));
      case "slow":
        await sleep(effect.delayMs);
        if (!response.destroyed) forward(message, response, upstream, passage);
        return;
      case "timeout":
        if (effect.done) await exchange(message, upstream, passage);
        await held(response, effect.holdMs);
        response.destroy();
        return;
      case "lost":
        await exchange(message, upstream, passage);
        response.destroy();
        return;
      case "duplicate":
        await exchange(message, upstream, passage);
        return forward(message, response, upstream, passage);
      case "partial": {
        const operation = `${call.service}:${call.operation}`;
        const split = splitBatch(operation, call.input, effect.share, random);
        if (split === undefined) return forward(message, response, upstream, passage); // the service will refuse it
        const answer = split.request === undefined ? nothing(passing) : await ask(passing, split.request);
        return answer.status === 200
          ? sendJson(response, answer, split.answer(parse(answer)))
          : sendAs(response, answer);
      }
      case "reorder":
      case "kill":
      case "stop":
        throw new Error(`${effect.kind} cannot strike ${call.service}:${call.operation}`);
    }
  }

  /** A queue's messages, some of them again or in another order. */
  async #receive(passing: Passing): Promise<void> {
    const { message, response, upstream, passage, call } = passing;
    const waiting = this.#redelivery.take(call.input);
    if (waiting !== undefined) return sendJson(response, nothing(passing), waiting);
    const gone = new AbortController(); // a reader that has gone away must not be given messages
    response.on("close", () => gone.abort());
    const answer = await exchange(message, upstream, passage, gone.signal);
    const output = parse(answer);
    if (answer.status !== 200 || !Array.isArray(output.Messages) || output.Messages.length === 0)
      return sendAs(response, answer);
    const strike = this.faults.draw(call, onMessages);
    const changed = this.#redelivery.change(call.input, output, strike, (other) => this.faults.draw(other));
    sendJson(response, answer, changed);
  }
}

/** The signing name of the requests that a fault strikes; none for what services do by themselves. */
function signedFor({ service, operation }: Fault): string | undefined {
  if (service === "s3" && operation === "notification") return services.sqs?.signingName; // it arrives in a queue
  return isActivity(operation) ? undefined : services[service]?.signingName;
}

function isReceive({ service, operation, protocol }: Identified): boolean {
  return service === "sqs" && operation === "ReceiveMessage" && protocol === "json";
}

/** The service's own error. */
function ownError({ service, operation }: Identified, kind: "throttle" | "error"): ErrorShape {
  const model = services[service];
  if (model === undefined) throw new Error(`${service} is not in the table of services`);
  return kind === "throttle" ? model.throttle(operation) : model.internal;
}

/** A request's body, which a client may be waiting to be asked for. */
function read(message: IncomingMessage, response: ServerResponse): Promise<Buffer> {
  if (message.headers.expect !== undefined) response.writeContinue();
  return readBody(message);
}

/** Resolves after a time, or when the client goes away. */
async function held(response: ServerResponse, ms: number): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  if (!response.destroyed) await sleep(ms, undefined, { signal: gone.signal }).catch(() => undefined);
}

/** Sends another input than the one that came. */
function ask({ message, upstream, passage }: Passing, input: object): Promise<Answer> {
  return exchange(message, upstream, { ...passage, body: Buffer.from(JSON.stringify(input)) });
}

/** The answer of a service that was not asked. */
function nothing({ call }: Passing): Answer {
  const version = services[call.service]?.target?.version ?? "1.1";
  return {
    status: 200,
    headers: { "content-type": `application/x-amz-json-${version}` },
    body: Buffer.from("{}"),
  };
}

function parse({ body }: Answer): Record<string, unknown> {
  return body.length === 0 ? {} : (JSON.parse(body.toString("utf8")) as Record<string, unknown>);
}

function sendAs(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": body.length });
  response.end(body);
}

function sendJson(response: ServerResponse, answer: Answer, output: object): void {
  sendAs(response, { ...answer, body: Buffer.from(JSON.stringify(output)) });
}
