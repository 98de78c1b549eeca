import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Construct } from "constructs";
import { lakePrefixes } from "../../../handlers/event/lake";
import type { Environment } from "../../config";
import { policy } from "../policy";
import type { Lake } from "./lake";

export interface LakeQueuesProps {
  readonly environment: Environment;
  readonly lake: Lake;
}

const DAY_SECONDS = 86_400;

/**
 * How often a message is handed out before it is set aside: a file that fails keeps no other from loading, and a
 * warehouse that rests until tomorrow, its daily limit reached, must not empty the queue.
 */
const MAX_RECEIVES = 50;

/**
 * What the lake tells of its new objects: those to load go to a queue for the loader, with dead letters behind
 * it; those that tell of trouble go to the attention queue. What waits here outlives the pipeline, so that one
 * deployed again goes on where the last one ended.
 */
export class LakeQueues extends Construct {
  readonly arn: string;
  readonly url: string;
  readonly deadLetterArn: string;
  readonly deadLetterUrl: string;
  readonly attentionArn: string;
  readonly attentionUrl: string;

  constructor(scope: Construct, id: string, { environment, lake }: LakeQueuesProps) {
    super(scope, id);
    const { names, account, redeliverySeconds } = environment;
    const shared = { sqsManagedSseEnabled: true, messageRetentionSeconds: 14 * DAY_SECONDS };
    // Written with the queues' own attributes: resources of their own take Terraform 25 s each.
    const fromLake = (queue: string) =>
      policy({
        sid: "FromLake",
        principal: { Service: "s3.amazonaws.com" },
        actions: ["sqs:SendMessage"],
        resources: [names.arn("sqs", queue)],
        conditions: {
          ArnEquals: { "aws:SourceArn": lake.arn },
          StringEquals: { "aws:SourceAccount": account },
        },
      });
    const deadLetters = new SqsQueue(this, "dead-letters", {
      ...shared,
      name: names.lakeDeadLetters,
      redriveAllowPolicy: JSON.stringify({
        redrivePermission: "byQueue",
        sourceQueueArns: [names.arn("sqs", names.lakeQueue)],
      }),
    });
    const queue = new SqsQueue(this, "queue", {
      ...shared,
      name: names.lakeQueue,
      visibilityTimeoutSeconds: redeliverySeconds,
      policy: fromLake(names.lakeQueue),
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: MAX_RECEIVES }),
    });
    const attention = new SqsQueue(this, "attention", {
      ...shared,
      name: names.attentionQueue,
      policy: fromLake(names.attentionQueue),
    });
    const created = (queueArn: string, id: string, filterPrefix: string) => ({
      id,
      queueArn,
      filterPrefix,
      events: ["s3:ObjectCreated:*"],
    });
    new S3BucketNotification(this, "notification", {
      bucket: lake.bucket,
      queue: [
        created(queue.arn, "events", lakePrefixes.events),
        created(queue.arn, "failed", lakePrefixes.failed),
        created(attention.arn, "errors", lakePrefixes.errors),
        created(attention.arn, "undelivered", lakePrefixes.undelivered),
      ],
    });
    this.arn = queue.arn;
    this.url = queue.url;
    this.deadLetterArn = deadLetters.arn;
    this.deadLetterUrl = deadLetters.url;
    this.attentionArn = attention.arn;
    this.attentionUrl = attention.url;
  }
}
