import type { IncomingHttpHeaders } from "node:http";
import type { Decision, Demand } from "../decision/evaluator";
import { formOf, type Refusal } from "./answer";

/** Services whose answer to a denial is not 400 although their protocol is AWS JSON. */
const FORBIDDEN_IN_JSON: ReadonlySet<string> = new Set(["sqs"]);

/**
 * A denial as AWS words it: who, what, on what, and which kind of policy is to be looked at.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denied(
  principalArn: string,
  { action, resource }: Pick<Demand, "action" | "resource">,
  { decision, reason }: Pick<Decision, "decision" | "reason">,
  service: string,
  headers: IncomingHttpHeaders,
): Refusal {
  const spelled = spell(action, service);
  if (service === "sts") {
    // STS does not tell why: a role's trust is nobody else's business.
    const message = `User: ${principalArn} is not authorized to perform: ${spelled} on resource: ${resource}`;
    return { ...denial(service, headers), message };
  }
  const why =
    decision === "Deny"
      ? `with an explicit deny in ${article(reason)} ${reason}`
      : `because no ${reason} allows the ${spelled} action`;
  const named = service === "s3" ? `"${resource}"` : resource;
  const message = `User: ${principalArn} is not authorized to perform: ${spelled} on resource: ${named} ${why}`;
  return { ...denial(service, headers), message };
}

/** A denial of an operation that the map does not know: no policy can allow it here. */
export function unmapped(
  principalArn: string,
  what: string,
  service: string,
  headers: IncomingHttpHeaders,
): Refusal {
  const message = `User: ${principalArn} is not authorized to perform: ${what} because the local cloud does not know which permissions it needs`;
  return { ...denial(service, headers), message };
}

function denial(service: string, headers: IncomingHttpHeaders): { status: number; code: string } {
  if (service === "sns") return { status: 403, code: "AuthorizationError" };
  switch (formOf(service, headers)) {
    case "json":
      return { status: FORBIDDEN_IN_JSON.has(service) ? 403 : 400, code: "AccessDeniedException" };
    case "rest-json":
      return { status: 403, code: "AccessDeniedException" };
    default:
      return { status: 403, code: "AccessDenied" };
  }
}

/** SQS writes its actions small, and SNS its prefix large. */
function spell(action: string, service: string): string {
  if (service === "sqs" && action.startsWith("sqs:")) return action.toLowerCase();
  return service === "sns" ? action.replace(/^sns:/, "SNS:") : action;
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? "an" : "a";
}

/**
 * What is answered to credentials that are none.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
export function badCredentials(
  why: "unknown" | "expired" | "missing",
  service: string | undefined,
  headers: IncomingHttpHeaders,
): Refusal {
  const form = formOf(service, headers);
  const { code, s3, message, s3Message } = CREDENTIAL_ERRORS[why];
  if (form === "s3") return { status: why === "expired" ? 400 : 403, code: s3, message: s3Message };
  const status = form === "json" && service !== "sqs" ? 400 : 403;
  return { status, code: form === "query" || service === "sqs" ? code.query : code.json, message };
}

const CREDENTIAL_ERRORS = {
  unknown: {
    code: { query: "InvalidClientTokenId", json: "UnrecognizedClientException" },
    message: "The security token included in the request is invalid.",
    s3: "InvalidAccessKeyId",
    s3Message: "The AWS Access Key Id you provided does not exist in our records.",
  },
  expired: {
    code: { query: "ExpiredToken", json: "ExpiredTokenException" },
    message: "The security token included in the request is expired",
    s3: "ExpiredToken",
    s3Message: "The provided token has expired.",
  },
  missing: {
    code: { query: "MissingAuthenticationToken", json: "MissingAuthenticationTokenException" },
    message: "Request is missing Authentication Token",
    s3: "AccessDenied",
    s3Message: "Access Denied",
  },
} as const;
