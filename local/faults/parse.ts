import { resourcesOf } from "./api/identify";
import { operationsOf } from "./api/operations";
import { services } from "./api/services";
import { type Effect, type Fault, isActivity, type Moments } from "./fault";
import { type KindName, kinds } from "./kinds";

/** A fault read from its text, or what is wrong with the text: what must stand there, and what does. */
export type Parsed = { readonly fault: Fault } | { readonly problem: string };

/** How a fault is written. */
export const GRAMMAR =
  "<service>:<operation>[/<resource>]=<kind>[(<argument>,…)][@<rate> | #<calls> | #<first>..<last>]";

const FAULT = /^([^:/=]+):([^:/=]+)(?:\/([^=]+))?=([a-z]+)(?:\(([^()]*)\))?(?:@([^@#]*)|#([^@#]*))?$/;

/** What services do by themselves and faults can strike, beside the operations of their APIs. */
export const activities: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lambda: {
    environment: "an execution environment that runs a function's invocation",
    poller: "an event source mapping's polling, by the function's name",
    batch: "a batch that an event source mapping hands to a function",
    event: "an asynchronous invocation of a function",
  },
  firehose: { object: "an object that a delivery stream writes" },
  scheduler: { invocation: "a schedule's call of its target, by the target's name" },
  s3: { notification: "a notification in a queue, by the bucket's name" },
};

/** Reads a fault: `dynamodb:BatchWriteItem=throttle@0.3`, `firehose:PutRecordBatch=partial#5`. */
export function parseFault(text: string): Parsed {
  const match = FAULT.exec(text.trim());
  if (match === null) return { problem: `a fault must be ${GRAMMAR}, got "${text}"` };
  const [, service = "", operation = "", resource, kind = "", args, rate, calls] = match;
  const problem = placeProblem(service, operation, resource);
  if (problem !== undefined) return { problem };
  const effect = readEffect(service, operation, kind, args);
  if (typeof effect === "string") return { problem: effect };
  const moments = readMoments(rate, calls);
  if (typeof moments === "string") return { problem: moments };
  if (effect.kind === "stop" && moments.kind !== "always")
    return { problem: "stop takes no rate and no calls: it lasts until the fault is cleared" };
  const fault = { service, operation, effect, moments };
  return { fault: resource === undefined ? fault : { ...fault, resource } };
}

function placeProblem(service: string, operation: string, resource: string | undefined): string | undefined {
  const model = services[service];
  if (model === undefined)
    return `the service must be one of ${Object.keys(services).join(", ")}, got "${service}"`;
  const own = activities[service] ?? {};
  if (operation !== "*" && own[operation] === undefined) {
    const names = operationsOf(service).map(({ name }) => name);
    if (!names.includes(operation))
      return `${service} has no operation "${operation}"; there is ${nearest(operation, [...Object.keys(own), ...names])}, or * for any of its API`;
  }
  if (resource === undefined || isActivity(operation) || resourcesOf[service] !== undefined) return undefined;
  return `a resource can be named for ${Object.keys(resourcesOf).join(", ")}; requests to ${service} do not tell theirs`;
}

/** All names, or of many those that look most like what was written. */
function nearest(name: string, names: readonly string[]): string {
  const most = 12;
  if (names.length <= 2 * most) return names.join(", ");
  const wanted = pairs(name);
  const likeness = (other: string): number => {
    const found = pairs(other);
    return (2 * [...wanted].filter((pair) => found.has(pair)).length) / (wanted.size + found.size);
  };
  const best = [...names].sort((one, other) => likeness(other) - likeness(one)).slice(0, most);
  return `${best.join(", ")} (and ${names.length - most} more)`;
}

function pairs(name: string): Set<string> {
  const text = name.toLowerCase();
  return new Set(Array.from({ length: Math.max(text.length - 1, 1) }, (_, at) => text.slice(at, at + 2)));
}

function readEffect(service: string, operation: string, name: string, args = ""): Effect | string {
  const allowed = Object.entries(kinds).filter(([, kind]) => kind.strikes(service, operation));
  const kind = allowed.find(([known]) => known === name)?.[1];
  if (kind === undefined)
    return `${service}:${operation} can have ${allowed.map(([known]) => known).join(", ")}, got "${name}"`;
  const words = args
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  return (
    kind.read(words) ?? `${name} must be written ${kinds[name as KindName].usage}, got "${name}(${args})"`
  );
}

function readMoments(rate: string | undefined, calls: string | undefined): Moments | string {
  if (rate !== undefined) {
    return /^(0?\.\d+|[01](\.0*)?)$/.test(rate)
      ? { kind: "rate", rate: Number(rate) }
      : `the rate after @ must be from 0 to 1, got "${rate}"`;
  }
  if (calls === undefined) return { kind: "always" };
  const [, first, , last] = /^(\d{1,9})(\.\.(\d{1,9}))?$/.exec(calls) ?? [];
  const [from, to] = last === undefined ? [1, Number(first)] : [Number(first), Number(last)];
  return first !== undefined && from >= 1 && to >= from
    ? { kind: "calls", from, to }
    : `the calls after # must be a count such as 5, or the first and the last such as 3..3, counted from 1, got "${calls}"`;
}
