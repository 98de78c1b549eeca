import { join } from "node:path";
import type { Plan } from "../../handlers/plan/plan";
import { loadPlan } from "../../tracking-plan/build/compile";

/** The project's own tracking plan, compiled as it is for the function. */
export const shippedPlan = (): Plan => loadPlan(join(__dirname, "..", ".."));
