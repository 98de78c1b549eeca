import type { Plan } from "../plan/plan";

/** The tracking plan, compiled. */
export const plan: Plan;
