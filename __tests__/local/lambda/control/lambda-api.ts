import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LambdaService, lambdaService } from "../../../../local/lambda/service";
import { stsAlone } from "../../sts";
import { zip } from "../zip";

export type Json = Record<string, unknown>;

export const FUNCTIONS = "/2015-03-31/functions";
export const MAPPINGS = "/2015-03-31/event-source-mappings";
export const CODE = zip({ "index.mjs": "export const handler = async (event) => ({ got: event });" });

/** A Lambda of its own, whose API is called without a socket. */
export class Api {
  /** On a gateway that has STS behind it and nothing else: whatever is polled is tried again. */
  static async withRoles(): Promise<Api> {
    const sts = await stsAlone();
    const api = new Api(sts.url);
    api.#sts = sts.server;
    return api;
  }

  #sts: Server | undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), "lambda-api-"));
  #service: LambdaService;

  /** @param gatewayUrl by default nothing listens: whatever polls it tries again. */
  constructor(private readonly gatewayUrl = "http://127.0.0.1:1") {
    for (const name of ["state", "logs"]) mkdirSync(join(this.#folder, name));
    this.#service = this.#open();
  }

  async restart(): Promise<void> {
    await this.#service.stop();
    this.#service = this.#open();
    await this.#service.restore();
  }

  async remove(): Promise<void> {
    await this.#service.stop();
    this.#sts?.close();
    this.#sts?.closeAllConnections();
    rmSync(this.#folder, { recursive: true });
  }

  async call(method: string, target: string, input?: object | string, headers: Record<string, string> = {}) {
    const [path = "", search = ""] = target.split("?");
    const text = input === undefined ? "" : typeof input === "string" ? input : JSON.stringify(input);
    const query = new URLSearchParams(search);
    const request = { method, path, query, headers, body: Buffer.from(text) };
    const response = await this.#service.handler(request);
    const body = String(response.body ?? "");
    return {
      status: response.status,
      headers: response.headers ?? {},
      code: response.headers?.["x-amzn-errortype"],
      body: (body === "" ? {} : JSON.parse(body)) as Json,
    };
  }

  /** Creates the function `probe`, which answers what it got. */
  create(more: object = {}) {
    return this.call("POST", FUNCTIONS, {
      ...{ FunctionName: "probe", Role: "arn:aws:iam::000000000000:role/probe" },
      ...{ Runtime: "nodejs22.x", Handler: "index.handler" },
      Code: { ZipFile: CODE.toString("base64") },
      ...more,
    });
  }

  #open(): LambdaService {
    return lambdaService({
      ...{ port: 1, gatewayUrl: this.gatewayUrl },
      ...{ stateDir: join(this.#folder, "state"), logDir: join(this.#folder, "logs") },
    });
  }
}

/** Gives each test of a file a Lambda of its own that knows roles, and keeps what it prints to itself. */
export function apiOfEachTest(): Pick<Api, "call" | "create" | "restart"> {
  let api: Api;
  beforeEach(async () => {
    api = await Api.withRoles();
    for (const method of ["error", "warn"] as const)
      jest.spyOn(console, method).mockImplementation(() => undefined);
  });
  afterEach(async () => {
    await api.remove();
    jest.restoreAllMocks();
  });
  return {
    call: (...values) => api.call(...values),
    create: (more) => api.create(more),
    restart: () => api.restart(),
  };
}
