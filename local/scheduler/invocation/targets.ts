import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

/** A message to a queue. */
export interface QueueMessage {
  readonly queueArn: string;
  readonly body: string;
  readonly groupId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What a schedule can reach. Each call rejects if the target did not take it. */
export interface Targets {
  /** Invokes a function asynchronously: resolves when Lambda has queued the event. */
  invokeFunction(functionArn: string, payload: string): Promise<void>;
  sendMessage(message: QueueMessage): Promise<void>;
}

/** Errors that no retry mends: permission, a resource that is not there, a request that is wrong. */
const PERMANENT = new Set([
  ...["AccessDeniedException", "AccessDenied", "ResourceNotFoundException", "InvalidParameterValueException"],
  ...["InvalidRequestContentException", "RequestTooLargeException", "InvalidMessageContents"],
  ...["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "ValidationException"],
]);

/** Whether a target's error is retried. Errors of the network, throttles and faults of the service are. */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof Error && PERMANENT.has(error.name));
}

const TIMEOUT_MS = 30_000;

/** Lambda and SQS at the endpoint and with the credentials of the environment. Scheduler retries by itself. */
export function awsTargets(gatewayUrl: string): Targets {
  const lambda = new LambdaClient({ maxAttempts: 1 });
  const sqs = new SQSClient({ maxAttempts: 1 });
  const timeLimit = (): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
  return {
    async invokeFunction(functionArn, payload) {
      const input = {
        FunctionName: functionArn,
        InvocationType: "Event",
        Payload: Buffer.from(payload),
      } as const;
      await lambda.send(new InvokeCommand(input), timeLimit());
    },
    async sendMessage({ queueArn, body, groupId, attributes = {} }) {
      const [account, queue] = queueArn.split(":").slice(4);
      const command = new SendMessageCommand({
        QueueUrl: new URL(`/${account}/${queue}`, gatewayUrl).href,
        MessageBody: body,
        ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [
            name,
            { DataType: "String", StringValue: value },
          ]),
        ),
      });
      await sqs.send(command, timeLimit());
    },
  };
}
