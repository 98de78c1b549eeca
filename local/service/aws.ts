import { randomUUID } from "node:crypto";
import type { Handler, Request, Response } from "./http";
import { checkInput } from "./model/input";
import { errorShape, type ServiceModel } from "./model/model";
import { AwsError } from "./protocol/error";
import { parseJson } from "./protocol/json";

export { AwsError } from "./protocol/error";
export { parseJson } from "./protocol/json";

/** The account every local resource belongs to. */
export const ACCOUNT_ID = "000000000000";

/** The Region every local resource lives in. */
export const REGION = "us-east-1";

/** `arn:aws:<service>:<region>:<account>:<resource>` of a local resource. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
}

/** An answer that is JSON already, so that numbers past 2^53 keep their digits. */
export class JsonText {
  constructor(readonly text: string) {}
}

export type Operation = (input: never) => Promise<object> | object;

/**
 * Serves a service of the AWS JSON protocols (1.0 and 1.1): one POST a call, the operation named by
 * `X-Amz-Target: <prefix>.<Operation>`. What breaks the service's model is refused before the operation sees it.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function awsJson(model: ServiceModel, operations: Readonly<Record<string, Operation>>): Handler {
  return async (request) => {
    const type = request.headers["content-type"] ?? "application/x-amz-json-1.1";
    const name = operationName(request, model);
    try {
      const operation = name !== undefined && Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (name === undefined || operation === undefined)
        throw new AwsError(
          "UnknownOperationException",
          `the local ${model.metadata.serviceId} has no operation ${name ?? "(none named)"}`,
        );
      const input = parseJson(request.body);
      checkInput(model, name, input);
      const output = await operation(input as never);
      const body = output instanceof JsonText ? output.text : JSON.stringify(output);
      return { status: 200, headers: awsHeaders(type), body };
    } catch (error) {
      const fault = asAwsError(error);
      const body = { __type: fault.code, ...errorMembers(model, fault) };
      return { status: fault.status, headers: awsHeaders(type), body: JSON.stringify(body) };
    }
  };
}

/**
 * An error as the REST JSON protocol answers it.
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
 */
export function restJsonError(model: ServiceModel, error: unknown): Response {
  const fault = asAwsError(error);
  return {
    status: fault.status,
    headers: { ...awsHeaders("application/json"), "x-amzn-errortype": fault.code },
    body: JSON.stringify(errorMembers(model, fault)),
  };
}

/** An error's members: the message is called `message` or `Message`, as its shape has it. */
function errorMembers(model: ServiceModel, { code, message, members }: AwsError): object {
  const shape = errorShape(model, code);
  const name = shape?.members?.Message === undefined ? "message" : "Message";
  return { [name]: message, ...members };
}

/** An answer in REST JSON. */
export function restJson(status: number, body?: object): Response {
  return {
    status,
    headers: awsHeaders("application/json"),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** The operation that a request of the AWS JSON protocols names. */
export function operationName(
  request: Pick<Request, "headers">,
  { metadata }: ServiceModel,
): string | undefined {
  const target = request.headers["x-amz-target"];
  const prefix = metadata.targetPrefix ?? "";
  return typeof target === "string" && target.startsWith(`${prefix}.`)
    ? target.slice(prefix.length + 1)
    : undefined;
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  console.error(error);
  return new AwsError("InternalFailure", error instanceof Error ? error.message : String(error), 500);
}

function awsHeaders(contentType: string): Record<string, string> {
  return { "content-type": contentType, "x-amzn-requestid": randomUUID() };
}
