import type { CanonicalEvent, EventType } from "../event/event";
import { isObject } from "../event/json";
import type { PlannedEvent, PlannedVersion, PlanRules } from "./plan";
import { gotOf, type Violation, violationsOf } from "./violations";

/** What became of holding an event against the plan. */
export interface Checked {
  /** The version it keeps to; else the one it was held against. @default none: nothing was checked, or nothing claimed is known */
  readonly version?: number;
  readonly violations: readonly Violation[];
  /** Why it is to be a failed event. @default it is none */
  readonly rejected?: "breaks_plan" | "unplanned_event";
}

const UNCHECKED: Checked = { violations: [] };
const NO_VALUES = {};

/** What an event that keeps to a version answers, made once a version. */
const kept = new WeakMap<PlannedVersion, Checked>();

/**
 * Holds an event against the plan.
 *
 * An event claims a version as Segment's Protocols has it claimed, by the number `context.protocols.event_version`, and
 * is held against that one alone. One that claims none keeps to the plan when it keeps to any version; what it breaks is
 * told of the newest.
 * @see https://segment.com/docs/protocols/tracking-plan/create/
 */
export function checkPlan(event: CanonicalEvent, { plan, policies }: PlanRules): Checked {
  const policy = policies[event.source];
  const events = plan[event.event_type as EventType];
  // Where the plan has a word for all of a type, it stands without a name.
  const planned = events?.get(event.event_name ?? "") ?? (isNamed(event) ? undefined : events?.get(""));
  if (planned === undefined) return unplanned(event, policy?.unplanned ?? "allow");
  const mode = policy?.violations ?? planned.mode;
  if (mode === "allow") return UNCHECKED;
  const checked = claimed(event, planned);
  if (checked.violations.length === 0 || mode === "flag") return checked;
  return { ...checked, rejected: "breaks_plan" };
}

/** Whether a name is what tells events of its type apart, so that each needs a plan of its own. */
function isNamed({ event_type }: CanonicalEvent): boolean {
  return event_type === "track";
}

function unplanned(event: CanonicalEvent, mode: "allow" | "flag" | "reject"): Checked {
  if (mode === "allow" || !isNamed(event)) return UNCHECKED;
  const violations = [
    { path: "/event_name", must: "be an event of the tracking plan", got: gotOf(event.event_name) },
  ];
  return mode === "flag" ? { violations } : { violations, rejected: "unplanned_event" };
}

/** Holds an event against the version that it claims, or against all of them. */
function claimed(event: CanonicalEvent, { versions }: PlannedEvent): Checked {
  const protocols = event.context?.protocols;
  const claim = isObject(protocols) ? protocols.event_version : undefined;
  if (claim !== undefined && claim !== null) {
    const version = versions.find((each) => each.version === claim);
    if (version !== undefined) return held(event, version);
    const known = versions.map((each) => each.version).join(", ");
    return {
      violations: [
        {
          path: "/context/protocols/event_version",
          must: `be a version of the plan: ${known}`,
          got: gotOf(claim),
        },
      ],
    };
  }
  let newest: Checked | undefined;
  for (const version of versions) {
    const checked = held(event, version);
    if (checked.violations.length === 0) return checked;
    newest ??= checked;
  }
  return newest ?? UNCHECKED;
}

function held(event: CanonicalEvent, planned: PlannedVersion): Checked {
  const { version, properties, context } = planned;
  const propertiesKept = properties === undefined || properties(event.properties ?? NO_VALUES);
  const contextKept = context === undefined || context(event.context ?? NO_VALUES);
  if (propertiesKept && contextKept) {
    const known = kept.get(planned);
    if (known !== undefined) return known;
    const checked = { version, violations: [] };
    kept.set(planned, checked);
    return checked;
  }
  const violations = [
    ...(propertiesKept ? [] : violationsOf("/properties", event.properties ?? NO_VALUES, properties.errors)),
    ...(contextKept ? [] : violationsOf("/context", event.context ?? NO_VALUES, context.errors)),
  ];
  return { version, violations };
}
