import { formatTime } from "./time-format";

/** What an object's name is made of. */
export interface NameParts {
  readonly streamName: string;
  readonly streamVersion: number;
  /** When the oldest record in the object arrived: the moment of every time in the name. */
  readonly arrivalMs: number;
  readonly timeZone: string;
  readonly uuid: string;
  /** The destination's Prefix, with its expressions. */
  readonly prefix: string;
  /** With its dot; may be empty. */
  readonly extension: string;
  /** Eleven characters, new with each call. */
  readonly randomString: () => string;
}

/** Why records ended up under the error output prefix. */
export type ErrorOutputType = "processing-failed" | "format-conversion-failed";

/** Prefixes must not be longer than this once evaluated. */
export const MAX_EVALUATED_PREFIX = 512;

const EXPRESSION = /!\{([^{}:]*):([^{}]*)\}/g;
const DEFAULT_TIME_PREFIX = "!{timestamp:yyyy/MM/dd/HH/}";

/**
 * The name of a delivered object: `<evaluated prefix><stream>-<version>-YYYY-MM-DD-HH-MM-SS-<uuid><extension>`.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
 */
export function objectName(parts: NameParts): string {
  const time = formatTime("yyyy-MM-dd-HH-mm-ss", parts.arrivalMs, parts.timeZone);
  const suffix = `${parts.streamName}-${parts.streamVersion}-${time}-${parts.uuid}${parts.extension}`;
  return evaluatePrefix(parts.prefix, parts) + suffix;
}

/**
 * Evaluates a Prefix or, when `errorOutputType` says what failed, an ErrorOutputPrefix. A prefix without a
 * timestamp expression gets `yyyy/MM/dd/HH/` appended.
 * @throws RangeError on an expression that Firehose does not know.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export function evaluatePrefix(
  prefix: string,
  parts: Pick<NameParts, "arrivalMs" | "timeZone" | "randomString">,
  errorOutputType?: ErrorOutputType,
): string {
  const timed = errorOutputType === undefined && !prefix.includes("!{timestamp:");
  const expressions = timed ? prefix + DEFAULT_TIME_PREFIX : prefix;
  if (expressions.replaceAll(EXPRESSION, "").includes("!{"))
    throw new RangeError(`"!{" may only begin a "!{namespace:value}" expression: ${prefix}`);
  return expressions.replaceAll(EXPRESSION, (expression, namespace: string, value: string) => {
    if (namespace === "timestamp") return formatTime(value, parts.arrivalMs, parts.timeZone);
    if (namespace === "firehose" && value === "random-string") return parts.randomString();
    if (namespace === "firehose" && value === "error-output-type" && errorOutputType !== undefined)
      return errorOutputType;
    throw new RangeError(`${expression} is not an expression that can be used here`);
  });
}

/** Whether a prefix holds any expression. */
export function hasExpressions(prefix: string): boolean {
  return prefix.includes("!{");
}
