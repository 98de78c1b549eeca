import type {
  CreateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { parsePatterns } from "../../polling/filters";
import type { Mapping } from "../../state";
import { checkDestination } from "../function/checks";
import { invalid } from "../router";

/** What a mapping polls. */
export type SourceService = "dynamodb" | "sqs";

type Settings = Partial<CreateEventSourceMappingCommandInput> &
  Omit<UpdateEventSourceMappingCommandInput, "UUID">;

/** Members that any mapping has; `KMSKeyArn` encrypts the filter criteria, which are kept here in clear. */
const COMMON = [
  ...(["UUID", "FunctionName", "EventSourceArn", "Enabled", "Tags", "BatchSize", "FilterCriteria"] as const),
  ...(["MaximumBatchingWindowInSeconds", "FunctionResponseTypes", "KMSKeyArn"] as const),
];
const OF_STREAMS = [
  ...(["StartingPosition", "ParallelizationFactor", "MaximumRecordAgeInSeconds"] as const),
  ...(["BisectBatchOnFunctionError", "MaximumRetryAttempts", "TumblingWindowInSeconds"] as const),
  "DestinationConfig" as const,
];
const OF_QUEUES = ["ScalingConfig"] as const;

const MAX_FILTERS = 5;
const MAX_PATTERN_CHARACTERS = 4_096;
/** A record is never given up younger than this, seconds. */
const LEAST_RECORD_AGE = 60;

/**
 * The service that a mapping polls.
 * @throws InvalidParameterValueException for one that is not polled here: FIFO queues are not.
 */
export function sourceService(sourceArn: string): SourceService {
  const service = sourceArn.split(":")[2];
  if (sourceArn.endsWith(".fifo"))
    throw invalid(
      `EventSourceArn must be a standard queue's: the local Lambda polls no FIFO queue, got ${sourceArn}`,
    );
  if (service === "dynamodb" || service === "sqs") return service;
  throw invalid(`EventSourceArn must be a DynamoDB stream's or an SQS queue's, got ${sourceArn}`);
}

/**
 * Refuses members that the source has no use for, or that are not emulated, by name.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
 */
export function checkMembers(service: SourceService, input: object): void {
  const known: readonly string[] = [...COMMON, ...(service === "sqs" ? OF_QUEUES : OF_STREAMS)];
  const unknown = Object.entries(input).find(([name, value]) => !known.includes(name) && !isEmpty(value));
  if (unknown === undefined) return;
  const source = service === "sqs" ? "an SQS queue" : "a DynamoDB stream";
  throw invalid(`${unknown[0]} must not be given: the local Lambda does not have it for ${source}`);
}

/** A mapping with AWS's defaults and the settings that were given. */
export function newMapping(
  UUID: string,
  service: SourceService,
  FunctionArn: string,
  input: CreateEventSourceMappingCommandInput,
): Mapping {
  const { EventSourceArn = "", StartingPosition: position } = input;
  const defaults = {
    ...{ UUID, FunctionArn, EventSourceArn, enabled: input.Enabled ?? true },
    ...{
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: [],
      LastModified: 0,
      tags: input.Tags ?? {},
    },
  };
  if (service === "sqs") return changedMapping({ ...defaults, BatchSize: 10 }, input);
  if (position !== "TRIM_HORIZON" && position !== "LATEST")
    throw invalid(`StartingPosition must be TRIM_HORIZON or LATEST for a DynamoDB stream, got ${position}`);
  const stream: Mapping = {
    ...defaults,
    ...{
      BatchSize: 100,
      StartingPosition: position,
      ParallelizationFactor: 1,
      MaximumRecordAgeInSeconds: -1,
    },
    ...{ BisectBatchOnFunctionError: false, MaximumRetryAttempts: -1, TumblingWindowInSeconds: 0 },
    DestinationConfig: { OnFailure: {} },
    createdMs: Date.now(),
  };
  return changedMapping(stream, input);
}

/** A mapping with the settings that were given; the others stay. */
export function changedMapping(mapping: Mapping, input: Settings): Mapping {
  const service = sourceService(mapping.EventSourceArn);
  checkNumbers(input);
  checkDestination("DestinationConfig.OnFailure", input.DestinationConfig?.OnFailure?.Destination, [
    ...["sqs", "sns", "s3"],
  ]);
  if (input.DestinationConfig?.OnSuccess?.Destination)
    throw invalid("DestinationConfig.OnSuccess must not be given: an event source mapping has none");
  const types = input.FunctionResponseTypes ?? mapping.FunctionResponseTypes;
  const unknown = types.filter((type) => type !== "ReportBatchItemFailures");
  if (unknown.length > 0)
    throw invalid(`FunctionResponseTypes must be ReportBatchItemFailures, got ${unknown}`);
  // Empty ones take away those that the mapping had.
  const { FilterCriteria, ScalingConfig, ...rest } = mapping;
  const filter = input.FilterCriteria ?? FilterCriteria;
  checkFilters(filter);
  const scaling = service === "sqs" ? (input.ScalingConfig ?? ScalingConfig) : undefined;
  const own = pick(input, ["BatchSize", "MaximumBatchingWindowInSeconds", "KMSKeyArn"]);
  const next: Mapping = {
    ...rest,
    ...own,
    ...(service === "sqs" ? {} : pick(input, STREAM_SETTINGS)),
    ...(scaling?.MaximumConcurrency === undefined ? {} : { ScalingConfig: scaling }),
    ...(filter === undefined || (filter.Filters ?? []).length === 0 ? {} : { FilterCriteria: filter }),
    FunctionResponseTypes: types,
    enabled: input.Enabled ?? mapping.enabled,
    LastModified: Date.now() / 1_000,
  };
  if (service === "sqs" && next.BatchSize > 10 && next.MaximumBatchingWindowInSeconds < 1)
    throw invalid(
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
    );
  return next;
}

/** What of a stream's mapping can be changed later. */
const STREAM_SETTINGS = [
  ...(["ParallelizationFactor", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError"] as const),
  ...(["MaximumRetryAttempts", "DestinationConfig"] as const),
];

function checkNumbers(input: Settings): void {
  const age = input.MaximumRecordAgeInSeconds ?? -1;
  if (age !== -1 && age < LEAST_RECORD_AGE)
    throw invalid(`MaximumRecordAgeInSeconds must be -1 or at least ${LEAST_RECORD_AGE}, got ${age}`);
  if ((input.TumblingWindowInSeconds ?? 0) !== 0)
    throw invalid("TumblingWindowInSeconds must be 0: the local Lambda has no tumbling windows");
}

function checkFilters(criteria: Mapping["FilterCriteria"]): void {
  const filters = criteria?.Filters ?? [];
  if (filters.length > MAX_FILTERS)
    throw invalid(`FilterCriteria must have at most ${MAX_FILTERS} filters, got ${filters.length}`);
  const long = filters.find(({ Pattern = "" }) => Pattern.length > MAX_PATTERN_CHARACTERS);
  if (long !== undefined)
    throw invalid(
      `A filter's pattern must have at most ${MAX_PATTERN_CHARACTERS} characters, got ${long.Pattern?.length}`,
    );
  parsePatterns(criteria); // refuses what it cannot read
}

/** Whether a member was only sent for the sake of form. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0) return true;
  return typeof value === "object" && Object.values(value).every(isEmpty);
}

/** The given members of the listed names. */
function pick(input: Settings, names: readonly (keyof Settings & keyof Mapping)[]): Partial<Mapping> {
  return Object.fromEntries(
    names.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  ) as Partial<Mapping>;
}
