import type { Cors, FunctionUrlConfig } from "@aws-sdk/client-lambda";
import { functionArn } from "../../execution/deployment";
import type { FunctionUrl } from "../../state";
import type { Context } from "../context";
import { calledFunction } from "../names";
import { answer, conflict, invalid, notFound, page, type Routes } from "../router";
import { range } from "./checks";

interface Input {
  readonly AuthType?: string;
  readonly InvokeMode?: string;
  readonly Cors?: Cors;
}

/** Function URLs, each a listener of its own on 127.0.0.1. */
export function urlRoutes({ store, urls }: Context): Routes {
  const URL_CONFIG = "/2021-10-31/functions/{FunctionName}/url";
  return {
    [`POST ${URL_CONFIG}`]: async (call) => {
      const { record, key, name } = calledFunction(store, call);
      if (/^\d+$/.test(key)) throw invalid(`Qualifier must be an alias, got the version ${key}`);
      if (record.urls[key] !== undefined)
        throw conflict(
          `Failed to create function url config for [functionArn = ${functionArn(name, key)}]. ` +
            "Error message:  FunctionUrlConfig exists for this Lambda function",
        );
      const input = call.body<Input>();
      check(input);
      const now = new Date().toISOString();
      const url: FunctionUrl = {
        port: await urls.open(name, key),
        AuthType: input.AuthType === "AWS_IAM" ? "AWS_IAM" : "NONE",
        InvokeMode: "BUFFERED",
        ...given(input.Cors),
        CreationTime: now,
        LastModifiedTime: now,
      };
      record.urls[key] = url;
      store.save();
      const { LastModifiedTime, ...created } = shown(name, key, url);
      return answer(201, created);
    },
    [`GET ${URL_CONFIG}`]: (call) => {
      const { record, key, name } = calledFunction(store, call);
      return answer(200, shown(name, key, existing(record.urls[key])));
    },
    [`GET ${URL_CONFIG}s`]: (call) => {
      const { record, name } = calledFunction(store, call);
      const [found, next] = page(call, Object.entries(record.urls));
      return answer(200, { FunctionUrlConfigs: found.map(([key, url]) => shown(name, key, url)), ...next });
    },
    [`PUT ${URL_CONFIG}`]: (call) => {
      const { record, key, name } = calledFunction(store, call);
      const url = existing(record.urls[key]);
      const input = call.body<Input>();
      check({ AuthType: url.AuthType, ...input });
      const { Cors: cors, ...rest } = url;
      const updated: FunctionUrl = {
        ...rest,
        ...(input.AuthType === undefined
          ? {}
          : { AuthType: input.AuthType === "AWS_IAM" ? "AWS_IAM" : "NONE" }),
        ...given(input.Cors ?? cors),
        LastModifiedTime: new Date().toISOString(),
      };
      record.urls[key] = updated;
      store.save();
      return answer(200, shown(name, key, updated));
    },
    [`DELETE ${URL_CONFIG}`]: async (call) => {
      const { record, key, name } = calledFunction(store, call);
      existing(record.urls[key]);
      delete record.urls[key];
      store.save();
      await urls.close(name, key);
      return answer(204);
    },
  };
}

/** A URL's address. */
export function urlAddress(port: number): string {
  return `http://127.0.0.1:${port}/`;
}

function shown(name: string, key: string, { port, ...url }: FunctionUrl): FunctionUrlConfig {
  return {
    ...url,
    FunctionUrl: urlAddress(port),
    FunctionArn: functionArn(name, key === "$LATEST" ? undefined : key),
  };
}

function existing(url: FunctionUrl | undefined): FunctionUrl {
  if (url === undefined) throw notFound("The resource you requested does not exist.");
  return url;
}

const METHODS = ["*", "GET", "PUT", "HEAD", "POST", "PATCH", "DELETE"];

/** CORS settings where there are any: empty ones take away those that a URL had. */
function given(cors: Cors | undefined): { readonly Cors?: Cors } {
  return cors === undefined || Object.keys(cors).length === 0 ? {} : { Cors: cors };
}

function check({ AuthType, InvokeMode, Cors: cors }: Input): void {
  const unknown = cors?.AllowMethods?.find((method) => !METHODS.includes(method));
  if (unknown !== undefined)
    throw invalid(`Cors.AllowMethods must be of ${METHODS.join(", ")}, got ${unknown}`);
  range("Cors.MaxAge", cors?.MaxAge, 0, 86_400);

  if (AuthType !== "NONE" && AuthType !== "AWS_IAM")
    throw invalid(`AuthType must be NONE or AWS_IAM, got ${AuthType}`);
  if (InvokeMode !== undefined && InvokeMode !== "BUFFERED")
    throw invalid(`InvokeMode must be BUFFERED, the one the local Lambda serves, got ${InvokeMode}`);
}
