/** What the transform must be given: the names of the delivery streams. */
export interface TransformEnv {
  readonly RAW_STREAM: string;
  readonly EVENTS_STREAM: string;
  readonly FAILED_STREAM: string;
}
