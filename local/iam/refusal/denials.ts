import type { Demand } from "../decision/evaluator";

/** How long the same denial is not told again, ms: a poller meets it several times a second. */
const SILENCE_MS = 10_000;

/** A denial, as people are told. */
export interface Denial {
  /** The function that was denied, or the role and who used it. */
  readonly who: string;
  readonly action: string;
  readonly resource: string;
  /** `because no identity-based policy allows it` */
  readonly why: string;
}

/** Tells of denials, each again only after a while. */
export class Denials {
  readonly #told = new Map<string, number>();

  constructor(private readonly tell: (denial: Denial) => void) {}

  add(principalArn: string, { action, resource }: Pick<Demand, "action" | "resource">, why: string): void {
    const key = `${principalArn} ${action} ${resource}`;
    const now = Date.now();
    if (now - (this.#told.get(key) ?? 0) < SILENCE_MS) return;
    if (this.#told.size > 1_000) this.#told.clear();
    this.#told.set(key, now);
    this.tell({ who: whoIs(principalArn), action, resource, why });
  }
}

/** `arn:aws:sts::…:assumed-role/<role>/<session>` in a person's words. */
function whoIs(principalArn: string): string {
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(principalArn) ?? [];
  if (role === undefined) return principalArn;
  return role === session ? role : `${role} (used by ${session})`;
}

/** A denial in one line. */
export function denialLine({ who, action, resource, why }: Denial): string {
  return `DENIED: ${who} may not ${action} on ${resource}: ${why}`;
}
