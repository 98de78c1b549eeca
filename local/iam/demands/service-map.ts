import type { Demand } from "../decision/evaluator";
import type { ApiRequest } from "../request";
import type { World } from "../world/world";

/** An operation and what AWS's authorization reference says that it needs. */
export interface Operation {
  /** As the API names it. */
  readonly name: string;
  readonly demands: readonly Demand[];
}

/** Who calls, as far as that decides what is needed. */
export interface Caller {
  /** `aws:userid` */
  readonly userId: string;
}

/**
 * What a service's operations need: actions, the resources they are on, and condition keys that the request decides.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export interface ServiceMap {
  /** Whether the body must be read to tell what is needed. */
  readsBody(request: Pick<ApiRequest, "method" | "path" | "query" | "headers">): boolean;
  /** Undefined for an operation that is not in the map: it is refused, whatever the policies say. */
  operation(request: ApiRequest, world: World, caller: Caller): Promise<Operation | undefined>;
}

/** The JSON that an AWS JSON request bears. */
export type Input = Readonly<Record<string, unknown>>;

/** What an operation needs. @param action its own: `<prefix>:<Operation>` */
export type DemandsOf = (
  input: Input,
  action: string,
  world: World,
  caller: Caller,
) => readonly Demand[] | Promise<readonly Demand[]>;

/** An operation whose action bears its name, on the resources that its input names. */
export function on(resources: (input: Input, world: World) => Resources | Promise<Resources>): DemandsOf {
  return async (input, action, world) => {
    const found = await resources(input, world);
    const arns = typeof found === "string" || found === undefined ? [found] : found;
    return arns.map((resource) => ({ action, resource: resource ?? "*" }));
  };
}

/** ARNs, or nothing where the input names no resource. */
type Resources = string | undefined | readonly string[];

/** An operation whose action has no resource. */
export const onAll: DemandsOf = (_input, action) => [{ action, resource: "*" }];

/** An operation that is authorized as another one is. */
export function as(action: string, demandsOf: DemandsOf): DemandsOf {
  return (input, _action, world, caller) => demandsOf(input, action, world, caller);
}

/** A text of the input. */
export function text(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === "string" ? value : undefined;
}

/** A request's JSON body; undefined when it is none. */
export function parseInput(body: Buffer): Input | undefined {
  if (body.length === 0) return {};
  try {
    const input: unknown = JSON.parse(body.toString("utf8"));
    return typeof input === "object" && input !== null ? (input as Input) : undefined;
  } catch {
    return undefined;
  }
}
