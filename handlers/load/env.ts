/** What the loader must be given. */
export interface LoadEnv {
  /** The queue of the lake's object notifications. */
  readonly QUEUE_URL: string;
  /** Where notifications of files go that cannot be loaded. */
  readonly DEAD_LETTER_QUEUE_URL: string;
  /** After how many seconds the queue hands a message out again that was taken and not removed. */
  readonly REDELIVERY_SECONDS: string;
  /** The lake's bucket: manifests are written there. */
  readonly LAKE_BUCKET: string;
  readonly WORKGROUP_NAME: string;
  readonly DATABASE_NAME: string;
  /** The role that the warehouse reads the lake with. */
  readonly COPY_ROLE_ARN: string;
  /** How far apart in `received_at` two copies of one event may lie and still be known for one, in hours. */
  readonly DEDUPLICATION_HOURS: string;
}
