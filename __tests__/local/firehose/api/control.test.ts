import type { Server } from "node:http";
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamCommandInput,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
  PutRecordBatchCommand,
  StartDeliveryStreamEncryptionCommand,
  StopDeliveryStreamEncryptionCommand,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
  UpdateDestinationCommand,
} from "@aws-sdk/client-firehose";
import { awsJson } from "../../../../local/service/aws";
import { httpServer, listen } from "../../../../local/service/http";
import { serviceModel } from "../../../../local/service/model/load";
import { Bench, DESTINATION, NOW, until } from "../fakes";

let bench: Bench;
let server: Server;
let client: FirehoseClient;

beforeEach(async () => {
  bench = new Bench();
  server = httpServer((request) => awsJson(serviceModel("firehose"), bench.firehose.operations)(request));
  const port = await listen(server, 0);
  client = new FirehoseClient({
    ...{ endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", maxAttempts: 1 },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});
afterEach(async () => {
  client.destroy();
  server.close();
  await bench.remove();
});

const DeliveryStreamName = "events";
const create = (
  destination: Partial<ExtendedS3DestinationConfiguration> = {},
  more: Partial<CreateDeliveryStreamCommandInput> = {},
) =>
  client.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: { ...DESTINATION, ...destination },
      ...more,
    }),
  );
const describeStream = async () =>
  (await client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }))).DeliveryStreamDescription;

test("describes a new stream with AWS's defaults", async () => {
  expect((await create()).DeliveryStreamARN).toBe(
    "arn:aws:firehose:us-east-1:000000000000:deliverystream/events",
  );
  const plain = {
    ...DESTINATION,
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
    CompressionFormat: "UNCOMPRESSED",
    EncryptionConfiguration: { NoEncryptionConfig: "NoEncryption" },
    CloudWatchLoggingOptions: { Enabled: false },
  };
  expect(await describeStream()).toEqual({
    DeliveryStreamName,
    DeliveryStreamARN: "arn:aws:firehose:us-east-1:000000000000:deliverystream/events",
    DeliveryStreamStatus: "ACTIVE",
    DeliveryStreamEncryptionConfiguration: { Status: "DISABLED" },
    DeliveryStreamType: "DirectPut",
    VersionId: "1",
    CreateTimestamp: new Date(NOW),
    Destinations: [
      {
        DestinationId: "destinationId-000000000001",
        S3DestinationDescription: plain,
        ExtendedS3DestinationDescription: {
          ...plain,
          ProcessingConfiguration: { Enabled: false, Processors: [] },
          S3BackupMode: "Disabled",
          CustomTimeZone: "UTC",
        },
      },
    ],
    HasMoreDestinations: false,
  });
});

test("keeps streams, their settings and tags through a restart", async () => {
  await create({ Prefix: "p/", CloudWatchLoggingOptions: { Enabled: true, LogGroupName: "/g" } });
  const before = await describeStream();
  await bench.restart();
  expect(await describeStream()).toEqual(before);
});

test("merges an update into what is there and counts the version up", async () => {
  await create({ Prefix: "p/", CompressionFormat: "GZIP" });
  bench.clock.advance(5_000);
  const update = {
    ...{ DeliveryStreamName, DestinationId: "destinationId-000000000001" },
    ExtendedS3DestinationUpdate: { BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 0 } },
  };
  await client.send(new UpdateDestinationCommand({ ...update, CurrentDeliveryStreamVersionId: "1" }));
  const stream = await describeStream();
  expect(stream).toMatchObject({ VersionId: "2", LastUpdateTimestamp: new Date(NOW + 5_000) });
  expect(stream?.Destinations?.[0]?.ExtendedS3DestinationDescription).toMatchObject({
    ...{ Prefix: "p/", CompressionFormat: "GZIP", ...update.ExtendedS3DestinationUpdate },
  });
  await expect(
    client.send(new UpdateDestinationCommand({ ...update, CurrentDeliveryStreamVersionId: "1" })),
  ).rejects.toMatchObject({ name: "ConcurrentModificationException" });
  const other = { ...update, CurrentDeliveryStreamVersionId: "2", DestinationId: "other" };
  await expect(client.send(new UpdateDestinationCommand(other))).rejects.toMatchObject({
    name: "InvalidArgumentException",
  });
});

test("refuses a name that is taken, and finds no stream that is gone", async () => {
  await create();
  await expect(create()).rejects.toMatchObject({ name: "ResourceInUseException" });
  await client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName }));
  await expect(describeStream()).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Firehose events under account 000000000000 not found.",
  });
});

test.each<[string, Partial<ExtendedS3DestinationConfiguration>, string]>([
  [
    "an interval over 900 s",
    { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 901 } },
    "ValidationException",
  ],
  [
    "a size over 128 MiB",
    { BufferingHints: { SizeInMBs: 129, IntervalInSeconds: 60 } },
    "ValidationException",
  ],
  ["half of the hints", { BufferingHints: { SizeInMBs: 1 } }, "InvalidArgumentException"],
  ["no bucket's ARN", { BucketARN: "lake" }, "ValidationException"],
  ["no error prefix beside an expression", { Prefix: "!{timestamp:yyyy}/" }, "InvalidArgumentException"],
  [
    "an error prefix without the type",
    { ErrorOutputPrefix: "!{timestamp:yyyy}/" },
    "InvalidArgumentException",
  ],
  ["an unknown time zone", { CustomTimeZone: "Mars/Olympus" }, "InvalidArgumentException"],
  ["a prefix too long once evaluated", { Prefix: "x".repeat(502) }, "InvalidArgumentException"],
  ...(["ZIP", "Snappy", "HADOOP_SNAPPY"] as const).map(
    (CompressionFormat): [string, Partial<ExtendedS3DestinationConfiguration>, string] => [
      `compression ${CompressionFormat}, which is not emulated`,
      { CompressionFormat },
      "InvalidArgumentException",
    ],
  ),
  [
    "conversion of formats",
    { DataFormatConversionConfiguration: { Enabled: true } },
    "InvalidArgumentException",
  ],
  ["dynamic partitions", { DynamicPartitioningConfiguration: { Enabled: true } }, "InvalidArgumentException"],
  ["a backup", { S3BackupMode: "Enabled" }, "InvalidArgumentException"],
  [
    "another processor",
    { ProcessingConfiguration: { Enabled: true, Processors: [{ Type: "Lambda" }] } },
    "InvalidArgumentException",
  ],
  [
    "a bare newline as the delimiter",
    {
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          {
            Type: "AppendDelimiterToRecord",
            Parameters: [{ ParameterName: "Delimiter", ParameterValue: "\n" }],
          },
        ],
      },
    },
    "ValidationException",
  ],
])("refuses %s", async (_, destination, name) => {
  await expect(create(destination)).rejects.toMatchObject({ name });
});

test("says which constraint of the model is broken", async () => {
  await expect(create({}, { DeliveryStreamName: "a b" })).rejects.toThrow(
    "1 validation error detected: Value 'a b' at 'deliveryStreamName' failed to satisfy constraint: " +
      "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  );
  await expect(create({}, { DeliveryStreamName: "a".repeat(65) })).rejects.toThrow(
    "less than or equal to 64",
  );
});

test("refuses by name what is not emulated: other sources, other destinations", async () => {
  await expect(create({}, { DeliveryStreamType: "KinesisStreamAsSource" })).rejects.toThrow(
    "KinesisStreamAsSource",
  );
  const KinesisStreamSourceConfiguration = {
    KinesisStreamARN: "arn:aws:kinesis:us-east-1:000000000000:stream/clicks",
    RoleARN: DESTINATION.RoleARN,
  };
  await expect(create({}, { KinesisStreamSourceConfiguration })).rejects.toThrow(
    "KinesisStreamSourceConfiguration is not emulated locally",
  );
  const splunk = { HECEndpoint: "https://h", HECEndpointType: "Raw", HECToken: "t" } as const;
  await expect(
    create({}, { SplunkDestinationConfiguration: { ...splunk, S3Configuration: DESTINATION } }),
  ).rejects.toThrow("SplunkDestinationConfiguration is not emulated locally");
});

test("lists streams by name, a page at a time", async () => {
  for (const name of ["c", "a", "b"]) await create({}, { DeliveryStreamName: name });
  expect(await client.send(new ListDeliveryStreamsCommand({ Limit: 2 }))).toMatchObject({
    ...{ DeliveryStreamNames: ["a", "b"], HasMoreDeliveryStreams: true },
  });
  const rest = new ListDeliveryStreamsCommand({ ExclusiveStartDeliveryStreamName: "b" });
  expect(await client.send(rest)).toMatchObject({
    DeliveryStreamNames: ["c"],
    HasMoreDeliveryStreams: false,
  });
});

test("tags, untags and lists tags a page at a time", async () => {
  await create({}, { Tags: [{ Key: "a", Value: "1" }] });
  const Tags = [{ Key: "b", Value: "2" }, { Key: "c" }];
  await client.send(new TagDeliveryStreamCommand({ DeliveryStreamName, Tags }));
  await client.send(new UntagDeliveryStreamCommand({ DeliveryStreamName, TagKeys: ["a", "unknown"] }));
  expect(
    await client.send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName, Limit: 1 })),
  ).toMatchObject({
    ...{ Tags: [{ Key: "b", Value: "2" }], HasMoreTags: true },
  });
  const rest = new ListTagsForDeliveryStreamCommand({ DeliveryStreamName, ExclusiveStartTagKey: "b" });
  expect(await client.send(rest)).toMatchObject({ Tags: [{ Key: "c", Value: "" }], HasMoreTags: false });
  const many = Array.from({ length: 49 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
  await expect(
    client.send(new TagDeliveryStreamCommand({ DeliveryStreamName, Tags: many })),
  ).rejects.toMatchObject({ name: "LimitExceededException" });
});

test("switches encryption on, with a key of one's own, and off", async () => {
  await create();
  const KeyARN = "arn:aws:kms:us-east-1:000000000000:key/k";
  const DeliveryStreamEncryptionConfigurationInput = { KeyType: "CUSTOMER_MANAGED_CMK", KeyARN } as const;
  await client.send(
    new StartDeliveryStreamEncryptionCommand({
      DeliveryStreamName,
      DeliveryStreamEncryptionConfigurationInput,
    }),
  );
  expect((await describeStream())?.DeliveryStreamEncryptionConfiguration).toEqual({
    ...{ Status: "ENABLED", KeyType: "CUSTOMER_MANAGED_CMK", KeyARN },
  });
  await client.send(new StopDeliveryStreamEncryptionCommand({ DeliveryStreamName }));
  expect((await describeStream())?.DeliveryStreamEncryptionConfiguration).toEqual({ Status: "DISABLED" });
  await expect(
    client.send(
      new StartDeliveryStreamEncryptionCommand({
        DeliveryStreamName,
        DeliveryStreamEncryptionConfigurationInput: { KeyType: "CUSTOMER_MANAGED_CMK" },
      }),
    ),
  ).rejects.toMatchObject({ name: "InvalidArgumentException" });
});

test("takes records as the SDK sends them", async () => {
  await create();
  const Records = [{ Data: Buffer.from("a\u00ff") }, { Data: Buffer.from("b") }];
  const answer = await client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
  expect(answer).toMatchObject({ FailedPutCount: 0, Encrypted: false });
  expect(answer.RequestResponses).toHaveLength(2);
  bench.clock.advance(300_000);
  await until(() => bench.objects.text === "a\u00ffb");
});
