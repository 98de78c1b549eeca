import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { type Handler, httpServer, listen, type Request } from "../../local/service/http";
import type { Modelled } from "../../local/service/model/botocore";
import { serviceModel } from "../../local/service/model/load";
import { type OperationModel, type ServiceModel, shapeOf } from "../../local/service/model/model";
import { checkedExchange, type Exchange } from "./answers";
import { brokenInputs, filler } from "./broken";

/** What SDK clients of a test are given. */
export const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

/** A service that is called over HTTP, and whose answers are all checked against its model. */
export class CheckedService {
  readonly exchanges: Exchange[] = [];
  readonly #server: Server;
  url = "";

  constructor(service: Modelled, handler: Handler) {
    const model = serviceModel(service);
    this.#server = httpServer(async (request) => {
      const response = await handler(request);
      this.exchanges.push(checkedExchange(model, request, response));
      return response;
    });
  }

  async start(): Promise<void> {
    this.url = `http://127.0.0.1:${await listen(this.#server, 0)}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What an SDK's client is configured with. */
  get client() {
    return { endpoint: this.url, region: "us-east-1", credentials: CREDENTIALS, maxAttempts: 1 };
  }

  /** Everything that was not as the model has it. */
  get violations(): string[] {
    return this.exchanges.flatMap(({ operation, code, violations }) =>
      violations.map((violation) => `${operation}${code === undefined ? "" : ` (${code})`}: ${violation}`),
    );
  }

  /** The operations that were answered with success. */
  get succeeded(): string[] {
    const names = this.exchanges.flatMap(({ operation, code }) =>
      operation !== undefined && code === undefined ? [operation] : [],
    );
    return [...new Set(names)].sort();
  }

  /** The errors that were answered, as `Operation Code`. */
  get failed(): string[] {
    const names = this.exchanges.flatMap(({ operation, code }) =>
      operation !== undefined && code !== undefined ? [`${operation} ${code}`] : [],
    );
    return [...new Set(names)].sort();
  }
}

/** The code of the error that a call ends with. @throws when it succeeds. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
  throw new Error("the call succeeded");
}

/** A request that calls an operation with an input, each member where the protocol carries it. */
function requestOf(model: ServiceModel, name: string, input: Readonly<Record<string, unknown>>): Request {
  const { http, input: reference } = model.operations[name] as OperationModel;
  const members = reference === undefined ? {} : (shapeOf(model, reference).members ?? {});
  const [template = "", search] = http.requestUri.split("?");
  const query = new URLSearchParams(search);
  const target = model.metadata.targetPrefix;
  const headers: Record<string, string> = target === undefined ? {} : { "x-amz-target": `${target}.${name}` };
  const labels: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(input)) {
    const { location, locationName = member } = members[member] ?? {};
    if (location === "uri") labels[locationName] = String(value);
    else if (location === "querystring")
      for (const each of [value].flat()) query.append(locationName, String(each));
    else if (location === "header") headers[locationName.toLowerCase()] = String(value);
    else body[locationName] = value;
  }
  const byLabel = new Map(
    Object.entries(members).map(([key, { locationName = key }]) => [locationName, key]),
  );
  const unsaid = (label: string) => String(filler(model, members[byLabel.get(label) ?? label]));
  const path = template.replace(/\{([^}]+)\}/g, (_, label: string) =>
    encodeURIComponent(labels[label] ?? unsaid(label)),
  );
  return { method: http.method, path, query, headers, body: Buffer.from(JSON.stringify(body)) };
}

/**
 * Breaks every constraint of every served operation's model, one at a time.
 * @returns what was not refused as AWS's front end refuses it.
 */
export async function unrefused(service: Modelled, handler: Handler): Promise<string[]> {
  const model = serviceModel(service);
  const found: string[] = [];
  let count = 0;
  for (const name of await servedOperations(service, handler)) {
    for (const { input, code, message } of brokenInputs(model, name)) {
      const request = requestOf(model, name, input);
      const response = await handler(request);
      const answered = checkedExchange(model, request, response);
      count += 1;
      const body = String(response.body);
      const said = (JSON.parse(body) as { message?: string; Message?: string }) ?? {};
      if (answered.code !== code || !(said.message ?? said.Message ?? "").includes(message))
        found.push(
          `${name} of ${JSON.stringify(input).slice(0, 200)} must say ${code} ${message}, got ${body}`,
        );
      found.push(...answered.violations);
    }
  }
  if (count === 0) throw new Error("the model has no constraints to break");
  return found;
}

/**
 * Calls every operation of a service's model. @returns the operations that the service has: those that it did not
 * answer with an error that names them.
 * @throws Error for an operation that is neither served nor refused by name.
 */
export async function servedOperations(service: Modelled, handler: Handler): Promise<string[]> {
  const model = serviceModel(service);
  const served: string[] = [];
  for (const name of Object.keys(model.operations)) {
    const request = requestOf(model, name, {});
    const response = await handler(request);
    const { operation, code, violations } = checkedExchange(model, request, response);
    if (operation !== name) throw new Error(`a call of ${name} was taken for one of ${operation}`);
    if (violations.length > 0) throw new Error(`${name}: ${violations.join("; ")}`);
    if (code !== "UnknownOperationException") served.push(name);
    else if (!new RegExp(`\\b${name}\\b`).test(String(response.body)))
      throw new Error(`${name} is refused without its name: ${String(response.body)}`);
  }
  return served.sort();
}

/** The operations that docs/local-aws.md says a service serves. */
export function documentedOperations(service: Modelled): string[] {
  const text = readFileSync(join(__dirname, "..", "..", "docs", "local-aws.md"), "utf8");
  const [, operations = ""] = new RegExp(`^\\| \`${service}\` \\| (.+) \\|$`, "m").exec(text) ?? [];
  return operations.split(", ");
}
