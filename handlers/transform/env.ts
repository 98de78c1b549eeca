import type { EnrichEnv } from "../enrich/env";

/** The names of the delivery streams. */
export interface StreamsEnv {
  readonly RAW_STREAM: string;
  readonly EVENTS_STREAM: string;
  readonly FAILED_STREAM: string;
}

/** What events are enriched with, and held to. */
export interface RulesEnv extends EnrichEnv {
  /** JSON: `PlanPolicies`, `{}` where no source has one. */
  readonly PLAN_POLICIES: string;
}

/** What the transform must be given. */
export interface TransformEnv extends StreamsEnv, RulesEnv {}
