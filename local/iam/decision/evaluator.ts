import { type Agent, request } from "node:http";

/** What MiniStack's answers say of the version of the policies. */
export const VERSION_HEADER = "x-local-policies";

/** One thing that a request needs: an action on a resource, in a context. */
export interface Demand {
  /** `dynamodb:BatchWriteItem` */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  /** Condition keys that the request itself decides, beside the global ones. @default none */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Whoever a request's credentials belong to. */
export interface Principal {
  /** As messages name it: `arn:aws:sts::…:assumed-role/<role>/<session>` for a session. */
  readonly arn: string;
  /** What policies are attached to: the role of a session. */
  readonly identity: string;
  /** `aws:userid` */
  readonly userId: string;
  /** Unix time, s. @default the credentials last */
  readonly expiresAt?: number | null;
  /** Whether it is the account itself, which may do everything. */
  readonly root: boolean;
}

/** What the policies say of one demand. */
export interface Decision {
  readonly decision: "Allow" | "Deny" | "ImplicitDeny";
  /** The kind of policy that denies it, or that has no statement to allow it. */
  readonly reason: string;
  /** Condition keys that any policy concerned names, in lower case: only they can make a difference. */
  readonly conditionKeys: readonly string[];
}

/** What the evaluator answers. */
export interface Evaluation {
  /** Changes with every change of a policy. */
  readonly policies: string;
  /** Why the credentials are none. */
  readonly error?: "unknown" | "expired";
  readonly principal?: Principal;
  /** One a demand, in their order. */
  readonly decisions?: readonly Decision[];
}

/** Who asks: temporary or lasting credentials, or a service that wants to take on a role. */
export type Asker =
  | { readonly accessKey: string; readonly sessionToken: string | undefined }
  | { readonly service: string };

/** Where policies are evaluated. Each call rejects when it cannot be reached. */
export interface Evaluator {
  evaluate(asker: Asker, demands: readonly Demand[]): Promise<Evaluation>;
  /** The version of the policies. */
  version(): Promise<string>;
}

const TIMEOUT_MS = 10_000;

/** MiniStack's own evaluator: see local/ministack/authorization.py. */
export function ministackEvaluator(origin: URL, agent: Agent): Evaluator {
  return {
    evaluate: (asker, checks) =>
      ask(origin, agent, "/_local/authorize", JSON.stringify({ ...asker, checks })),
    version: async () => (await ask<Evaluation>(origin, agent, "/_local/policies", "")).policies,
  };
}

function ask<Answer>(origin: URL, agent: Agent, path: string, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        agent,
        host: origin.hostname,
        port: origin.port,
        path,
        method: "POST",
        headers: { "content-length": Buffer.byteLength(body) },
        timeout: TIMEOUT_MS,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if (response.statusCode === 200) resolve(JSON.parse(text) as Answer);
          else reject(new Error(`the policy evaluator answered ${response.statusCode}: ${text}`));
        });
      },
    );
    call.on("timeout", () => call.destroy(new Error("the policy evaluator did not answer in time")));
    call.on("error", reject);
    call.end(body);
  });
}
