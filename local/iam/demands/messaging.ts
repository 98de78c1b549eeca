import { arn, REGION } from "../../service/aws";
import { one } from "../request";
import { jsonService } from "./json-service";
import { queryService } from "./query-service";
import { as, type DemandsOf, type Input, on, onAll, type ServiceMap, text } from "./service-map";

/** A queue's ARN, of its URL: `http://host/<account>/<name>`. */
function queueArn(url: string | undefined): string | undefined {
  const [, account, name] = /\/(\d{12})\/([^/?]+)$/.exec(url ?? "") ?? [];
  return name === undefined ? undefined : `arn:aws:sqs:${REGION}:${account}:${name}`;
}

const queue = on((input) => queueArn(text(input, "QueueUrl")));
const namedQueue = on((input) => {
  const name = text(input, "QueueName");
  return name === undefined ? undefined : arn("sqs", name);
});

/** Batches are authorized as their single operations. */
const OPERATIONS: Readonly<Record<string, DemandsOf>> = {
  ChangeMessageVisibility: queue,
  ChangeMessageVisibilityBatch: as("sqs:ChangeMessageVisibility", queue),
  DeleteMessage: queue,
  DeleteMessageBatch: as("sqs:DeleteMessage", queue),
  GetQueueAttributes: queue,
  GetQueueUrl: namedQueue,
  ListQueues: onAll,
  ListQueueTags: queue,
  PurgeQueue: queue,
  ReceiveMessage: queue,
  SendMessage: queue,
  SendMessageBatch: as("sqs:SendMessage", queue),
};

const byJson = jsonService({ prefix: "sqs", targets: { AmazonSQS: OPERATIONS } });
/** The older protocol may name the queue in the path. */
const byQuery = queryService("sqs", OPERATIONS, (path): Input => ({ QueueUrl: path }));

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqs: ServiceMap = {
  readsBody: () => true,
  operation: (request, world, caller) =>
    (one(request.headers["x-amz-target"]) === undefined ? byQuery : byJson).operation(request, world, caller),
};

const topic = on((input) => text(input, "TopicArn") ?? text(input, "TargetArn"));

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const sns = queryService("sns", {
  GetTopicAttributes: topic,
  ListTopics: onAll,
  Publish: topic,
  PublishBatch: as("sns:Publish", topic),
});
