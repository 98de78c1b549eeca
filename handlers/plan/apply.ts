import { FittedAdditions, NOTHING } from "../enrich/additions";
import { columns } from "../event/columns";
import type { CanonicalEvent } from "../event/event";
import type { Rejection } from "../event/failure";
import { checkPlan } from "./check";
import type { PlanRules } from "./plan";
import { promotedOf } from "./promote";
import type { Violation } from "./violations";

/** What the plan makes of an event: it goes on, with more columns, or it is rejected. */
export type Planned =
  | { readonly additions: FittedAdditions; readonly flagged: boolean }
  | { readonly rejection: Pick<Rejection, "reason" | "detail"> };

/** The columns that the plan fills. */
const planColumns = Object.fromEntries(Object.entries(columns).filter(([, { from }]) => from === "plan"));

const UNTOUCHED: Planned = { additions: NOTHING, flagged: false };

/** What is added to events that keep to a version, and have no other column of the plan. */
const keptTo = new Map<number, Planned>();

/** Holds an event against the plan, and finds what its columns of the plan hold. */
export function applyPlan(event: CanonicalEvent, rules: PlanRules): Planned {
  const { version, violations, rejected } = checkPlan(event, rules);
  if (rejected !== undefined)
    return { rejection: { reason: rejected, detail: violations.map(shown).join("; ") } };
  const promoted = promotedOf(event);
  const flagged = violations.length > 0;
  if (!flagged && promoted === undefined) return version === undefined ? UNTOUCHED : kept(version);
  const added = {
    ...promoted,
    ...(version === undefined ? {} : { plan_version: version }),
    ...(flagged ? { violations } : {}),
  };
  return { additions: FittedAdditions.fit(added, planColumns), flagged };
}

function kept(version: number): Planned {
  const known = keptTo.get(version);
  if (known !== undefined) return known;
  const planned = { additions: FittedAdditions.certain({ plan_version: version }), flagged: false };
  keptTo.set(version, planned);
  return planned;
}

function shown({ path, must, got }: Violation): string {
  return `${path} must ${must}${got === undefined ? "" : `, got ${got}`}`;
}
