import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGateway } from "../../../../local/gateway/gateway";
import type { Demand } from "../../../../local/iam/decision/evaluator";
import { openGuard, USAGE_FILE } from "../../../../local/iam/guard";
import type { Denial } from "../../../../local/iam/refusal/denials";
import { listen, readBody } from "../../../../local/service/http";

/** A request that was let through. */
export interface Served {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the fake evaluator was asked. */
export interface Asked {
  readonly accessKey?: string;
  readonly service?: string;
  readonly checks: readonly Demand[];
}

type Allows = (demand: Demand) => boolean | "Deny";

export const SESSION = "arn:aws:sts::000000000000:assumed-role/loader/load";
export const ROLE = "arn:aws:iam::000000000000:role/loader";

/**
 * A gateway with IAM, on a MiniStack that is faked: it evaluates as a test says, and answers everything else with
 * what a test says.
 */
export class GuardedGateway {
  readonly served: Served[] = [];
  readonly asked: Asked[] = [];
  readonly denials: Denial[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), "iam-"));
  readonly usageFile = join(this.folder, USAGE_FILE);
  allows: Allows = () => true;
  /** Whether the fake breaks every connection. */
  away = false;
  conditionKeys: readonly string[] = [];
  policies = "1.0";
  answer: (served: Served) => string = () => "{}";
  #servers: Server[] = [];
  #guard: { close(): void } | undefined;
  url = "";

  async start(): Promise<void> {
    const origin = createServer(async (request, response) => {
      const body = (await readBody(request)).toString();
      const headers = { "x-local-policies": this.policies };
      if (this.away) request.destroy();
      else if (request.url === "/_local/authorize")
        response.end(JSON.stringify(this.#evaluate(JSON.parse(body))));
      else if (request.url === "/_local/policies") response.end(JSON.stringify({ policies: this.policies }));
      else {
        const served = { url: request.url, headers: request.headers, body };
        this.served.push(served);
        response.writeHead(200, headers).end(this.answer(served));
      }
    });
    const routes = { "*": new URL(`http://127.0.0.1:${await listen(origin, 0)}`) };
    const guard = openGuard(routes, this.folder, (denial) => this.denials.push(denial));
    const gateway = createGateway(routes, guard);
    this.url = `http://127.0.0.1:${await listen(gateway, 0)}`;
    this.#servers = [origin, gateway];
    this.#guard = guard;
  }

  stop(): void {
    this.#guard?.close();
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(this.folder, { recursive: true });
  }

  /** What an SDK client needs to call as the role. */
  get client() {
    const credentials = { accessKeyId: "ASIAROLE", secretAccessKey: "s", sessionToken: "token" };
    return { ...this.anybody, credentials };
  }

  /** What an SDK client needs, but for credentials. */
  get anybody() {
    return { endpoint: this.url, region: "us-east-1", maxAttempts: 1, forcePathStyle: true };
  }

  #evaluate(asked: Asked & { readonly sessionToken?: string }): object {
    this.asked.push(asked);
    const { policies, conditionKeys } = this;
    const decisions = asked.checks.map((demand) => {
      const allowed = this.allows(demand);
      const decision = allowed === "Deny" ? "Deny" : allowed ? "Allow" : "ImplicitDeny";
      return { decision, reason: decision === "Allow" ? "" : "identity-based policy", conditionKeys };
    });
    if (asked.service !== undefined) return { policies, decisions };
    if (asked.accessKey === "ASIAOLD") return { policies, error: "expired" };
    if (asked.accessKey !== "ASIAROLE" || asked.sessionToken !== "token")
      return { policies, error: "unknown" };
    const principal = { arn: SESSION, identity: ROLE, userId: "AROA:load", expiresAt: null, root: false };
    return { policies, principal, decisions };
  }
}
