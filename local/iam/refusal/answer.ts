import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** An error to be answered in the way of the service that was called. */
export interface Refusal {
  readonly status: number;
  /** The exception's or error's name. */
  readonly code: string;
  readonly message: string;
  /** Further members of a JSON error. @default none */
  readonly members?: Readonly<Record<string, string>>;
}

/** How a refusal goes over the wire. */
export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Services of the Query protocol, and the namespace of their errors. */
const QUERY_NAMESPACES: Readonly<Record<string, string>> = {
  iam: "https://iam.amazonaws.com/doc/2010-05-08/",
  monitoring: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  sns: "http://sns.amazonaws.com/doc/2010-03-31/",
  sqs: "http://queue.amazonaws.com/doc/2012-11-05/",
  sts: "https://sts.amazonaws.com/doc/2011-06-15/",
};

/** Which form a service's errors have. */
export type Form = "json" | "rest-json" | "query" | "s3";

/** The form of a service's errors, for a request: SQS speaks two protocols. */
export function formOf(service: string | undefined, headers: IncomingHttpHeaders): Form {
  if (headers["x-amz-target"] !== undefined) return "json";
  if (service === "s3" || service === undefined) return "s3";
  return Object.hasOwn(QUERY_NAMESPACES, service) ? "query" : "rest-json";
}

/**
 * A refusal as bytes.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
 */
export function answerOf(
  { status, code, message, members }: Refusal,
  service: string | undefined,
  { method, headers }: { readonly method?: string | undefined; readonly headers: IncomingHttpHeaders },
): RefusalAnswer {
  const requestId = randomUUID();
  const ids = { "x-amzn-requestid": requestId, "x-amz-request-id": requestId, "x-amzn-errortype": code };
  const form = formOf(service, headers);
  const side = status < 500 ? "Sender" : "Receiver";
  if (form === "json" || form === "rest-json") {
    const type = headers["content-type"] ?? "";
    const json = form === "json" && type.startsWith("application/x-amz-json") ? type : "application/json";
    return {
      status,
      headers: {
        ...{ ...ids, "content-type": json },
        // SQS names the error of its older protocol here, and the SDKs report that one.
        ...(service === "sqs" ? { "x-amzn-query-error": `${code.replace(/Exception$/, "")};${side}` } : {}),
      },
      body: JSON.stringify({ __type: code, message, Message: message, ...members }),
    };
  }
  const error = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
  if (form === "s3") {
    const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
    const body = `${declaration}<Error>${error}<RequestId>${requestId}</RequestId><HostId>${requestId}</HostId></Error>`;
    return {
      status,
      headers: { ...ids, "content-type": "application/xml" },
      body: method === "HEAD" ? "" : body,
    };
  }
  const namespace = QUERY_NAMESPACES[service ?? ""];
  return {
    status,
    headers: { ...ids, "content-type": "text/xml" },
    body: `<ErrorResponse xmlns="${namespace}"><Error><Type>${side}</Type>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
