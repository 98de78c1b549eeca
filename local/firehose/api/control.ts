import { randomUUID } from "node:crypto";
import type * as api from "@aws-sdk/client-firehose";
import { AwsError, ACCOUNT_ID as account, arn } from "../../service/aws";
import { Constraints } from "../../service/constraints";
import type { Store } from "../../service/store";
import { DESTINATION_ID, destinationFrom } from "./destination";
import { checkTags } from "./tags";
import type { DeliveryStream, Destination, FirehoseState, Wire } from "./types";

/** What the control plane tells the data plane. */
export interface StreamHost {
  /** A stream exists now and takes records. */
  opened(stream: DeliveryStream): void;
  /** A stream is gone, and its data with it. */
  deleted(stream: DeliveryStream): void;
}

const NAME = { min: 1, max: 64, pattern: "[a-zA-Z0-9_.-]+" } as const;
const MAX_STREAMS = 5_000;
const OTHER_DESTINATION = /^(?!(Extended)?S3Destination).*Destination(Configuration|Update)$/;
const OTHER_SOURCE = /^(?!DirectPut).*SourceConfiguration$/;

/** What names a stream in every request. */
export type Named = { readonly DeliveryStreamName: string };

/**
 * The operations on delivery streams themselves. Every change is saved before it is answered. Streams are
 * ACTIVE, encrypted or gone at once where AWS takes minutes.
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_Operations.html
 */
export function controlOperations(store: Store<FirehoseState>, host: StreamHost, now: () => number) {
  const { streams } = store.state;
  const find = (input: Named): DeliveryStream => findStream(store.state, input);

  return {
    CreateDeliveryStream(input: Wire<api.CreateDeliveryStreamInput>): Wire<api.CreateDeliveryStreamOutput> {
      const { DeliveryStreamName: name = "", DeliveryStreamType: type = "DirectPut" } = input;
      const hint = input.DirectPutSourceConfiguration?.ThroughputHintInMBs;
      new Constraints()
        .text("deliveryStreamName", input.DeliveryStreamName, NAME)
        .optionalText("deliveryStreamType", type, {
          oneOf: ["DirectPut", "KinesisStreamAsSource", "MSKAsSource", "DatabaseAsSource"],
        })
        .optionalInteger(
          ...(["directPutSourceConfiguration.throughputHintInMBs", hint] as const),
          ...([1, 100] as const),
        )
        .enforce();
      if (type !== "DirectPut")
        throw invalid(`DeliveryStreamType ${type} is not emulated locally: only DirectPut is`);
      refuseOthers(input);
      const configuration = input.ExtendedS3DestinationConfiguration ?? input.S3DestinationConfiguration;
      if (configuration === undefined)
        throw invalid("Exactly one destination configuration must be specified");
      const tags = checkTags(input.Tags);
      const destination = destinationFrom(configuration);
      const encryption = encryptionFrom(input.DeliveryStreamEncryptionConfigurationInput);
      if (streams[name] !== undefined)
        throw new AwsError(
          "ResourceInUseException",
          `Firehose ${name} under accountId ${account} already exists`,
        );
      if (Object.keys(streams).length >= MAX_STREAMS)
        throw new AwsError("LimitExceededException", `You have reached the limit of ${MAX_STREAMS} streams`);
      const stream: DeliveryStream = {
        ...{ name, journal: `${name}@${randomUUID()}`, createdMs: now(), version: 1 },
        ...(hint === undefined ? {} : { throughputHintMBs: hint }),
        ...{ destination, encryption, tags },
      };
      streams[name] = stream;
      store.save();
      host.opened(stream);
      return { DeliveryStreamARN: streamArn(name) };
    },

    DescribeDeliveryStream(input: Named): Wire<api.DescribeDeliveryStreamOutput> {
      return { DeliveryStreamDescription: describe(find(input)) };
    },

    ListDeliveryStreams(input: Wire<api.ListDeliveryStreamsInput>): Wire<api.ListDeliveryStreamsOutput> {
      new Constraints().optionalInteger("limit", input.Limit, 1, 10_000).enforce();
      const { Limit = 10, ExclusiveStartDeliveryStreamName: start, DeliveryStreamType: type } = input;
      const all = type === undefined || type === "DirectPut" ? Object.keys(streams).sort() : [];
      const names = start === undefined ? all : all.filter((name) => name > start);
      return { DeliveryStreamNames: names.slice(0, Limit), HasMoreDeliveryStreams: names.length > Limit };
    },

    UpdateDestination(input: Wire<api.UpdateDestinationInput>): Wire<api.UpdateDestinationOutput> {
      const { CurrentDeliveryStreamVersionId: version, DestinationId: id } = input;
      new Constraints()
        .text("deliveryStreamName", input.DeliveryStreamName, NAME)
        .text("currentDeliveryStreamVersionId", version, { min: 1, max: 50, pattern: "[0-9]+" })
        .text("destinationId", id, { min: 1, max: 100, pattern: "[a-zA-Z0-9-]+" })
        .enforce();
      const stream = find(input as Named);
      if (id !== DESTINATION_ID) throw invalid(`Destination Id ${id} not found`);
      if (version !== String(stream.version))
        throw new AwsError(
          "ConcurrentModificationException",
          `Cannot update firehose: ${stream.name} since the current version id: ${stream.version} ` +
            `and specified version id: ${version} do not match`,
        );
      refuseOthers(input);
      const update = input.ExtendedS3DestinationUpdate ?? input.S3DestinationUpdate;
      if (update === undefined) throw invalid("Exactly one destination update must be specified");
      stream.destination = destinationFrom(update, stream.destination);
      stream.version += 1;
      stream.updatedMs = now();
      store.save();
      return {};
    },

    DeleteDeliveryStream(input: Named): Wire<api.DeleteDeliveryStreamOutput> {
      const stream = find(input);
      delete streams[stream.name];
      store.save();
      host.deleted(stream);
      return {};
    },

    StartDeliveryStreamEncryption(
      input: Wire<api.StartDeliveryStreamEncryptionInput>,
    ): Wire<api.StartDeliveryStreamEncryptionOutput> {
      const stream = find(input as Named);
      stream.encryption = encryptionFrom(
        input.DeliveryStreamEncryptionConfigurationInput ?? { KeyType: "AWS_OWNED_CMK" },
      );
      store.save();
      return {};
    },

    StopDeliveryStreamEncryption(input: Named): Wire<api.StopDeliveryStreamEncryptionOutput> {
      find(input).encryption = encryptionFrom(undefined);
      store.save();
      return {};
    },
  };
}

/** The stream that a request names. @throws AwsError ResourceNotFoundException */
export function findStream(state: FirehoseState, { DeliveryStreamName: name }: Named): DeliveryStream {
  new Constraints().text("deliveryStreamName", name, NAME).enforce();
  const stream = state.streams[name];
  if (stream === undefined)
    throw new AwsError("ResourceNotFoundException", `Firehose ${name} under account ${account} not found.`);
  return stream;
}

function describe(stream: DeliveryStream): Wire<api.DeliveryStreamDescription> {
  const { destination, throughputHintMBs } = stream;
  return {
    DeliveryStreamName: stream.name,
    DeliveryStreamARN: streamArn(stream.name),
    DeliveryStreamStatus: "ACTIVE",
    DeliveryStreamEncryptionConfiguration: stream.encryption,
    DeliveryStreamType: "DirectPut",
    VersionId: String(stream.version),
    CreateTimestamp: stream.createdMs / 1000,
    ...(stream.updatedMs === undefined ? {} : { LastUpdateTimestamp: stream.updatedMs / 1000 }),
    ...(throughputHintMBs === undefined
      ? {}
      : { Source: { DirectPutSourceDescription: { ThroughputHintInMBs: throughputHintMBs } } }),
    Destinations: [
      {
        DestinationId: DESTINATION_ID,
        S3DestinationDescription: plainS3(destination),
        ExtendedS3DestinationDescription: destination,
      },
    ],
    HasMoreDestinations: false,
  };
}

/** AWS describes an extended S3 destination a second time, in the older, smaller shape. */
function plainS3(destination: Destination): Wire<api.S3DestinationDescription> {
  const { RoleARN, BucketARN, BufferingHints, CompressionFormat, EncryptionConfiguration } = destination;
  const { Prefix, ErrorOutputPrefix, CloudWatchLoggingOptions } = destination;
  return {
    ...{ RoleARN, BucketARN, BufferingHints, CompressionFormat, EncryptionConfiguration },
    ...{ Prefix, ErrorOutputPrefix, CloudWatchLoggingOptions },
  };
}

function encryptionFrom(
  input: Wire<api.DeliveryStreamEncryptionConfigurationInput> | undefined,
): DeliveryStream["encryption"] {
  if (input === undefined) return { Status: "DISABLED" };
  const path = "deliveryStreamEncryptionConfigurationInput";
  new Constraints()
    .text(`${path}.keyType`, input.KeyType, { oneOf: ["AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"] })
    .optionalText(`${path}.keyARN`, input.KeyARN, {
      ...{ min: 1, max: 512 },
      pattern: String.raw`arn:.*:kms:[a-zA-Z0-9\-]+:\d{12}:key/[a-zA-Z_0-9+=,.@\-_/]+`,
    })
    .enforce();
  if ((input.KeyType === "CUSTOMER_MANAGED_CMK") !== (input.KeyARN !== undefined))
    throw invalid("KeyARN must be specified if, and only if, KeyType is CUSTOMER_MANAGED_CMK");
  return {
    ...(input.KeyARN === undefined ? {} : { KeyARN: input.KeyARN }),
    ...{ KeyType: input.KeyType, Status: "ENABLED" },
  };
}

/** @throws AwsError naming a source or destination that is not emulated. */
function refuseOthers(input: object): void {
  const source = Object.keys(input).find((member) => OTHER_SOURCE.test(member));
  if (source !== undefined) throw invalid(`${source} is not emulated locally: only DirectPut is`);
  const other = Object.keys(input).find((member) => OTHER_DESTINATION.test(member));
  if (other !== undefined)
    throw invalid(`${other} is not emulated locally: only ExtendedS3DestinationConfiguration is`);
}

/** A delivery stream's ARN. */
export function streamArn(name: string): string {
  return arn("firehose", `deliverystream/${name}`);
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidArgumentException", message);
}
