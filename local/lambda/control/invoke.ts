import { AwsError } from "../../service/aws";
import { findVersion, MAX_EVENT_BYTES } from "../execution/invoker";
import type { Context } from "./context";
import { calledFunction } from "./names";
import { answer, type Call, invalid, type Routes } from "./router";

/** Largest event of an asynchronous invocation, bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ASYNC_EVENT_BYTES = 1_048_576;

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function invokeRoutes(context: Context): Routes {
  return {
    "POST /2015-03-31/functions/{FunctionName}/invocations": async (call) => {
      const { name, qualifier, record } = calledFunction(context.store, call);
      const type = header(call, "x-amz-invocation-type") ?? "RequestResponse";
      const event = call.raw.length === 0 ? Buffer.from("{}") : call.raw;
      checkEvent(event, type === "Event");
      const target = { functionName: name, ...(qualifier === undefined ? {} : { qualifier }) };
      const version = findVersion(record, qualifier)?.Version ?? "$LATEST";
      if (type === "DryRun") return { status: 204, headers: { "x-amz-executed-version": version } };
      if (type === "Event") {
        const requestId = await context.queue.accept(target, event.toString("utf8"));
        return { status: 202, headers: { "x-amzn-requestid": requestId } };
      }
      if (type !== "RequestResponse")
        throw invalid(`X-Amz-Invocation-Type must be RequestResponse, Event or DryRun, got ${type}`);
      const encoded = header(call, "x-amz-client-context");
      const result = await context.invoker.invoke({
        ...target,
        event,
        tail: header(call, "x-amz-log-type") === "Tail",
        ...(encoded === undefined ? {} : { clientContext: clientContext(encoded) }),
      });
      return {
        status: 200,
        headers: {
          "content-type": "application/json",
          "x-amzn-requestid": result.requestId,
          "x-amz-executed-version": result.executedVersion,
          ...(result.functionError === undefined ? {} : { "x-amz-function-error": result.functionError }),
          ...(result.log === undefined ? {} : { "x-amz-log-result": result.log.toString("base64") }),
        },
        body: result.payload,
      };
    },
    "POST /2014-11-13/functions/{FunctionName}/invoke-async": async (call) => {
      const { name } = calledFunction(context.store, call);
      checkEvent(call.raw, true);
      await context.queue.accept({ functionName: name }, call.raw.toString("utf8"));
      return answer(202, {});
    },
  };
}

function checkEvent(event: Buffer, asynchronous: boolean): void {
  const most = asynchronous ? MAX_ASYNC_EVENT_BYTES : MAX_EVENT_BYTES;
  if (event.length > most)
    throw new AwsError(
      "RequestTooLargeException",
      asynchronous
        ? `${event.length} byte payload is too large for the Event invocation type (limit ${most} bytes)`
        : `Request must be smaller than ${most} bytes for the InvokeFunction operation`,
      413,
      { Type: "User" },
    );
  try {
    JSON.parse(event.toString("utf8"));
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${String(error)}`,
      400,
      { Type: "User" },
    );
  }
}

function clientContext(encoded: string): unknown {
  try {
    return JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
  } catch {
    throw new AwsError(
      "InvalidRequestContentException",
      "Client context must be a valid Base64-encoded JSON object.",
    );
  }
}

function header(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
