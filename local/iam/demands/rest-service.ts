import { arn } from "../../service/aws";
import { one } from "../request";
import type { ServiceMap } from "./service-map";

/** An operation of a REST service. */
interface RestOperation {
  /** `GET /functions/{name}` */
  readonly route: string;
  readonly name: string;
  /** @default `<prefix>:<name>` */
  readonly action?: string;
  /** @default the action has no resource */
  readonly resource?: (labels: Readonly<Record<string, string>>, query: URLSearchParams) => string;
}

function restService(prefix: string, operations: readonly RestOperation[]): ServiceMap {
  const routes = operations.map((operation) => {
    const [method, template = ""] = operation.route.split(" ");
    const pattern = template.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    return { method, pattern: new RegExp(`^${pattern}/?$`), operation };
  });
  return {
    readsBody: () => false,
    async operation({ method, path, query, headers }) {
      if (one(headers["x-amz-target"]) !== undefined) return undefined;
      for (const { method: wanted, pattern, operation } of routes) {
        const match = method === wanted ? pattern.exec(path) : null;
        if (match === null) continue;
        const labels = decoded(match.groups ?? {});
        if (labels === undefined) return undefined;
        const { name, action = `${prefix}:${name}`, resource } = operation;
        return { name, demands: [{ action, resource: resource?.(labels, query) ?? "*" }] };
      }
      return undefined;
    },
  };
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return undefined;
  }
}

/** A function's ARN, with the version or alias that the call names: its name, partial ARN or ARN may stand for it. */
function functionArn(named = "", qualifier?: string | null): string {
  const [, name = named, inName] =
    /^(?:arn:aws:lambda:[^:]*:\d*:function:|\d{12}:function:)?([^:]+)(?::(.+))?$/.exec(named) ?? [];
  const version = inName ?? qualifier ?? undefined;
  return arn("lambda", `function:${name}${version === undefined ? "" : `:${version}`}`);
}

const FUNCTION = "/2015-03-31/functions/{name}";
const MAPPINGS = "/2015-03-31/event-source-mappings";

const ofFunction = ({ name }: Readonly<Record<string, string>>, query: URLSearchParams): string =>
  functionArn(name, query.get("Qualifier"));
const ofMapping = ({ uuid }: Readonly<Record<string, string>>): string =>
  arn("lambda", `event-source-mapping:${uuid}`);

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambda = restService("lambda", [
  {
    route: `POST ${FUNCTION}/invocations`,
    name: "Invoke",
    action: "lambda:InvokeFunction",
    resource: ofFunction,
  },
  { route: `GET ${FUNCTION}`, name: "GetFunction", resource: ofFunction },
  { route: `GET ${FUNCTION}/configuration`, name: "GetFunctionConfiguration", resource: ofFunction },
  {
    route: "GET /2019-09-30/functions/{name}/concurrency",
    name: "GetFunctionConcurrency",
    resource: ofFunction,
  },
  {
    route: "PUT /2017-10-31/functions/{name}/concurrency",
    name: "PutFunctionConcurrency",
    resource: ofFunction,
  },
  {
    route: "DELETE /2017-10-31/functions/{name}/concurrency",
    name: "DeleteFunctionConcurrency",
    resource: ofFunction,
  },
  { route: "GET /2015-03-31/functions", name: "ListFunctions" },
  { route: `GET ${MAPPINGS}`, name: "ListEventSourceMappings" },
  { route: `GET ${MAPPINGS}/{uuid}`, name: "GetEventSourceMapping", resource: ofMapping },
  { route: `PUT ${MAPPINGS}/{uuid}`, name: "UpdateEventSourceMapping", resource: ofMapping },
]);

const ofSchedule = ({ name }: Readonly<Record<string, string>>, query: URLSearchParams): string =>
  arn("scheduler", `schedule/${query.get("groupName") ?? "default"}/${name}`);

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html */
export const scheduler = restService("scheduler", [
  { route: "GET /schedules/{name}", name: "GetSchedule", resource: ofSchedule },
  { route: "GET /schedules", name: "ListSchedules" },
]);
