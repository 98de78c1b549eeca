import type { IncomingMessage } from "node:http";
import { ACCOUNT_ID } from "../service/aws";
import type { Credentials, Decisions } from "./decision/decisions";
import type { Decision, Demand, Evaluator, Principal } from "./decision/evaluator";
import { SERVICE_MAPS } from "./demands";
import type { Operation } from "./demands/service-map";
import { implicitDemands } from "./implicit/table";
import type { Refusal } from "./refusal/answer";
import type { Denials } from "./refusal/denials";
import { badCredentials, denied, unmapped } from "./refusal/refusals";
import { type ApiRequest, apiRequest, one, type Signature, signatureOf } from "./request";
import type { UsageRecord } from "./usage/usage";
import type { World } from "./world/world";

/** Whether a request may be served. */
export type Verdict =
  | {
      readonly kind: "allowed";
      /** The ARN of the caller: of the role of a session, or of the account. */
      readonly principal: string;
      /** `aws:userid` of the caller. */
      readonly userId: string;
      /** The operation, where it was looked at. */
      readonly operation?: string;
      /** The body, if it had to be read. */
      readonly body?: Buffer;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** What the authorizer works with. */
export interface AuthorizerParts {
  readonly decisions: Decisions;
  readonly evaluator: Evaluator;
  readonly world: World;
  readonly usage: Pick<UsageRecord, "add">;
  readonly denials: Pick<Denials, "add">;
}

const ROOT = `arn:aws:iam::${ACCOUNT_ID}:root`;

/** The account's own key, which operators and Terraform have; MiniStack also takes an account's number for one. */
const ROOT_KEY = /^(?:test|\d{12})$/;

/** How an AWS service presents itself to STS: its service principal in place of a key. */
const SERVICE_KEY = /^[a-z-]+\.amazonaws\.com$/;

/**
 * Decides whether a request may be served: the account's own without a look, every other one by what it needs (see
 * demands/ and implicit/) and what the policies say of that.
 */
export class Authorizer {
  constructor(private readonly parts: AuthorizerParts) {}

  /** The verdict on requests that need no look, at once. */
  quick(message: Pick<IncomingMessage, "headers" | "url">): Verdict | undefined {
    const signature = signatureOf(message);
    return signature !== undefined && ROOT_KEY.test(signature.accessKey) ? rootVerdict(signature) : undefined;
  }

  /**
   * The verdict on a request.
   * @param read reads the request's body, once
   * @throws when the evaluator, or a service that must be asked, cannot be reached
   */
  async judge(message: IncomingMessage, read: () => Promise<Buffer>): Promise<Verdict> {
    const { headers } = message;
    const signature = signatureOf(message);
    if (signature === undefined) return refuse(badCredentials("missing", undefined, headers));
    if (ROOT_KEY.test(signature.accessKey)) return rootVerdict(signature);
    const { service } = signature;
    const map = Object.hasOwn(SERVICE_MAPS, service) ? SERVICE_MAPS[service] : undefined;
    const bodiless = apiRequest(message, signature, Buffer.alloc(0));
    const body = map?.readsBody(bodiless) === true ? await read() : undefined;
    const request = body === undefined ? bodiless : { ...bodiless, body };
    if (SERVICE_KEY.test(signature.accessKey)) return this.#takeOnRole(signature, request);

    const { accessKey, sessionToken } = signature;
    const credentials: Credentials = { accessKey, sessionToken };
    const resolution = await this.parts.decisions.resolve(credentials);
    if (resolution.kind !== "known") return refuse(badCredentials(resolution.kind, service, headers));
    const { principal } = resolution;
    const operation = await map?.operation(request, this.parts.world, principal);
    if (operation === undefined) return this.#unmapped(principal.arn, request);
    const demands = await this.#demands(operation, request, principal);
    const decisions = await this.parts.decisions.decide(credentials, principal, demands);
    for (const [index, decision] of decisions.entries())
      if (decision.decision !== "Allow")
        return this.#deny(principal.arn, demands[index] as Demand, decision, request);
    for (const demand of demands) this.parts.usage.add(principal.identity, demand);
    return {
      kind: "allowed",
      ...{ principal: principal.identity, userId: principal.userId, operation: operation.name },
      ...(body === undefined ? {} : { body }),
    };
  }

  async #demands(operation: Operation, request: ApiRequest, { arn }: Principal): Promise<readonly Demand[]> {
    const session = /:assumed-role\/[^/]+\/(.+)$/.exec(arn)?.[1];
    const implicit = await implicitDemands(operation.demands, request, session, this.parts.world);
    return implicit.length === 0 ? operation.demands : [...operation.demands, ...implicit];
  }

  /** An AWS service may do one thing by itself: take on a role that trusts it. */
  async #takeOnRole({ accessKey: service }: Signature, request: ApiRequest): Promise<Verdict> {
    const { world, evaluator } = this.parts;
    const operation =
      request.service === "sts"
        ? await SERVICE_MAPS.sts?.operation(request, world, { userId: service })
        : undefined;
    if (operation?.name !== "AssumeRole") return this.#unmapped(service, request);
    const sourceArn = one(request.headers["x-local-source-arn"]);
    const demands = operation.demands.map((demand) => ({
      ...demand,
      context: {
        ...demand.context,
        "aws:SourceAccount": ACCOUNT_ID,
        ...(sourceArn === undefined ? {} : { "aws:SourceArn": sourceArn }),
      },
    }));
    const { policies, decisions = [] } = await evaluator.evaluate({ service }, demands);
    this.parts.decisions.see(policies);
    for (const [index, demand] of demands.entries()) {
      const decision = decisions[index] ?? { decision: "ImplicitDeny", reason: "trust policy" };
      if (decision.decision !== "Allow") return this.#deny(service, demand, decision, request);
    }
    return {
      kind: "allowed",
      principal: service,
      userId: service,
      operation: operation.name,
      body: request.body,
    };
  }

  #deny(
    principalArn: string,
    demand: Demand,
    decision: Pick<Decision, "decision" | "reason">,
    { service, headers }: ApiRequest,
  ): Verdict {
    const refusal = denied(principalArn, demand, decision, service, headers);
    const why =
      decision.decision === "Deny"
        ? `explicitly denied by ${decision.reason}`
        : `no ${decision.reason} allows it`;
    this.parts.denials.add(principalArn, demand, why);
    return refuse(refusal);
  }

  #unmapped(principalArn: string, { service, method, path, headers }: ApiRequest): Verdict {
    const what = `${service}:${one(headers["x-amz-target"])?.split(".").at(-1) ?? `${method} ${path}`}`;
    const why = "local/iam does not know which permissions it needs";
    this.parts.denials.add(principalArn, { action: what, resource: "*" }, why);
    return refuse(unmapped(principalArn, what, service, headers));
  }
}

function refuse(refusal: Refusal): Verdict {
  return { kind: "refused", refusal };
}

function rootVerdict({ accessKey }: Signature): Verdict {
  const account = /^\d{12}$/.test(accessKey) ? accessKey : ACCOUNT_ID;
  return {
    kind: "allowed",
    principal: account === ACCOUNT_ID ? ROOT : `arn:aws:iam::${account}:root`,
    userId: account,
  };
}
