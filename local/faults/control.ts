import type { IncomingMessage, ServerResponse } from "node:http";
import { type Request, type Response, readRequest, send } from "../service/http";
import { foreignTo } from "../service/loopback";
import type { Call } from "./fault";
import type { Faults } from "./keeper";

/** Where the gateway serves the control interface. */
export const FAULTS_PATH = "/_local/faults";

/** Longest wait of a request that asks for changes, ms: below what clients and proxies cut off. */
const LISTEN_MS = 20_000;
/** How long setting a fault waits for the services that listen to have heard of it, ms. */
const HEARD_MS = 1_000;

/**
 * The control interface, for this machine alone:
 * - `GET` lists what is set; with `?after=<revision>` once that has changed, or after a while.
 * - `POST {"faults":[…],"seed":7}` sets faults beside those that are; 400 says what is wrong, and nothing is set.
 * - `DELETE` clears all, `DELETE …/<id>` one.
 * - `POST …/draw {"service","operation","resources"}` is a service's question before it does something by itself.
 */
export class FaultControl {
  /** Services that ask for changes: the revision that each last said it knows. */
  readonly #listening = new Map<string, string>();

  constructor(private readonly faults: Faults) {}

  /** Whether a request is for the control interface. */
  static serves({ url = "" }: Pick<IncomingMessage, "url">): boolean {
    return url === FAULTS_PATH || url.startsWith(`${FAULTS_PATH}/`) || url.startsWith(`${FAULTS_PATH}?`);
  }

  serve(message: IncomingMessage, response: ServerResponse): void {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const refusal = foreignTo(message.headers);
    const answer =
      refusal === undefined
        ? readRequest(message).then((request) => this.#answer(request, gone.signal))
        : Promise.resolve(json(403, { error: refusal }));
    answer.then(
      (ready) => send(response, ready),
      () => response.destroy(),
    );
  }

  async #answer(request: Request, gone: AbortSignal): Promise<Response> {
    const rest = request.path.slice(FAULTS_PATH.length);
    const { method } = request;
    if (method === "GET" && rest === "") return this.#list(request.query, gone);
    if (method === "DELETE" && /^(\/\d+)?$/.test(rest)) return this.#clear(rest);
    if (method === "POST" && (rest === "" || rest === "/draw")) {
      const input = parse(request);
      if (typeof input === "string") return json(400, { error: input });
      return rest === "" ? this.#set(input) : this.#draw(input);
    }
    return json(404, { error: `there is no ${method} ${request.path}` });
  }

  async #list(query: URLSearchParams, gone: AbortSignal): Promise<Response> {
    const after = query.get("after");
    if (after !== null) {
      const listener = query.get("listener");
      if (listener !== null) this.#listening.set(listener, after);
      await this.faults.changedSince(after, AbortSignal.any([gone, AbortSignal.timeout(LISTEN_MS)]));
    }
    return json(200, this.faults.list);
  }

  async #set({ faults, seed }: Record<string, unknown>): Promise<Response> {
    if (!Array.isArray(faults) || !faults.every((fault) => typeof fault === "string"))
      return json(400, { error: `faults must be a list of texts, got ${JSON.stringify(faults)}` });
    if (seed !== undefined && !Number.isSafeInteger(seed))
      return json(400, { error: `seed must be a whole number, got ${JSON.stringify(seed)}` });
    const problem = this.faults.set(faults, seed as number | undefined);
    if (problem !== undefined) return json(400, { error: problem });
    await this.#heard();
    return json(201, this.faults.list);
  }

  async #clear(rest: string): Promise<Response> {
    const cleared = this.faults.clear(rest === "" ? undefined : Number(rest.slice(1)));
    if (rest !== "" && cleared === 0) return json(404, { error: `no fault has the id ${rest.slice(1)}` });
    await this.#heard();
    return json(200, { cleared, ...this.faults.list });
  }

  #draw({ service, operation, resources }: Record<string, unknown>): Response {
    const call: Call = {
      service: String(service),
      operation: String(operation),
      resources: Array.isArray(resources) ? resources.map(String) : [],
    };
    const effect = this.faults.draw(call)?.effect;
    return json(200, effect === undefined ? {} : { effect });
  }

  /** Waits until every listener has said that it knows what is set; one that does not in time is forgotten. */
  async #heard(): Promise<void> {
    const { revision } = this.faults;
    const late = (): string[] =>
      [...this.#listening].flatMap(([listener, known]) => (known === revision ? [] : [listener]));
    for (const deadline = Date.now() + HEARD_MS; late().length > 0 && Date.now() < deadline; )
      await new Promise((resolve) => setTimeout(resolve, 5));
    for (const listener of late()) this.#listening.delete(listener);
  }
}

/** A page cannot send this content type to another origin unasked. */
function parse({ headers, body }: Request): Record<string, unknown> | string {
  if (headers["content-type"]?.startsWith("application/json") !== true)
    return `the content type must be application/json, got "${headers["content-type"] ?? ""}"`;
  try {
    const input: unknown = JSON.parse(body.toString("utf8"));
    if (typeof input === "object" && input !== null) return input as Record<string, unknown>;
  } catch {
    // said below
  }
  return "the body must be a JSON object";
}

function json(status: number, body: object): Response {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
