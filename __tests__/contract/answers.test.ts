import type { Response } from "../../local/service/http";
import { serviceModel } from "../../local/service/model/load";
import { checkedExchange } from "./answers";
import { violations } from "./shapes";

const lambda = serviceModel("lambda");
const firehose = serviceModel("firehose");
const serverless = serviceModel("redshift-serverless");

describe("an answer", () => {
  const mapping = (members: object) =>
    violations(lambda, { shape: "EventSourceMappingConfiguration" }, { UUID: "1", ...members });
  const described = {
    ...{ DeliveryStreamName: "s", DeliveryStreamARN: "arn", DeliveryStreamStatus: "ACTIVE" },
    ...{ DeliveryStreamType: "DirectPut", VersionId: "1", Destinations: [], HasMoreDestinations: false },
  };
  const stream = (members: object) =>
    violations(firehose, { shape: "DeliveryStreamDescription" }, { ...described, ...members });

  it("is as its shape says", () => {
    expect(mapping({ BatchSize: 5, LastModified: 1_700_000_000.5, State: "Enabled" })).toEqual([]);
    expect(stream({ CreateTimestamp: 1 })).toEqual([]);
  });

  it.each([
    [{ batchSize: 5 }, "batchSize is no member of the model"],
    [{ BatchSize: "5" }, 'BatchSize must be a integer, got "5"'],
    [{ BatchSize: 5.5 }, "BatchSize must be a integer, got 5.5"],
    [{ BatchSize: null }, "BatchSize must be a integer, got null"],
    [
      { LastModified: "2026-03-04T05:06:07Z" },
      'LastModified must be a timestamp, got "2026-03-04T05:06:07Z"',
    ],
    [
      { FunctionResponseTypes: ["Other"] },
      "FunctionResponseTypes[0] must be one of ReportBatchItemFailures, got Other",
    ],
    [{ FunctionResponseTypes: {} }, "FunctionResponseTypes must be a list, got {}"],
    [
      { FilterCriteria: { Filters: [{ Pattern: 1 }] } },
      "FilterCriteria.Filters[0].Pattern must be a string, got 1",
    ],
  ])("with %j is refused", (members, violation) => {
    expect(mapping(members)).toEqual([violation]);
  });

  it("without a member that must be there is refused", () => {
    const { VersionId: _, ...rest } = described;
    expect(violations(firehose, { shape: "DeliveryStreamDescription" }, rest)).toEqual([
      "VersionId must be there",
    ]);
  });

  it("has times in the format of their shape", () => {
    const namespace = (creationDate: unknown) =>
      violations(serverless, { shape: "Namespace" }, { creationDate });
    expect(namespace("2026-03-04T05:06:07.890Z")).toEqual([]);
    expect(namespace(1_700_000_000)).toEqual(["creationDate must be a timestamp, got 1700000000"]);
  });
});

describe("an exchange", () => {
  const path = "/2015-03-31/functions/x";
  const asked = (method: string, response: Response, of = path) =>
    checkedExchange(lambda, { method, path: of, query: new URLSearchParams(), headers: {} }, response)
      .violations;
  const failed = (code: string, status: number, body: object): Response => ({
    ...{ status, headers: { "x-amzn-errortype": code }, body: JSON.stringify(body) },
  });
  const error = (code: string, status: number, body: object) => asked("GET", failed(code, status, body));

  it("is as its operation says", () => {
    expect(asked("GET", { status: 200, body: "{}" })).toEqual([]);
    expect(error("ResourceNotFoundException", 404, { Type: "User", Message: "none" })).toEqual([]);
    expect(error("ValidationException", 400, { message: "1 validation error" })).toEqual([]);
  });

  it.each([
    ["another status", { status: 201, body: "{}" }, "the status must be 200, got 201"],
    ["no JSON", { status: 200, body: "<html>" }, "the body must be JSON, got <html>"],
    ["no code", { status: 400, body: "{}" }, "an error must have a code, got 400 {}"],
    [
      "an error of another operation",
      failed("RecursiveInvocationException", 400, { Message: "again" }),
      "the operation has no error RecursiveInvocationException",
    ],
    [
      "an error with another status",
      failed("ResourceNotFoundException", 400, { Message: "none" }),
      "ResourceNotFoundException must have status 404, got 400",
    ],
    [
      "a message by another name",
      failed("ResourceNotFoundException", 404, { message: "none" }),
      "ResourceNotFoundException: message is no member of the model",
    ],
    ["no message", failed("ResourceNotFoundException", 404, {}), "ResourceNotFoundException has no message"],
    [
      "more than a common error has",
      failed("ValidationException", 400, { message: "no", Type: "User" }),
      "ValidationException: Type is no member of a common error",
    ],
  ])("with %s is refused", (_, response, violation) => {
    expect(asked("GET", response)).toContain(violation);
  });

  it("with a success for what is no operation is refused", () => {
    expect(asked("GET", { status: 200, body: "{}" }, "/none")).toEqual([
      "what is no operation of the model was answered with 200",
    ]);
    expect(asked("DELETE", { status: 204 }, "/2017-03-31/tags/x")).toEqual([]);
    expect(asked("DELETE", { status: 204, body: '{"A":1}' }, "/2017-03-31/tags/x")).toEqual([
      'the body must be empty, got {"A":1}',
    ]);
  });
});
