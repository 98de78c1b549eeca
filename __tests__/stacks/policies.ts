import type { Resource, SynthesizedEnvironment } from "./synthesized";
import { stackNames } from "./synthesized";

/** A statement of a policy somewhere in an environment's stacks. */
export interface FoundStatement {
  /** The resource that bears it: type and Terraform's name without its hash. */
  readonly of: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principal: unknown;
  readonly condition: unknown;
}

interface Document {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource?: string | readonly string[];
    readonly Principal?: unknown;
    readonly Condition?: unknown;
  }[];
}

/** Every statement of every policy: of roles, trust, keys, buckets and queues. */
export function statementsOf(environment: SynthesizedEnvironment): FoundStatement[] {
  return stackNames.flatMap((stack) =>
    Object.entries(environment[stack].resource).flatMap(([type, named]) =>
      Object.entries(named).flatMap(([name, resource]) =>
        documentsOf(resource).flatMap(({ Statement }) =>
          Statement.map((statement) => ({
            of: `${type}.${name.replace(/_[0-9A-F]{8}$/, "")}`,
            effect: statement.Effect,
            actions: [statement.Action].flat(),
            resources: [statement.Resource ?? []].flat(),
            principal: statement.Principal,
            condition: statement.Condition,
          })),
        ),
      ),
    ),
  );
}

function documentsOf(resource: Resource): Document[] {
  return ["policy", "assume_role_policy"].flatMap((attribute) => {
    const value = resource[attribute];
    return typeof value === "string" ? [JSON.parse(value) as Document] : [];
  });
}
