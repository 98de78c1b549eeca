import { randomUUID } from "node:crypto";
import type {
  CreateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { arn } from "../../service/aws";
import { functionArn } from "../execution/deployment";
import { findVersion } from "../execution/invoker";
import { parsePatterns } from "../polling/filters";
import type { LambdaStore, Mapping } from "../state";
import type { Context } from "./context";
import { range } from "./function/configuration";
import { parseFunction } from "./names";
import { answer, type Call, conflict, invalid, label, notFound, type Routes } from "./router";

type Settings = Partial<CreateEventSourceMappingCommandInput> & UpdateEventSourceMappingCommandInputSettings;
type UpdateEventSourceMappingCommandInputSettings = Omit<UpdateEventSourceMappingCommandInput, "UUID">;

/** Event source mappings: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export function mappingRoutes({ store, pollers }: Context): Routes {
  const MAPPINGS = "/2015-03-31/event-source-mappings";
  const shown = (mapping: Mapping, state?: string): object => {
    const { enabled, tags, ...members } = mapping;
    return {
      ...members,
      EventSourceMappingArn: arn("lambda", `event-source-mapping:${mapping.UUID}`),
      State: state ?? (enabled ? "Enabled" : "Disabled"),
      StateTransitionReason: "User action",
      LastProcessingResult: pollers.lastResult(mapping.UUID),
    };
  };
  return {
    [`POST ${MAPPINGS}`]: (call) => {
      const input = call.body<CreateEventSourceMappingCommandInput>();
      const mapping = newMapping(store, input);
      store.state.mappings[mapping.UUID] = mapping;
      store.save();
      pollers.apply(mapping);
      return answer(202, shown(mapping, "Creating"));
    },
    [`GET ${MAPPINGS}`]: (call) => {
      const source = call.query.get("EventSourceArn");
      const named = call.query.get("FunctionName");
      const reference = named === null ? undefined : parseFunction(named);
      const wanted = reference && functionArn(reference.name, reference.qualifier);
      const found = Object.values(store.state.mappings).filter(
        ({ EventSourceArn, FunctionArn }) =>
          (source === null || EventSourceArn === source) && (wanted === undefined || FunctionArn === wanted),
      );
      return answer(200, { EventSourceMappings: found.map((mapping) => shown(mapping)) });
    },
    [`GET ${MAPPINGS}/{UUID}`]: (call) => answer(200, shown(existing(store, call))),
    [`PUT ${MAPPINGS}/{UUID}`]: (call) => {
      const input = call.body<UpdateEventSourceMappingCommandInputSettings>();
      const updated = changed(store, existing(store, call), input);
      store.state.mappings[updated.UUID] = updated;
      store.save();
      pollers.apply(updated);
      return answer(202, shown(updated, "Updating"));
    },
    [`DELETE ${MAPPINGS}/{UUID}`]: (call) => {
      const mapping = existing(store, call);
      delete store.state.mappings[mapping.UUID];
      store.save();
      pollers.remove(mapping.UUID);
      return answer(202, shown(mapping, "Deleting"));
    },
  };
}

function newMapping(store: LambdaStore, input: CreateEventSourceMappingCommandInput): Mapping {
  const { EventSourceArn = "", StartingPosition } = input;
  const service = sourceService(EventSourceArn);
  if (service === "dynamodb" && StartingPosition !== "TRIM_HORIZON" && StartingPosition !== "LATEST")
    throw invalid(
      `StartingPosition must be TRIM_HORIZON or LATEST for a DynamoDB stream, got ${StartingPosition}`,
    );
  const FunctionArn = target(store, input.FunctionName ?? "");
  const twin = Object.values(store.state.mappings).find(
    (mapping) => mapping.EventSourceArn === EventSourceArn && mapping.FunctionArn === FunctionArn,
  );
  if (twin !== undefined)
    throw conflict(
      `The event source arn (" ${EventSourceArn} ") and function (" ${FunctionArn} ") provided mapping already ` +
        `exists. Please update or delete the existing mapping with UUID ${twin.UUID}`,
    );
  const defaults: Mapping = {
    UUID: randomUUID(),
    FunctionArn,
    EventSourceArn,
    enabled: input.Enabled ?? true,
    MaximumBatchingWindowInSeconds: 0,
    FunctionResponseTypes: [],
    LastModified: 0,
    tags: input.Tags ?? {},
    ...(service === "sqs"
      ? { BatchSize: 10 }
      : {
          BatchSize: 100,
          StartingPosition: StartingPosition as "TRIM_HORIZON" | "LATEST",
          ParallelizationFactor: 1,
          MaximumRecordAgeInSeconds: -1,
          BisectBatchOnFunctionError: false,
          MaximumRetryAttempts: -1,
          TumblingWindowInSeconds: 0,
          DestinationConfig: { OnFailure: {} },
        }),
  };
  return changed(store, defaults, { ...input, Enabled: defaults.enabled });
}

/** A mapping with the settings that were given. */
function changed(store: LambdaStore, mapping: Mapping, input: Settings): Mapping {
  const service = sourceService(mapping.EventSourceArn);
  range("BatchSize", input.BatchSize, 1, 10_000);
  range("MaximumBatchingWindowInSeconds", input.MaximumBatchingWindowInSeconds, 0, 300);
  range("ParallelizationFactor", input.ParallelizationFactor, 1, 10);
  range("MaximumRecordAgeInSeconds", input.MaximumRecordAgeInSeconds, -1, 604_800);
  range("MaximumRetryAttempts", input.MaximumRetryAttempts, -1, 10_000);
  if (input.TumblingWindowInSeconds !== undefined && input.TumblingWindowInSeconds !== 0)
    throw invalid("TumblingWindowInSeconds must be 0: the local Lambda has no tumbling windows");
  const types = input.FunctionResponseTypes ?? mapping.FunctionResponseTypes;
  const unknown = types.filter((type) => type !== "ReportBatchItemFailures");
  if (unknown.length > 0)
    throw invalid(`FunctionResponseTypes must be ReportBatchItemFailures, got ${unknown}`);
  parsePatterns(input.FilterCriteria); // refuses what it cannot read
  const shared = pick(input, [
    "BatchSize",
    "MaximumBatchingWindowInSeconds",
    "KMSKeyArn",
    "MetricsConfig",
    "LoggingConfig",
  ]);
  const own =
    service === "sqs"
      ? pick(input, ["ScalingConfig"])
      : pick(input, [
          "ParallelizationFactor",
          "MaximumRecordAgeInSeconds",
          "BisectBatchOnFunctionError",
          "MaximumRetryAttempts",
          "DestinationConfig",
        ]);
  const { FilterCriteria, ...rest } = mapping;
  const filter = input.FilterCriteria ?? FilterCriteria;
  const next: Mapping = {
    ...rest,
    ...shared,
    ...own,
    ...((filter?.Filters ?? []).length === 0 || filter === undefined ? {} : { FilterCriteria: filter }),
    ...(input.FunctionName === undefined ? {} : { FunctionArn: target(store, input.FunctionName) }),
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

/** The given members of the listed names. */
function pick(input: Settings, names: readonly (keyof Settings & keyof Mapping)[]): Partial<Mapping> {
  return Object.fromEntries(
    names.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  ) as Partial<Mapping>;
}

/** The service that a mapping polls. */
export function sourceService(sourceArn: string): "dynamodb" | "sqs" {
  const service = sourceArn.split(":")[2];
  if (service === "dynamodb" || service === "sqs") return service;
  throw invalid(`EventSourceArn must be a DynamoDB stream's or an SQS queue's, got ${sourceArn}`);
}

function target(store: LambdaStore, named: string): string {
  const { name, qualifier } = parseFunction(named);
  const record = store.state.functions[name];
  if (record === undefined || findVersion(record, qualifier) === undefined)
    throw notFound(`Function not found: ${functionArn(name, qualifier)}`);
  return functionArn(name, qualifier);
}

function existing(store: LambdaStore, call: Call): Mapping {
  const mapping = store.state.mappings[label(call, "UUID")];
  if (mapping === undefined) throw notFound("The resource you requested does not exist.");
  return mapping;
}
