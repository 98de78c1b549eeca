import type { Context, LambdaFunctionURLEvent, LambdaFunctionURLResult } from "aws-lambda";
import type { Patience } from "../backoff";
import type { Metrics } from "../metrics";
import {
  type Answer,
  type CollectCount,
  type CollectSettings,
  collect,
  RETRY_AFTER_SECONDS,
} from "./collect";
import type { Store } from "./store";

export interface CollectDependencies extends CollectSettings {
  readonly store: Store;
  readonly metrics: Metrics<CollectCount>;
  readonly now: () => Date;
  readonly sleep: Patience["sleep"];
  readonly random: Patience["random"];
  /** Takes an error that a client is only told of in general terms. */
  readonly log: (message: string, error: unknown) => void;
}

/** What is kept of an invocation's time for answering. */
const RESERVE_MS = 250;

/** How long the store is tried: Snowplow's trackers hang up after five seconds, and would not hear a 503 later. */
const STORE_MS = 4_000;

/** A handler of function URL events, payload format 2.0. It answers 200 only after the durable write. */
export function collectHandler(given: CollectDependencies) {
  return async (
    event: LambdaFunctionURLEvent,
    context: Pick<Context, "getRemainingTimeInMillis">,
  ): Promise<LambdaFunctionURLResult> => {
    const { http } = event.requestContext;
    const { answer, items, counts } = collect(
      {
        method: http.method,
        path: event.rawPath,
        query: event.rawQueryString,
        headers: event.headers,
        ...(event.cookies === undefined ? {} : { cookies: event.cookies }),
        body: event.body,
        isBase64Encoded: event.isBase64Encoded,
        sourceIp: http.sourceIp,
        receivedAt: given.now(),
      },
      given,
    );
    const { sleep, random } = given;
    const giveUpAt = given.now().getTime() + STORE_MS;
    const remainingMs = () =>
      Math.min(context.getRemainingTimeInMillis() - RESERVE_MS, giveUpAt - given.now().getTime());
    try {
      await given.store(items, { remainingMs, sleep, random });
      given.metrics.add(counts);
      return lambdaAnswer(answer);
    } catch (error) {
      // Whatever went wrong, nothing may be acknowledged, and the client is to send it again.
      given.log("store_unavailable", error);
      given.metrics.add({ store_unavailable: 1 });
      return lambdaAnswer(UNAVAILABLE);
    } finally {
      given.metrics.flush(given.now().getTime());
    }
  };
}

const UNAVAILABLE: Answer = {
  status: 503,
  headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
  body: { error: "store_unavailable", message: "Nothing was acknowledged: send it again." },
};

function lambdaAnswer({ status, headers, cookies, body }: Answer): LambdaFunctionURLResult {
  const set = cookies === undefined ? {} : { cookies: [...cookies] };
  if (body === undefined) return { statusCode: status, headers: { ...headers }, ...set };
  if (body instanceof Uint8Array)
    return {
      statusCode: status,
      headers: { ...headers },
      ...set,
      body: Buffer.from(body).toString("base64"),
      isBase64Encoded: true,
    };
  return {
    statusCode: status,
    headers: { "content-type": "application/json", ...headers },
    ...set,
    body: JSON.stringify(body),
  };
}
