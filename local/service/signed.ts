import { Agent, request } from "node:http";
import { REGION } from "./aws";
import type { RoleCredentials } from "./role";
import { sha256, signature } from "./signature";

/** Where calls go, and as whom. */
export interface Endpoint {
  readonly gatewayUrl: string;
  readonly credentials: () => Promise<RoleCredentials>;
}

/** An answer of an AWS service, its body unread. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * One signed POST to a service at the gateway, for calls whose bodies are passed on as they are (stream
 * records, log lines) or whose client would be a dependency for a single call.
 * @param contentType of the body; AWS JSON services also need `target`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function signedPost(
  { gatewayUrl, credentials }: Endpoint,
  service: string,
  body: string,
  headers: { readonly "content-type": string; readonly "x-amz-target"?: string },
  signal?: AbortSignal,
): Promise<Answer> {
  const url = new URL(gatewayUrl);
  const signed = sign(await credentials(), service, url.host, body, headers, new Date());
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method: "POST",
        agent,
        headers: { ...signed, "content-length": Buffer.byteLength(body) },
        ...(signal && { signal }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

/** A failed call of an AWS JSON service. */
export class CallError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = code;
  }
}

/** Calls an operation of an AWS JSON service. @throws CallError for an answer that is not 200. */
export async function callJson<Output>(
  endpoint: Endpoint,
  service: string,
  target: string,
  version: "1.0" | "1.1",
  input: object,
  signal?: AbortSignal,
): Promise<Output> {
  const headers = { "content-type": `application/x-amz-json-${version}`, "x-amz-target": target };
  const { status, body } = await signedPost(endpoint, service, JSON.stringify(input), headers, signal);
  const text = body.toString("utf8");
  if (status === 200) return JSON.parse(text) as Output;
  let fault: { __type?: string; message?: string; Message?: string } = {};
  try {
    fault = JSON.parse(text) as typeof fault;
  } catch {
    // not an AWS error: a gateway that is starting, say
  }
  const code = fault.__type?.split("#").at(-1) ?? `HTTP ${status}`;
  throw new CallError(code, `${target}: ${fault.message ?? fault.Message ?? text.slice(0, 200)}`, status);
}

function sign(
  { accessKeyId, secretAccessKey, sessionToken }: RoleCredentials,
  service: string,
  host: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  now: Date,
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${REGION}/${service}/aws4_request`;
  const all: Record<string, string> = {
    ...headers,
    host,
    "x-amz-date": time,
    "x-amz-security-token": sessionToken,
  };
  const signedHeaders = Object.keys(all)
    .sort()
    .map((name) => [name, all[name] ?? ""] as const);
  const parts = { method: "POST", path: "/", query: "", headers: signedHeaders, payload: sha256(body) };
  const given = signature(parts, time, scope, secretAccessKey);
  const credential = `${accessKeyId}/${scope}`;
  const names = signedHeaders.map(([name]) => name).join(";");
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${given}`,
  };
}
