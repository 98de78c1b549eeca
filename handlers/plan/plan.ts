import type { EventType } from "../event/event";

/** What becomes of an event that breaks the plan: nothing, a note in its `violations`, or it is a failed event. */
export const planModes = ["allow", "flag", "reject"] as const;
export type PlanMode = (typeof planModes)[number];

/** One fault that a validator found, as ajv tells it. */
export interface ValidatorError {
  readonly keyword: string;
  /** JSON pointer of the value. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** A schema as a plain function; what it found stands in `errors` until it is called again. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

/** One version of a planned event. */
export interface PlannedVersion {
  readonly version: number;
  /** @default any properties keep to it */
  readonly properties?: Validator;
  /** @default any context keeps to it */
  readonly context?: Validator;
}

/** An event of the plan. */
export interface PlannedEvent {
  readonly mode: PlanMode;
  /** The newest first; one at least. */
  readonly versions: readonly [PlannedVersion, ...PlannedVersion[]];
}

/** The tracking plan as functions run it: events by type and name, "" where a type's events have none. */
export type Plan = { readonly [type in EventType]?: ReadonlyMap<string, PlannedEvent> };

/** What a source makes of the plan. */
export interface PlanPolicy {
  /** What becomes of events that break the plan, whatever the plan says itself. @default as each event's plan says */
  readonly violations?: PlanMode;
  /** What becomes of tracked events that the plan does not name. @default "allow" */
  readonly unplanned?: PlanMode;
}

/** Policies by the name of their source. A source without one has the defaults. */
export type PlanPolicies = Readonly<Record<string, PlanPolicy>>;

/** The plan, and who is held to it how. */
export interface PlanRules {
  readonly plan: Plan;
  readonly policies: PlanPolicies;
}

/**
 * Reads what sources make of the plan.
 * @param json `PlanPolicies`
 * @throws when it is not that, naming what is wrong.
 */
export function readPolicies(json: string): PlanPolicies {
  const read: unknown = JSON.parse(json);
  if (!isRecord(read)) throw new Error(`PLAN_POLICIES must be an object, got ${json}`);
  for (const [source, policy] of Object.entries(read)) {
    if (!isRecord(policy))
      throw new Error(`PLAN_POLICIES: ${source} must be an object, got ${JSON.stringify(policy)}`);
    for (const [name, mode] of Object.entries(policy)) {
      if (name !== "violations" && name !== "unplanned")
        throw new Error(`PLAN_POLICIES: ${source} may say violations and unplanned, got ${name}`);
      if (!planModes.some((known) => known === mode))
        throw new Error(
          `PLAN_POLICIES: ${source}.${name} must be one of ${planModes.join(", ")}, got ${JSON.stringify(mode)}`,
        );
    }
  }
  return read as PlanPolicies;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
