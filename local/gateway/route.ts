import type { IncomingMessage } from "node:http";
import { signatureOf } from "../iam/request";

/** Where each service listens: the signing name of a service → its origin; `*` takes every other one. */
export interface Routes {
  readonly [service: string]: URL;
  readonly "*": URL;
}

/**
 * Reads routes from the environment variable ROUTES: `{"lambda":"http://127.0.0.1:4100", "*":"http://…"}`.
 * @throws Error that names the value at fault
 */
export function parseRoutes(text: string | undefined): Routes {
  if (!text)
    throw new Error('ROUTES must map service names to origins, such as {"*":"http://127.0.0.1:4100"}');
  const routes = Object.fromEntries(
    Object.entries(JSON.parse(text) as Record<string, unknown>).map(([service, origin]) => {
      if (typeof origin !== "string" || !URL.canParse(origin))
        throw new Error(`ROUTES: ${service} must be an origin, got ${JSON.stringify(origin)}`);
      return [service, new URL(origin)];
    }),
  );
  const others = routes["*"];
  if (others === undefined) throw new Error("ROUTES must have *, the service that takes what no other does");
  return { ...routes, "*": others };
}

/** The services whose operations an unsigned request can name in its target header. */
const TARGETS: Readonly<Record<string, string>> = {
  Firehose_20150804: "firehose",
  RedshiftServerless: "redshift-serverless",
  RedshiftData: "redshift-data",
};

/**
 * The signing name of the service that a request is for: from its signature's credential scope, in the header or in
 * a presigned URL, else from its target header; undefined when it says nothing of either.
 */
export function serviceOf(request: Pick<IncomingMessage, "headers" | "url">): string | undefined {
  const signature = signatureOf(request);
  if (signature !== undefined) return signature.service;
  const target = request.headers["x-amz-target"];
  return typeof target === "string" ? TARGETS[target.slice(0, target.indexOf("."))] : undefined;
}
