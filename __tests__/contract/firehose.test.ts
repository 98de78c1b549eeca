import * as api from "@aws-sdk/client-firehose";
import { awsJson } from "../../local/service/aws";
import { serviceModel } from "../../local/service/model/load";
import { Bench, DESTINATION } from "../local/firehose/fakes";
import { CheckedService, codeOf, documentedOperations, servedOperations, unrefused } from "./service";

const bench = new Bench();
const handler = awsJson(serviceModel("firehose"), bench.firehose.operations);
const service = new CheckedService("firehose", handler);
let client: api.FirehoseClient;
beforeAll(async () => {
  await service.start();
  client = new api.FirehoseClient(service.client);
});
afterAll(async () => {
  client.destroy();
  service.stop();
  await bench.remove();
});

const DeliveryStreamName = "events";
const Data = Buffer.from("an event");
const create = (more: object = {}) =>
  client.send(
    new api.CreateDeliveryStreamCommand({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: DESTINATION,
      ...more,
    }),
  );

it("answers as Firehose's model says, whatever is asked", async () => {
  const tagged = { Tags: [{ Key: "env", Value: "local" }] };
  await create({
    ...tagged,
    DirectPutSourceConfiguration: { ThroughputHintInMBs: 5 },
    DeliveryStreamEncryptionConfigurationInput: { KeyType: "AWS_OWNED_CMK" },
    ExtendedS3DestinationConfiguration: {
      ...DESTINATION,
      Prefix: "events/!{timestamp:yyyy}/",
      ErrorOutputPrefix: "errors/!{firehose:error-output-type}/",
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      CompressionFormat: "GZIP",
      CloudWatchLoggingOptions: { Enabled: true, LogGroupName: "group", LogStreamName: "stream" },
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          {
            Type: "AppendDelimiterToRecord",
            Parameters: [{ ParameterName: "Delimiter", ParameterValue: "\\n" }],
          },
        ],
      },
    },
  });
  await client.send(new api.ListDeliveryStreamsCommand({}));
  await client.send(new api.TagDeliveryStreamCommand({ DeliveryStreamName, ...tagged }));
  await client.send(new api.ListTagsForDeliveryStreamCommand({ DeliveryStreamName }));
  await client.send(new api.UntagDeliveryStreamCommand({ DeliveryStreamName, TagKeys: ["env"] }));
  await client.send(new api.PutRecordCommand({ DeliveryStreamName, Record: { Data } }));
  const batch = new api.PutRecordBatchCommand({ DeliveryStreamName, Records: [{ Data }, { Data }] });
  expect((await client.send(batch)).FailedPutCount).toBe(0);
  await client.send(new api.StopDeliveryStreamEncryptionCommand({ DeliveryStreamName }));
  await client.send(
    new api.StartDeliveryStreamEncryptionCommand({
      DeliveryStreamName,
      DeliveryStreamEncryptionConfigurationInput: {
        KeyType: "CUSTOMER_MANAGED_CMK",
        KeyARN: "arn:aws:kms:us-east-1:000000000000:key/abc",
      },
    }),
  );
  const update = {
    DeliveryStreamName,
    DestinationId: "destinationId-000000000001",
    CurrentDeliveryStreamVersionId: "1",
    ExtendedS3DestinationUpdate: { Prefix: "other/" },
  };
  await client.send(new api.UpdateDestinationCommand(update));
  const { DeliveryStreamDescription } = await client.send(
    new api.DescribeDeliveryStreamCommand({ DeliveryStreamName }),
  );
  expect(DeliveryStreamDescription?.CreateTimestamp).toBeInstanceOf(Date);
  expect(await codeOf(client.send(new api.UpdateDestinationCommand(update)))).toBe(
    "ConcurrentModificationException",
  );
  await client.send(new api.DeleteDeliveryStreamCommand({ DeliveryStreamName }));
});

it("refuses as the model says", async () => {
  await create();
  expect(await codeOf(create())).toBe("ResourceInUseException");
  expect(await codeOf(create({ DeliveryStreamName: "not a name" }))).toBe("ValidationException");
  expect(await codeOf(create({ DeliveryStreamType: "MSKAsSource", DeliveryStreamName: "other" }))).toBe(
    "InvalidArgumentException",
  );
  const tags = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}` }));
  await client.send(new api.TagDeliveryStreamCommand({ DeliveryStreamName, Tags: tags }));
  const oneMore = new api.TagDeliveryStreamCommand({ DeliveryStreamName, Tags: [{ Key: "more" }] });
  expect(await codeOf(client.send(oneMore))).toBe("LimitExceededException");
  const big = { Data: Buffer.alloc(1_000_000) };
  const tooMuch = new api.PutRecordBatchCommand({ DeliveryStreamName, Records: Array(5).fill(big) });
  expect(await codeOf(client.send(tooMuch))).toBe("InvalidArgumentException");
  const missing = { DeliveryStreamName: "missing" };
  for (const command of [
    new api.DescribeDeliveryStreamCommand(missing),
    new api.DeleteDeliveryStreamCommand(missing),
    new api.ListTagsForDeliveryStreamCommand(missing),
    new api.TagDeliveryStreamCommand({ ...missing, Tags: [{ Key: "k" }] }),
    new api.UntagDeliveryStreamCommand({ ...missing, TagKeys: ["k"] }),
    new api.StartDeliveryStreamEncryptionCommand(missing),
    new api.StopDeliveryStreamEncryptionCommand(missing),
    new api.PutRecordCommand({ ...missing, Record: { Data } }),
    new api.PutRecordBatchCommand({ ...missing, Records: [{ Data }] }),
    new api.UpdateDestinationCommand({
      ...missing,
      DestinationId: "d",
      CurrentDeliveryStreamVersionId: "1",
      ExtendedS3DestinationUpdate: {},
    }),
  ])
    expect(await codeOf(client.send(command as api.DescribeDeliveryStreamCommand))).toBe(
      "ResourceNotFoundException",
    );
});

it("leaves no operation out, and none of its answers is another than Firehose's", async () => {
  const served = await servedOperations("firehose", handler);
  expect(service.succeeded).toEqual(served);
  expect(documentedOperations("firehose")).toEqual(served);
  expect(service.violations).toEqual([]);
});

it("refuses every input that breaks the model", async () => {
  expect(await unrefused("firehose", handler)).toEqual([]);
});
