/** What a URL sends back. */
export interface UrlAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
}

interface Structured {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly cookies?: readonly unknown[] | null;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/**
 * The HTTP answer that a function's result stands for.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
 */
export function urlAnswer(payload: Buffer): UrlAnswer {
  const inferred: UrlAnswer = { status: 200, headers: { "content-type": "application/json" }, body: payload };
  if (payload[0] !== 0x7b /* { */ || !payload.includes('"statusCode"')) return inferred;
  const result = JSON.parse(payload.toString("utf8")) as Structured;
  if (result.statusCode === undefined) return inferred;
  const status = Number(result.statusCode);
  const { body = "" } = result;
  if (!Number.isInteger(status) || status < 100 || status > 599) return BAD_GATEWAY;
  if (body !== null && typeof body !== "string") return BAD_GATEWAY;
  const headers: Record<string, string | string[]> = { "content-type": "application/json" };
  for (const [name, value] of Object.entries(result.headers ?? {}))
    if (value !== null && value !== undefined) headers[name.toLowerCase()] = String(value);
  if (Array.isArray(result.cookies) && result.cookies.length > 0)
    headers["set-cookie"] = result.cookies.map(String);
  delete headers["content-length"]; // the one of the body as it is sent
  return {
    status,
    headers,
    body: Buffer.from(body ?? "", result.isBase64Encoded === true ? "base64" : "utf8"),
  };
}

/** A function that failed, or whose answer no HTTP answer can be made of. */
export const BAD_GATEWAY: UrlAnswer = plain(502, "Internal Server Error");

/** An answer of the URL itself. */
export function urlFault(status: number, fault: object): UrlAnswer {
  return plain(status, JSON.stringify(fault));
}

function plain(status: number, body: string): UrlAnswer {
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(body) };
}
