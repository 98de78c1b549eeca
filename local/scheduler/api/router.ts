import { AwsError, parseJson, restJson, restJsonError } from "../../service/aws";
import type { Handler, Request } from "../../service/http";
import type { groupOperations } from "./groups";
import type { scheduleOperations } from "./schedules";

/** Scheduler's operations. */
export interface Operations {
  readonly schedules: ReturnType<typeof scheduleOperations>;
  readonly groups: ReturnType<typeof groupOperations>;
}

/**
 * Serves Scheduler's REST JSON protocol.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
export function router(operations: Operations): Handler {
  return (request) => {
    try {
      return restJson(200, dispatch(request, operations));
    } catch (error) {
      return restJsonError(error);
    }
  };
}

function dispatch(request: Request, { schedules, groups }: Operations): object {
  const { method, path, query } = request;
  const [, collection = "", name = ""] = /^\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
  const resource = decode(name);
  switch (`${method} /${collection}${name === "" ? "" : "/{}"}`) {
    case "POST /schedules/{}":
      return schedules.create(resource, parseJson(request.body));
    case "PUT /schedules/{}":
      return schedules.update(resource, parseJson(request.body));
    case "GET /schedules/{}":
      return schedules.get(resource, query);
    case "DELETE /schedules/{}":
      return schedules.delete(resource, query);
    case "GET /schedules":
      return schedules.list(query);
    case "POST /schedule-groups/{}":
      return groups.create(resource, parseJson(request.body));
    case "GET /schedule-groups/{}":
      return groups.get(resource);
    case "DELETE /schedule-groups/{}":
      return groups.delete(resource);
    case "GET /schedule-groups":
      return groups.list(query);
    case "GET /tags/{}":
      return groups.tags(resource);
    case "POST /tags/{}":
      return groups.tag(resource, parseJson(request.body));
    case "DELETE /tags/{}":
      return groups.untag(resource, query);
    default:
      throw new AwsError("UnknownOperationException", `Scheduler has no operation ${method} ${path}`, 404);
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError("ValidationException", `the path holds a broken percent-encoding: ${segment}`);
  }
}
