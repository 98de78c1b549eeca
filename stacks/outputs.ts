import type { SourceKind } from "../handlers/event/stored/item";

/** What the SSM parameter `/clickstream/<env>/outputs` holds as JSON: all that the verbs need to know. */
export interface Outputs {
  readonly environment: string;
  readonly region: string;
  /** The collector's address, with a slash at its end. */
  readonly collectorUrl: string;
  /** The function's own address, which the collector's is where there is no edge. */
  readonly functionUrl: string;
  readonly tableName: string;
  readonly lakeBucket: string;
  readonly rawStream: string;
  readonly eventsStream: string;
  readonly failedStream: string;
  /** The queue of the lake's new objects, and where those end that cannot be loaded. */
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** What a person must look at: records that could not be transformed or delivered, loads never started. */
  readonly attentionQueueUrl: string;
  readonly workgroupName: string;
  readonly databaseName: string;
  readonly adminSecretArn: string;
  /** Names of the functions. */
  readonly functions: {
    readonly collect: string;
    readonly transform: string;
    readonly load: string;
    readonly migrate: string;
    readonly replay: string;
  };
  readonly sources: readonly {
    readonly name: string;
    readonly kind: SourceKind;
    readonly writeKey: string;
  }[];
  readonly deduplicationHours: number;
  readonly ttlDays: number;
  readonly bufferSeconds: number;
  /** A rate or cron expression of EventBridge Scheduler. */
  readonly loadSchedule: string;
}
