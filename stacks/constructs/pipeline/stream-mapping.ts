import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { Construct } from "constructs";
import type { Environment } from "../../config";
import type { HandlerFunction } from "./function";

export interface StreamMappingProps {
  readonly environment: Environment;
  readonly streamArn: string;
  readonly transform: HandlerFunction;
  /** The bucket that records go to which could not be transformed, whole. */
  readonly undeliveredBucketArn: string;
}

/** Half of what the stream keeps: a record that is given up is still there to be looked at. */
const MAX_RECORD_AGE_SECONDS = 12 * 3600;

/** The most there is: a record's age decides when it is given up, not how often it was tried. */
const MAX_RETRIES = 10_000;

/** Items are a few hundred bytes to 1 KB; Lambda takes 6 MB a batch. */
const BATCH_SIZE = 1_000;

/** Hands the events table's stream to the transform: new items and clients' retries, not what time removed. */
export class StreamMapping extends Construct {
  constructor(scope: Construct, id: string, props: StreamMappingProps) {
    super(scope, id);
    const { environment, streamArn, transform, undeliveredBucketArn } = props;
    new LambdaEventSourceMapping(this, "mapping", {
      eventSourceArn: streamArn,
      functionName: transform.arn,
      startingPosition: "TRIM_HORIZON",
      batchSize: BATCH_SIZE,
      maximumBatchingWindowInSeconds: environment.batchWindowSeconds,
      parallelizationFactor: environment.parallelization,
      filterCriteria: {
        filter: [{ pattern: JSON.stringify({ eventName: ["INSERT", "MODIFY"] }) }],
      },
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: MAX_RETRIES,
      maximumRecordAgeInSeconds: MAX_RECORD_AGE_SECONDS,
      destinationConfig: { onFailure: { destinationArn: undeliveredBucketArn } },
    });
  }
}
