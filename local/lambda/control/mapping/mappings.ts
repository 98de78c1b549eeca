import { randomUUID } from "node:crypto";
import type {
  CreateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { arn } from "../../../service/aws";
import { functionArn } from "../../execution/deployment";
import { findVersion } from "../../execution/invoker";
import type { LambdaStore, Mapping } from "../../state";
import type { Context } from "../context";
import { parseFunction } from "../names";
import { answer, type Call, conflict, label, notFound, page, type Routes } from "../router";
import { changedMapping, checkMembers, newMapping, sourceService } from "./settings";

/** Event source mappings: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export function mappingRoutes({ store, pollers, sources }: Context): Routes {
  const MAPPINGS = "/2015-03-31/event-source-mappings";
  const shown = (mapping: Mapping, state?: string): object => {
    const { enabled, tags, createdMs, ...members } = mapping;
    return {
      ...members,
      EventSourceMappingArn: arn("lambda", `event-source-mapping:${mapping.UUID}`),
      State: state ?? (enabled ? "Enabled" : "Disabled"),
      StateTransitionReason: "User action",
      LastProcessingResult: pollers.lastResult(mapping.UUID),
    };
  };
  const saved = async (mapping: Mapping): Promise<void> => {
    const { name, qualifier } = parseFunction(mapping.FunctionArn);
    const record = store.state.functions[name];
    const timeoutSeconds = (record && findVersion(record, qualifier)?.Timeout) ?? 0;
    await sources.check(name, mapping.EventSourceArn, timeoutSeconds);
    store.state.mappings[mapping.UUID] = mapping;
    store.save();
    pollers.apply(mapping);
  };
  return {
    [`POST ${MAPPINGS}`]: async (call) => {
      const input = call.body<CreateEventSourceMappingCommandInput>();
      const { EventSourceArn = "" } = input;
      const service = sourceService(EventSourceArn);
      checkMembers(service, input);
      const FunctionArn = target(store, input.FunctionName ?? "");
      refuseTwin(store, EventSourceArn, FunctionArn);
      const mapping = newMapping(randomUUID(), service, FunctionArn, input);
      await saved(mapping);
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
      const [mappings, next] = page(call, found, 100);
      return answer(200, { EventSourceMappings: mappings.map((mapping) => shown(mapping)), ...next });
    },
    [`GET ${MAPPINGS}/{UUID}`]: (call) => answer(200, shown(existing(store, call))),
    [`PUT ${MAPPINGS}/{UUID}`]: async (call) => {
      const input = call.body<Omit<UpdateEventSourceMappingCommandInput, "UUID">>();
      const mapping = existing(store, call);
      checkMembers(sourceService(mapping.EventSourceArn), input);
      const FunctionArn =
        input.FunctionName === undefined ? mapping.FunctionArn : target(store, input.FunctionName);
      const updated = changedMapping({ ...mapping, FunctionArn }, input);
      await saved(updated);
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

function refuseTwin(store: LambdaStore, sourceArn: string, functionArn: string): void {
  const twin = Object.values(store.state.mappings).find(
    (mapping) => mapping.EventSourceArn === sourceArn && mapping.FunctionArn === functionArn,
  );
  if (twin !== undefined)
    throw conflict(
      `The event source arn (" ${sourceArn} ") and function (" ${functionArn} ") provided mapping already ` +
        `exists. Please update or delete the existing mapping with UUID ${twin.UUID}`,
    );
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
