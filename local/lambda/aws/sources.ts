import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { AwsError } from "../../service/aws";
import { invalid } from "../control/router";
import { CallError, callJson } from "./signed";

/** What event source mappings read from, as far as Lambda looks at it before it polls. */
export interface Sources {
  /**
   * Refuses a source that is not there, and a queue that would show a message again while the function still works
   * on it. A stream that cannot be asked at the moment is taken: polling goes on trying.
   * @throws InvalidParameterValueException, or ServiceException when a queue cannot be asked.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  check(sourceArn: string, functionTimeoutSeconds: number): Promise<void>;
}

/** Sources at the gateway. */
export function sources(gatewayUrl: string, sqs: SQSClient): Sources {
  return {
    check: (sourceArn, timeoutSeconds) =>
      sourceArn.split(":")[2] === "sqs"
        ? checkQueue(sqs, sourceArn, timeoutSeconds)
        : checkStream(gatewayUrl, sourceArn),
  };
}

async function checkQueue(sqs: SQSClient, queueArn: string, timeoutSeconds: number): Promise<void> {
  const [, , , , QueueOwnerAWSAccountId, QueueName] = queueArn.split(":");
  let visibilitySeconds: number;
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] });
    visibilitySeconds = Number((await sqs.send(command)).Attributes?.VisibilityTimeout ?? 30);
  } catch (error) {
    const { name, message } = error as Error;
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

async function checkStream(gatewayUrl: string, StreamArn: string): Promise<void> {
  try {
    const target = "DynamoDBStreams_20120810.DescribeStream";
    await callJson(gatewayUrl, "dynamodb", target, "1.0", { StreamArn, Limit: 1 });
  } catch (error) {
    if (error instanceof CallError && error.code === "ResourceNotFoundException")
      throw invalid(`Stream not found: ${StreamArn}`);
  }
}
