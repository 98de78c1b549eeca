import { randomUUID } from "node:crypto";
import type { Handler, Request, Response } from "./http";

/** The account every local resource belongs to. */
export const ACCOUNT_ID = "000000000000";

/** The Region every local resource lives in. */
export const REGION = "us-east-1";

/** `arn:aws:<service>:<region>:<account>:<resource>` of a local resource. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
}

/** An error as an AWS service answers it: `code` is the exception's name in the service's API model. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the error shape, beside `message`. */
    readonly members: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** An answer that is JSON already, so that numbers past 2^53 keep their digits. */
export class JsonText {
  constructor(readonly text: string) {}
}

export type Operation = (input: never) => Promise<object> | object;

/**
 * Serves a service of the AWS JSON protocols (1.0 and 1.1): one POST a call, the operation named by
 * `X-Amz-Target: <prefix>.<Operation>`.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function awsJson(prefix: string, operations: Readonly<Record<string, Operation>>): Handler {
  return async (request) => {
    const type = request.headers["content-type"] ?? "application/x-amz-json-1.1";
    const name = operationName(request, prefix);
    const operation = name === undefined ? undefined : operations[name];
    try {
      if (operation === undefined)
        throw new AwsError(
          "UnknownOperationException",
          `${prefix} has no local operation ${name ?? "(none named)"}`,
        );
      const output = await operation(parseJson(request.body) as never);
      const body = output instanceof JsonText ? output.text : JSON.stringify(output);
      return { status: 200, headers: awsHeaders(type), body };
    } catch (error) {
      const fault = asAwsError(error);
      return {
        status: fault.status,
        headers: awsHeaders(type),
        body: JSON.stringify({ __type: fault.code, message: fault.message, ...fault.members }),
      };
    }
  };
}

/**
 * An error as the REST JSON protocol answers it.
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
 */
export function restJsonError(error: unknown): Response {
  const fault = asAwsError(error);
  return {
    status: fault.status,
    headers: { ...awsHeaders("application/json"), "x-amzn-errortype": fault.code },
    body: JSON.stringify({ Message: fault.message, message: fault.message, ...fault.members }),
  };
}

/** An answer in REST JSON. */
export function restJson(status: number, body?: object): Response {
  return {
    status,
    headers: awsHeaders("application/json"),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** The request's JSON body; an empty one is an empty object. */
export function parseJson(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
  } catch {
    throw new AwsError("SerializationException", "the request's body is not JSON");
  }
}

function operationName(request: Request, prefix: string): string | undefined {
  const target = request.headers["x-amz-target"];
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
