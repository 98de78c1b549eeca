import type { Refusal } from "../../iam/refusal/answer";

/** How a service speaks. @see https://smithy.io/2.0/aws/protocols/index.html */
export type Protocol = "json" | "query" | "rest-json" | "rest-xml";

/** An error as a service answers it, in AWS's own words. */
export type ErrorShape = Refusal;

/** What there is to know of a service to tell its requests, and to answer them with errors of its own. */
export interface ServiceModel {
  /** The name in a signature's credential scope: DynamoDB Streams signs as DynamoDB. */
  readonly signingName: string;
  readonly protocol: Protocol;
  /** What stands before the operation in `X-Amz-Target`, and the version of AWS JSON. */
  readonly target?: { readonly prefix: string; readonly version: "1.0" | "1.1" };
  readonly throttle: (operation: string) => ErrorShape;
  readonly internal: ErrorShape;
}

const RATE_EXCEEDED = "Rate exceeded";
/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
const FAILED = "The request processing has failed because of an unknown error, exception or failure.";
const THROTTLING = { code: "ThrottlingException", status: 400, message: RATE_EXCEEDED };

const always = (shape: ErrorShape) => () => shape;
const failed = (code: string): ErrorShape => ({ code, status: 500, message: FAILED });

/**
 * DynamoDB throttles the reading and writing of items in other words than its control plane.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const dynamodbThrottle = (operation: string): ErrorShape =>
  /Items?$|Statement$|Transaction$|^Query$|^Scan$/.test(operation)
    ? {
        code: "ProvisionedThroughputExceededException",
        status: 400,
        message:
          "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
      }
    : THROTTLING;

/**
 * The services that faults can be set on, by the name the AWS CLI has for them: those that the pipeline and the
 * local services call. The codes and statuses are those of the services' models and error pages:
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList,
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html#API_PutRecordBatch_Errors,
 * https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
export const services: Readonly<Record<string, ServiceModel>> = {
  dynamodb: {
    signingName: "dynamodb",
    protocol: "json",
    target: { prefix: "DynamoDB_20120810", version: "1.0" },
    throttle: dynamodbThrottle,
    internal: failed("InternalServerError"),
  },
  dynamodbstreams: {
    signingName: "dynamodb",
    protocol: "json",
    target: { prefix: "DynamoDBStreams_20120810", version: "1.0" },
    throttle: always({ code: "LimitExceededException", status: 400, message: RATE_EXCEEDED }),
    internal: failed("InternalServerError"),
  },
  firehose: {
    signingName: "firehose",
    protocol: "json",
    target: { prefix: "Firehose_20150804", version: "1.1" },
    throttle: (operation) =>
      operation.startsWith("Put")
        ? { code: "ServiceUnavailableException", status: 503, message: "Slow down." }
        : THROTTLING,
    internal: failed("InternalFailure"),
  },
  iam: {
    signingName: "iam",
    protocol: "query",
    throttle: always({ code: "Throttling", status: 400, message: RATE_EXCEEDED }),
    internal: failed("ServiceFailure"),
  },
  kms: {
    signingName: "kms",
    protocol: "json",
    target: { prefix: "TrentService", version: "1.1" },
    throttle: always(THROTTLING),
    internal: failed("KMSInternalException"),
  },
  lambda: {
    signingName: "lambda",
    protocol: "rest-json",
    throttle: always({
      code: "TooManyRequestsException",
      status: 429,
      message: "Rate Exceeded.",
      members: { Type: "User", Reason: "CallerRateLimitExceeded" },
    }),
    internal: { code: "ServiceException", status: 500, message: FAILED, members: { Type: "Service" } },
  },
  logs: {
    signingName: "logs",
    protocol: "json",
    target: { prefix: "Logs_20140328", version: "1.1" },
    throttle: always(THROTTLING),
    internal: {
      code: "ServiceUnavailableException",
      status: 503,
      message: "The service cannot complete the request.",
    },
  },
  "redshift-data": {
    signingName: "redshift-data",
    protocol: "json",
    target: { prefix: "RedshiftData", version: "1.1" },
    throttle: always(THROTTLING),
    internal: failed("InternalServerException"),
  },
  "redshift-serverless": {
    signingName: "redshift-serverless",
    protocol: "json",
    target: { prefix: "RedshiftServerless", version: "1.1" },
    throttle: always({ ...THROTTLING, status: 429 }),
    internal: failed("InternalServerException"),
  },
  s3: {
    signingName: "s3",
    protocol: "rest-xml",
    throttle: always({ code: "SlowDown", status: 503, message: "Please reduce your request rate." }),
    internal: {
      code: "InternalError",
      status: 500,
      message: "We encountered an internal error. Please try again.",
    },
  },
  scheduler: {
    signingName: "scheduler",
    protocol: "rest-json",
    throttle: always({ ...THROTTLING, status: 429 }),
    internal: failed("InternalServerException"),
  },
  secretsmanager: {
    signingName: "secretsmanager",
    protocol: "json",
    target: { prefix: "secretsmanager", version: "1.1" },
    throttle: always(THROTTLING),
    internal: failed("InternalServiceError"),
  },
  sns: {
    signingName: "sns",
    protocol: "query",
    throttle: always({ code: "Throttled", status: 429, message: RATE_EXCEEDED }),
    internal: failed("InternalError"),
  },
  sqs: {
    signingName: "sqs",
    protocol: "json",
    target: { prefix: "AmazonSQS", version: "1.0" },
    throttle: always({ code: "RequestThrottled", status: 403, message: "Request is throttled." }),
    internal: failed("InternalFailure"),
  },
  ssm: {
    signingName: "ssm",
    protocol: "json",
    target: { prefix: "AmazonSSM", version: "1.1" },
    throttle: always(THROTTLING),
    internal: failed("InternalServerError"),
  },
  sts: {
    signingName: "sts",
    protocol: "query",
    throttle: always({ code: "Throttling", status: 400, message: RATE_EXCEEDED }),
    internal: failed("InternalFailure"),
  },
};
