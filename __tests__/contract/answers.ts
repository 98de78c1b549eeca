import { operationName } from "../../local/service/aws";
import type { Request, Response } from "../../local/service/http";
import { errorShape, type OperationModel, type ServiceModel, shapeOf } from "../../local/service/model/model";
import { calledOperation } from "../../local/service/model/rest";
import { type Violations, violations } from "./shapes";

/** What a request called, and how it was answered. */
export interface Exchange {
  readonly service: string;
  /** Undefined for what is no operation of the model. */
  readonly operation: string | undefined;
  /** The error's code; undefined for a success. */
  readonly code: string | undefined;
  readonly violations: Violations;
}

/**
 * Errors that any operation may answer with, though its model does not name them, and their statuses.
 * @see https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/CommonErrors.html
 */
const COMMON_ERRORS: Readonly<Record<string, number | readonly number[]>> = {
  AccessDeniedException: [400, 403],
  InternalFailure: 500,
  SerializationException: 400,
  ThrottlingException: [400, 429],
  UnknownOperationException: [400, 404],
  ValidationException: 400,
};

/** Checks an answer against the model of the operation that was called. */
export function checkedExchange(
  model: ServiceModel,
  request: Pick<Request, "method" | "path" | "query" | "headers">,
  response: Response,
): Exchange {
  const rest = model.metadata.protocol === "rest-json";
  const operation = rest ? calledOperation(model, request)?.name : operationName(request, model);
  const modelled = operation === undefined ? undefined : model.operations[operation];
  const body = response.body?.toString() ?? "";
  const failed = response.status >= 300;
  const code = failed ? errorCode(rest, response, body) : undefined;
  const found = failed
    ? checkedError(model, modelled, code, response.status, body)
    : checkedSuccess(model, modelled, response, body);
  return { service: model.metadata.serviceId, operation, code, violations: found };
}

function checkedSuccess(
  model: ServiceModel,
  operation: OperationModel | undefined,
  { status, headers = {} }: Response,
  body: string,
): Violations {
  if (operation === undefined) return [`what is no operation of the model was answered with ${status}`];
  const { output, http } = operation;
  const shape = output === undefined ? undefined : shapeOf(model, output);
  const members = Object.entries(shape?.members ?? {});
  const anyStatus = members.some(([, { location }]) => location === "statusCode");
  const expected = http.responseCode ?? 200;
  const wrongStatus =
    anyStatus || status === expected ? [] : [`the status must be ${expected}, got ${status}`];
  const inHeaders = members.flatMap(([name, { location, locationName = name, shape: of }]) => {
    const text = location === "header" ? headers[locationName.toLowerCase()] : undefined;
    return text === undefined ? [] : violations(model, { shape: of }, text, `the header ${locationName}`);
  });
  return [...wrongStatus, ...inHeaders, ...checkedBody(model, operation, body)];
}

function checkedBody(model: ServiceModel, { output }: OperationModel, body: string): Violations {
  if (output === undefined)
    return body === "" || body === "{}" ? [] : [`the body must be empty, got ${body}`];
  const { payload, members = {} } = shapeOf(model, output);
  if (payload !== undefined) {
    const reference = members[payload];
    if (reference !== undefined && shapeOf(model, reference).type === "blob") return []; // any bytes
  }
  const parsed = parse(body === "" ? "{}" : body);
  return parsed === undefined ? [`the body must be JSON, got ${body}`] : violations(model, output, parsed);
}

function checkedError(
  model: ServiceModel,
  operation: OperationModel | undefined,
  code: string | undefined,
  status: number,
  body: string,
): Violations {
  if (code === undefined) return [`an error must have a code, got ${status} ${body}`];
  const { __type, ...members } = (parse(body) ?? {}) as Record<string, unknown>;
  const of = operation?.errors?.some(({ shape }) => shape === code) ? errorShape(model, code) : undefined;
  const common = COMMON_ERRORS[code];
  if (of === undefined && common === undefined) return [`the operation has no error ${code}`];
  const statuses = of === undefined ? [common].flat() : statusesOf(of.error?.httpStatusCode, of.fault);
  const wrong = statuses.includes(status)
    ? []
    : [`${code} must have status ${statuses.join(" or ")}, got ${status}`];
  const silent = /\S/.test(String(members.message ?? members.Message ?? ""))
    ? []
    : [`${code} has no message`];
  const shape = of === undefined ? commonMembers(members) : violations(model, { shape: code }, members);
  return [...wrong, ...silent, ...shape.map((violation) => `${code}: ${violation}`)];
}

/** Of an error without a status of its own, the protocol's. */
function statusesOf(own: number | undefined, fault = false): number[] {
  if (own !== undefined) return [own];
  return fault ? [500, 503] : [400];
}

function commonMembers(members: object): Violations {
  const unknown = Object.keys(members).filter((name) => !["message", "Message"].includes(name));
  return unknown.map((name) => `${name} is no member of a common error`);
}

function errorCode(rest: boolean, { headers = {} }: Response, body: string): string | undefined {
  if (rest) return headers["x-amzn-errortype"]?.toString();
  const { __type } = (parse(body) ?? {}) as { readonly __type?: string };
  return __type?.split("#").at(-1);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
