import type {
  DeliveryStreamEncryptionConfiguration,
  ExtendedS3DestinationConfiguration,
  ExtendedS3DestinationDescription,
} from "@aws-sdk/client-firehose";

/** A shape of Firehose's API model as it travels in JSON: timestamps are epoch seconds, blobs are base64. */
export type Wire<T> = T extends Date
  ? number
  : T extends Uint8Array
    ? string
    : T extends (infer Member)[]
      ? Wire<Member>[]
      : T extends object
        ? { [Name in keyof T]: Wire<T[Name]> }
        : T;

/** What a client asks of an S3 destination. */
export type DestinationInput = Partial<Wire<ExtendedS3DestinationConfiguration>>;

/** An S3 destination as it is kept and described: checked, and with every default filled in. */
export type Destination = Wire<ExtendedS3DestinationDescription>;

/** A delivery stream as it is kept. */
export interface DeliveryStream {
  readonly name: string;
  /** The folder of its journal: a stream made again under the same name starts with an empty one. */
  readonly journal: string;
  readonly createdMs: number;
  updatedMs?: number;
  /** 1 for a new stream, one more with every change of its destination. */
  version: number;
  throughputHintMBs?: number;
  destination: Destination;
  encryption: Wire<DeliveryStreamEncryptionConfiguration>;
  tags: Record<string, string>;
}

/** All delivery streams, by name. */
export interface FirehoseState {
  readonly streams: Record<string, DeliveryStream>;
}
