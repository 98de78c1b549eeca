import { randomUUID } from "node:crypto";
import { AwsError } from "../../service/aws";
import { Constraints } from "../../service/constraints";
import { evaluatePrefix, hasExpressions, MAX_EVALUATED_PREFIX } from "../delivery/object-name";
import { isTimeZone } from "../delivery/time-format";
import type { Destination, DestinationInput } from "./types";

/** The only destination that a stream has. */
export const DESTINATION_ID = "destinationId-000000000001";

const ROLE_ARN = String.raw`arn:.*:iam::\d{12}:role/[a-zA-Z_0-9+=,.@\-_/]+`;
const BUCKET_ARN = String.raw`arn:.*:s3:::[\w\.\-]{1,255}`;
const COMPRESSIONS = ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"];
const PROCESSORS = [
  ...["RecordDeAggregation", "Decompression", "CloudWatchLogProcessing"],
  ...["Lambda", "MetadataExtraction", "AppendDelimiterToRecord"],
];

/**
 * Checks what a client asks of an S3 destination and fills in AWS's defaults: 5 MiB or 300 s, uncompressed,
 * unencrypted, UTC.
 * @param base the destination to change: what `input` does not name keeps its value.
 * @throws AwsError ValidationException where the API model is broken, InvalidArgumentException where Firehose
 *   would refuse it, or where it is something that is not emulated.
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html
 */
export function destinationFrom(input: DestinationInput, base?: Destination): Destination {
  const merged: DestinationInput = { ...base, ...dropUndefined(input) };
  checkModel(merged);
  refuseWhatIsNotEmulated(merged);
  checkBuffering(merged);
  checkPrefixes(merged);
  delimiterOf(merged);
  const { S3BackupConfiguration: _, ...kept } = merged as DestinationInput & {
    S3BackupConfiguration?: object;
  };
  return {
    ...kept,
    RoleARN: String(merged.RoleARN),
    BucketARN: String(merged.BucketARN),
    BufferingHints: merged.BufferingHints ?? { SizeInMBs: 5, IntervalInSeconds: 300 },
    CompressionFormat: merged.CompressionFormat ?? "UNCOMPRESSED",
    EncryptionConfiguration: merged.EncryptionConfiguration ?? { NoEncryptionConfig: "NoEncryption" },
    CloudWatchLoggingOptions: merged.CloudWatchLoggingOptions ?? { Enabled: false },
    ProcessingConfiguration: merged.ProcessingConfiguration ?? { Enabled: false, Processors: [] },
    S3BackupMode: "Disabled",
    CustomTimeZone: merged.CustomTimeZone || "UTC",
  };
}

/**
 * What AppendDelimiterToRecord puts after each record: nothing without that processor, a newline unless its
 * Delimiter says otherwise. The parameter's escapes (`\n`, `\t`, …) are read as Java reads them: a bare
 * newline is no valid parameter value.
 */
export function delimiterOf(destination: DestinationInput): Buffer {
  const configuration = destination.ProcessingConfiguration;
  if (configuration?.Enabled !== true) return Buffer.alloc(0);
  let delimiter = "";
  for (const { Type, Parameters } of configuration.Processors ?? []) {
    if (Type !== "AppendDelimiterToRecord")
      throw invalid(`Processor type ${Type} is not emulated locally: only AppendDelimiterToRecord is`);
    delimiter = "\n";
    for (const { ParameterName, ParameterValue } of Parameters ?? []) {
      if (ParameterName !== "Delimiter")
        throw invalid(`Parameter ${ParameterName} is not valid for processor AppendDelimiterToRecord`);
      delimiter = unescapeJava(String(ParameterValue));
    }
  }
  return Buffer.from(delimiter);
}

function checkModel(input: DestinationInput): void {
  const at = (member: string): string => `extendedS3DestinationConfiguration.${member}`;
  const constraints = new Constraints()
    .text(at("roleARN"), input.RoleARN, { min: 1, max: 512, pattern: ROLE_ARN })
    .text(at("bucketARN"), input.BucketARN, { min: 1, max: 2048, pattern: BUCKET_ARN })
    .optionalText(at("prefix"), input.Prefix, { max: 1024 })
    .optionalText(at("errorOutputPrefix"), input.ErrorOutputPrefix, { max: 1024 })
    .optionalInteger(at("bufferingHints.sizeInMBs"), input.BufferingHints?.SizeInMBs, 1, 128)
    .optionalInteger(at("bufferingHints.intervalInSeconds"), input.BufferingHints?.IntervalInSeconds, 0, 900)
    .optionalText(at("compressionFormat"), input.CompressionFormat, { oneOf: COMPRESSIONS })
    .optionalText(at("s3BackupMode"), input.S3BackupMode, { oneOf: ["Disabled", "Enabled"] })
    .optionalText(at("fileExtension"), input.FileExtension, {
      max: 128,
      pattern: String.raw`^$|\.[0-9a-z!\-_.*'()]+`,
    })
    .optionalText(at("customTimeZone"), input.CustomTimeZone, { max: 50, pattern: "^$|[a-zA-Z/_]+" });
  for (const [index, processor] of (input.ProcessingConfiguration?.Processors ?? []).entries()) {
    const path = at(`processingConfiguration.processors.${index + 1}.member`);
    constraints.text(`${path}.type`, processor.Type, { oneOf: PROCESSORS });
    for (const [place, parameter] of (processor.Parameters ?? []).entries())
      constraints.text(`${path}.parameters.${place + 1}.member.parameterValue`, parameter.ParameterValue, {
        ...{ min: 1, max: 5120 },
        pattern: String.raw`(?!\s*$).+`,
      });
  }
  constraints.enforce();
}

function refuseWhatIsNotEmulated(input: DestinationInput): void {
  const compression = input.CompressionFormat ?? "UNCOMPRESSED";
  if (compression !== "UNCOMPRESSED" && compression !== "GZIP")
    throw invalid(`CompressionFormat ${compression} is not emulated locally: only UNCOMPRESSED and GZIP are`);
  if (input.S3BackupMode === "Enabled") throw invalid("S3BackupMode Enabled is not emulated locally");
  if (input.DataFormatConversionConfiguration?.Enabled === true)
    throw invalid("DataFormatConversionConfiguration is not emulated locally");
  if (input.DynamicPartitioningConfiguration?.Enabled === true)
    throw invalid("DynamicPartitioningConfiguration is not emulated locally");
}

function checkBuffering({ BufferingHints: hints }: DestinationInput): void {
  if ((hints?.SizeInMBs === undefined) !== (hints?.IntervalInSeconds === undefined))
    throw invalid("BufferingHints must specify both SizeInMBs and IntervalInSeconds, or neither");
}

/** @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html#prefix-rules */
function checkPrefixes(input: DestinationInput): void {
  const { Prefix: prefix = "", ErrorOutputPrefix: errorPrefix = "" } = input;
  const timeZone = input.CustomTimeZone || "UTC";
  if (!isTimeZone(timeZone)) throw invalid(`CustomTimeZone ${timeZone} is not a time zone`);
  if (errorPrefix === "" && hasExpressions(prefix))
    throw invalid("ErrorOutputPrefix cannot be null or empty when Prefix contains expressions");
  if (hasExpressions(errorPrefix) && !errorPrefix.includes("!{firehose:error-output-type}"))
    throw invalid(
      "ErrorOutputPrefix must include !{firehose:error-output-type} when it contains expressions",
    );
  const parts = { arrivalMs: Date.now(), timeZone, randomString };
  for (const [member, evaluate] of [
    ["Prefix", () => evaluatePrefix(prefix, parts)],
    ["ErrorOutputPrefix", () => evaluatePrefix(errorPrefix, parts, "format-conversion-failed")],
  ] as const) {
    if (evaluateOrRefuse(member, evaluate).length > MAX_EVALUATED_PREFIX)
      throw invalid(`${member} must not be longer than ${MAX_EVALUATED_PREFIX} characters once evaluated`);
  }
}

function evaluateOrRefuse(member: string, evaluate: () => string): string {
  try {
    return evaluate();
  } catch (error) {
    throw invalid(`${member} is not valid: ${error instanceof Error ? error.message : error}`);
  }
}

/** Eleven characters, as `!{firehose:random-string}` evaluates to: the beginning of a UUID. */
export function randomString(): string {
  return randomUUID().slice(0, 11);
}

function unescapeJava(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
  return text.replaceAll(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidArgumentException", message);
}

function dropUndefined(input: DestinationInput): DestinationInput {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined && value !== null),
  );
}
