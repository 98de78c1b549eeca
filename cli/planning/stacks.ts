import type { SynthesizedStack } from "../deployment/synth";
import { planChanges, type ResourceChange, type Terraform } from "../deployment/terraform";
import { UserError } from "../terminal";

/** What a deploy would do to a stack. A resource that is replaced counts as added and destroyed, as to Terraform. */
export interface PlannedStack {
  readonly name: string;
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly resources: readonly ResourceChange[];
  /** Why it cannot be planned; nothing else is known of it then. */
  readonly problem?: string;
}

/** Plans a stack and changes nothing; what Terraform refuses is its problem. */
export async function planStack(terraform: Terraform, stack: SynthesizedStack): Promise<PlannedStack> {
  try {
    return summarize(stack.name, await planChanges(terraform, stack));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...summarize(stack.name, []), problem: error.message };
  }
}

/** Counts changes. */
export function summarize(name: string, resources: readonly ResourceChange[]): PlannedStack {
  const count = (...actions: readonly ResourceChange["action"][]): number =>
    resources.filter(({ action }) => actions.includes(action)).length;
  return {
    name,
    add: count("create", "replace"),
    change: count("update"),
    destroy: count("delete", "replace"),
    resources,
  };
}
