/** What a fault does where it strikes. Times are in milliseconds. */
export type Effect =
  | { readonly kind: "throttle" | "error" | "lost" | "duplicate" | "reorder" | "stop" }
  /** The caller is kept waiting, then cut off; `done` says whether the service had the request all the same. */
  | { readonly kind: "timeout"; readonly done: boolean; readonly holdMs: number }
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Each item of a batch fails with this probability, and at least one does. */
  | { readonly kind: "partial"; readonly share: number }
  | { readonly kind: "kill"; readonly afterMs: number };

export type FaultKind = Effect["kind"];

/** When a fault strikes. */
export type Moments =
  | { readonly kind: "always" }
  /** Each call with this probability. */
  | { readonly kind: "rate"; readonly rate: number }
  /** The calls of these numbers, counted from 1 since the fault was set. */
  | { readonly kind: "calls"; readonly from: number; readonly to: number };

/** Something that shall go wrong. */
export interface Fault {
  /** As the AWS CLI names it. */
  readonly service: string;
  /** As the service's API names it; `*` is any of them; in lower case something the service does by itself. */
  readonly operation: string;
  /** Only on this table, stream, queue, bucket or function: its name, or the name's end after a hyphen. */
  readonly resource?: string;
  readonly effect: Effect;
  readonly moments: Moments;
}

/** A call, or something a service is about to do by itself. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  /** The names of what it is about; none where that is not known. */
  readonly resources: readonly string[];
}

/** Whether a fault is meant for a call, its moments aside. */
export function concerns(fault: Pick<Fault, "service" | "operation" | "resource">, call: Call): boolean {
  if (fault.service !== call.service) return false;
  const anyOperation = fault.operation === "*" && !isActivity(call.operation);
  if (fault.operation !== call.operation && !anyOperation) return false;
  const { resource } = fault;
  return (
    resource === undefined ||
    call.resources.some((name) => name === resource || name.endsWith(`-${resource}`))
  );
}

/** Whether a name is of something a service does by itself rather than an operation of its API. */
export function isActivity(operation: string): boolean {
  return /^[a-z]/.test(operation);
}
