import type { Call } from "../fault";
import { matchRoute, type RestRequest } from "./routes";
import { type Protocol, services } from "./services";

/** A request, whole. */
export interface WholeRequest extends RestRequest {
  readonly body: Buffer;
}

/** Which operation a request is, and how it speaks. */
export interface Identified extends Call {
  readonly protocol: Protocol;
  /** The input, where the protocol is JSON. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Which operation of which service a request is: named by the target header (AWS JSON), by the Action parameter
 * (Query), or by method, path and query string (REST).
 * @param signingName the service that the request is signed for.
 * @returns undefined when it is none of a service that faults can be set on.
 */
export function identify(request: WholeRequest, signingName: string): Identified | undefined {
  for (const [service, model] of Object.entries(services)) {
    if (model.signingName !== signingName) continue;
    const named = jsonOperation(request, model.target?.prefix) ?? queryOperation(request, model.protocol);
    if (named !== undefined) return describe(service, named.operation, named.protocol, request, {});
    if (!model.protocol.startsWith("rest-")) continue;
    const matched = matchRoute(service, request);
    if (matched !== undefined)
      return describe(service, matched.operation, model.protocol, request, matched.labels);
  }
  return undefined;
}

interface Named {
  readonly operation: string;
  readonly protocol: Protocol;
}

function jsonOperation({ headers }: WholeRequest, prefix: string | undefined): Named | undefined {
  const target = headers["x-amz-target"];
  if (prefix === undefined || typeof target !== "string" || !target.startsWith(`${prefix}.`))
    return undefined;
  return { operation: target.slice(prefix.length + 1), protocol: "json" };
}

/** SQS takes the Query protocol as well as JSON. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-faqs.html */
function queryOperation({ url, headers, body }: WholeRequest, protocol: Protocol): Named | undefined {
  if (protocol.startsWith("rest-") || headers["x-amz-target"] !== undefined) return undefined;
  const operation =
    new URLSearchParams(url.split("?")[1]).get("Action") ??
    (String(headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")
      ? new URLSearchParams(body.toString("utf8")).get("Action")
      : undefined);
  return operation === null || operation === undefined ? undefined : { operation, protocol: "query" };
}

function describe(
  service: string,
  operation: string,
  protocol: Protocol,
  { body }: WholeRequest,
  labels: Readonly<Record<string, string>>,
): Identified {
  const input = protocol === "json" ? parse(body) : {};
  const resources = (resourcesOf[service] ?? none)(input, labels);
  return { service, operation, protocol, input, resources };
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const input: unknown = JSON.parse(body.toString("utf8"));
    return typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  } catch {
    return {}; // the service will say that it is not JSON
  }
}

type ResourcesOf = (
  input: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, string>>,
) => readonly string[];

const none: ResourcesOf = () => [];

/** The services whose requests name what they are about: a table, stream, queue, bucket or function. */
export const resourcesOf: Readonly<Record<string, ResourcesOf>> = {
  dynamodb: ({ TableName, RequestItems }) => [
    ...(typeof TableName === "string" ? [lastPart(TableName)] : []),
    ...(typeof RequestItems === "object" && RequestItems !== null
      ? Object.keys(RequestItems).map(lastPart)
      : []),
  ],
  firehose: ({ DeliveryStreamName }) => (typeof DeliveryStreamName === "string" ? [DeliveryStreamName] : []),
  lambda: (_, { FunctionName }) => (FunctionName === undefined ? [] : [functionName(FunctionName)]),
  s3: (_, { Bucket }) => (Bucket === undefined ? [] : [Bucket]),
  sqs: ({ QueueUrl, QueueName }) =>
    [QueueUrl, QueueName].flatMap((name) => (typeof name === "string" ? [lastPart(name)] : [])),
};

/** The name at the end of an ARN or a queue's address. */
function lastPart(name: string): string {
  return name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf(":")) + 1);
}

/** A function is named by its name or its ARN, either with a qualifier. */
function functionName(name: string): string {
  return name.replace(/^.*:?function:/, "").split(":")[0] ?? name;
}
