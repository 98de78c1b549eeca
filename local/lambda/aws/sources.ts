import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { AwsError } from "../../service/aws";
import { CallError, callJson } from "../../service/signed";
import { invalid } from "../control/router";
import { queueUrl, type RoleClients } from "./role-clients";

/** What event source mappings read from, as far as Lambda looks at it before it polls. */
export interface Sources {
  /**
   * Refuses a source that is not there or that the function's role may not read, and a queue that would show a
   * message again while the function still works on it. A stream that cannot be asked at the moment is taken:
   * polling goes on trying.
   * @throws InvalidParameterValueException, or ServiceException when a queue cannot be asked.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  check(functionName: string, sourceArn: string, functionTimeoutSeconds: number): Promise<void>;
}

/** Sources at the gateway, seen as a function's role. */
export function sources(clientsOf: (functionName: string) => RoleClients): Sources {
  return {
    check: (functionName, sourceArn, timeoutSeconds) =>
      sourceArn.split(":")[2] === "sqs"
        ? checkQueue(clientsOf(functionName), sourceArn, timeoutSeconds)
        : checkStream(clientsOf(functionName), sourceArn),
  };
}

async function checkQueue(
  { gatewayUrl, sqs }: RoleClients,
  queueArn: string,
  timeoutSeconds: number,
): Promise<void> {
  let visibilitySeconds: number;
  try {
    const QueueUrl = queueUrl(gatewayUrl, queueArn);
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] });
    visibilitySeconds = Number((await sqs.send(command)).Attributes?.VisibilityTimeout ?? 30);
  } catch (error) {
    const { name, message } = error as Error;
    if (name.startsWith("AccessDenied"))
      throw invalid(
        `The function execution role does not have permissions to call ReceiveMessage on SQS (${message})`,
      );
    if (name === "QueueDoesNotExist" || name.endsWith("NonExistentQueue"))
      throw invalid(
        "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. " +
          `SQS Error Message: The specified queue does not exist: ${queueArn}`,
      );
    throw new AwsError("ServiceException", `${queueArn} cannot be asked: ${message}`, 500);
  }
  if (visibilitySeconds < timeoutSeconds)
    throw invalid(
      `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
    );
}

interface Described {
  readonly StreamDescription?: { readonly Shards?: readonly { readonly ShardId: string }[] };
}

async function checkStream(endpoint: RoleClients, StreamArn: string): Promise<void> {
  const call = <Output>(operation: string, input: object): Promise<Output> =>
    callJson<Output>(endpoint, "dynamodb", `DynamoDBStreams_20120810.${operation}`, "1.0", input);
  try {
    const { StreamDescription } = await call<Described>("DescribeStream", { StreamArn, Limit: 1 });
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    if (ShardId === undefined) return;
    const position = { StreamArn, ShardId, ShardIteratorType: "LATEST" };
    const { ShardIterator } = await call<{ ShardIterator: string }>("GetShardIterator", position);
    await call("GetRecords", { ShardIterator, Limit: 1 });
  } catch (error) {
    if (error instanceof CallError && error.code === "AccessDeniedException")
      throw invalid(
        `Cannot access stream ${StreamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, ` +
          "DescribeStream, and ListStreams Actions on your stream in IAM.",
      );
    if (error instanceof CallError && error.code === "ResourceNotFoundException")
      throw invalid(`Stream not found: ${StreamArn}`);
  }
}
