import type { Decision, Demand, Evaluator, Principal } from "./evaluator";

/** A principal's credentials, as a request bears them. */
export interface Credentials {
  readonly accessKey: string;
  readonly sessionToken: string | undefined;
}

/** What became of a look-up of credentials. */
export type Resolution =
  | { readonly kind: "known"; readonly principal: Principal }
  /** As the evaluator's `error`. */
  | { readonly kind: "unknown" | "expired" };

/** The condition keys whose value is the time of the request: no answer that depends on one is kept. */
const TIME_KEYS = ["aws:currenttime", "aws:epochtime"];

/** Answers kept at most; more than a laptop's pipeline ever asks for, and a bound when every object is another. */
const MOST_ANSWERS = 20_000;

interface Held {
  readonly conditionKeys: readonly string[];
  readonly byContext: Map<string, Decision>;
}

/**
 * The evaluator's answers, kept until a policy changes. An answer is kept for a principal, an action, a resource and
 * those values of the context that a policy asks for.
 */
export class Decisions {
  readonly #principals = new Map<
    string,
    { readonly token: string | undefined; readonly principal: Principal }
  >();
  #held = new Map<string, Held>();
  #answers = 0;
  #version = "";

  constructor(private readonly evaluator: Evaluator) {}

  /** To be told of the policies' version whenever it is seen: a newer one ends what was kept. */
  see(version: string): void {
    if (!isNewer(version, this.#version)) return;
    this.#version = version;
    this.#principals.clear();
    this.#held.clear();
    this.#answers = 0;
  }

  /** Whose credentials these are. @throws when the evaluator cannot be reached */
  async resolve(credentials: Credentials): Promise<Resolution> {
    const held = this.#principal(credentials);
    if (held !== undefined) return held;
    const { policies, error, principal } = await this.evaluator.evaluate(credentials, []);
    this.see(policies);
    if (principal === undefined) return { kind: error ?? "unknown" };
    const { accessKey, sessionToken: token } = credentials;
    if (policies === this.#version) this.#principals.set(accessKey, { token, principal });
    return { kind: "known", principal };
  }

  /** What the policies say of each demand of a known principal. @throws when the evaluator cannot be reached */
  async decide(
    credentials: Credentials,
    { arn }: Principal,
    demands: readonly Demand[],
  ): Promise<readonly Decision[]> {
    const known = demands.map((demand) => this.#find(arn, demand));
    const open = demands.filter((_, index) => known[index] === undefined);
    if (open.length === 0) return known as Decision[];
    const { policies, decisions = [] } = await this.evaluator.evaluate(credentials, open);
    this.see(policies);
    const fresh = open.map((demand, index) => {
      const decision = decisions[index];
      if (decision === undefined) throw new Error(`the policy evaluator says nothing of ${demand.action}`);
      if (policies === this.#version) this.#keep(arn, demand, decision);
      return decision;
    });
    return known.map((decision) => decision ?? (fresh.shift() as Decision));
  }

  #principal({ accessKey, sessionToken }: Credentials): Resolution | undefined {
    const held = this.#principals.get(accessKey);
    if (held === undefined || held.token !== sessionToken) return undefined;
    const { expiresAt } = held.principal;
    return expiresAt && Date.now() > expiresAt * 1_000
      ? { kind: "expired" }
      : { kind: "known", principal: held.principal };
  }

  #find(arn: string, demand: Demand): Decision | undefined {
    const held = this.#held.get(keyOf(arn, demand));
    return held?.byContext.get(valuesOf(demand, held.conditionKeys));
  }

  #keep(arn: string, demand: Demand, decision: Decision): void {
    const { conditionKeys } = decision;
    if (conditionKeys.some((key) => TIME_KEYS.includes(key))) return;
    if (this.#answers >= MOST_ANSWERS) {
      this.#held = new Map();
      this.#answers = 0;
    }
    const key = keyOf(arn, demand);
    const held = this.#held.get(key) ?? { conditionKeys, byContext: new Map<string, Decision>() };
    this.#held.set(key, held);
    held.byContext.set(valuesOf(demand, held.conditionKeys), decision);
    this.#answers += 1;
  }
}

/** Versions are `<when MiniStack started>.<changes since>`. */
function isNewer(version: string, than: string): boolean {
  const [start = "", changes = ""] = version.split(".");
  const [thanStart = "", thanChanges = ""] = than.split(".");
  return start === thanStart ? Number(changes) > Number(thanChanges) : Number(start) > Number(thanStart);
}

function keyOf(arn: string, { action, resource }: Demand): string {
  return `${arn} ${action} ${resource}`;
}

function valuesOf({ context }: Demand, conditionKeys: readonly string[]): string {
  if (context === undefined || conditionKeys.length === 0) return "";
  const relevant = Object.entries(context).filter(([key]) => conditionKeys.includes(key.toLowerCase()));
  return relevant.length === 0 ? "" : JSON.stringify(relevant);
}
