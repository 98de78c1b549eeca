import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type RoleSessions, SCHEDULER_SESSION } from "../../service/role";

/** A message to a queue. */
export interface QueueMessage {
  readonly queueArn: string;
  readonly body: string;
  readonly groupId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Whose role is taken on to reach a target, and for what. */
export interface Caller {
  readonly roleArn: string;
  readonly scheduleArn: string;
}

/** What a schedule can reach, as its target's role. Each call rejects if the target did not take it. */
export interface Targets {
  /** Invokes a function asynchronously: resolves when Lambda has queued the event. */
  invokeFunction(functionArn: string, payload: string, caller: Caller): Promise<void>;
  sendMessage(message: QueueMessage, caller: Caller): Promise<void>;
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

/**
 * What a trust policy may demand as `aws:SourceArn`.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
function groupArn(scheduleArn: string): string {
  return scheduleArn.replace(/:schedule\/([^/]+)\/.*$/, ":schedule-group/$1");
}

const TIMEOUT_MS = 30_000;

/** Lambda and SQS at the gateway. Scheduler retries by itself. */
export function awsTargets(gatewayUrl: string, sessions: RoleSessions): Targets {
  const clients = new Map<string, { readonly lambda: LambdaClient; readonly sqs: SQSClient }>();
  const clientsOf = ({ roleArn, scheduleArn }: Caller) => {
    const key = `${roleArn} ${scheduleArn}`;
    const use = { roleArn, sessionName: SCHEDULER_SESSION, sourceArn: groupArn(scheduleArn) };
    const options = { maxAttempts: 1, credentials: sessions.provider(use) };
    const made = clients.get(key) ?? { lambda: new LambdaClient(options), sqs: new SQSClient(options) };
    clients.set(key, made);
    return made;
  };
  const timeLimit = (): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
  return {
    async invokeFunction(functionArn, payload, caller) {
      const input = {
        FunctionName: functionArn,
        InvocationType: "Event",
        Payload: Buffer.from(payload),
      } as const;
      await clientsOf(caller).lambda.send(new InvokeCommand(input), timeLimit());
    },
    async sendMessage({ queueArn, body, groupId, attributes = {} }, caller) {
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
      await clientsOf(caller).sqs.send(command, timeLimit());
    },
  };
}
