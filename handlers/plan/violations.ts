import { isObject } from "../event/json";
import type { ValidatorError } from "./plan";

/** Where an event breaks the plan, and how. */
export type Violation = {
  /** JSON pointer into the event: `/properties/price`. */
  readonly path: string;
  /** What must be: `be number`. The same for all events that break the plan alike. */
  readonly must: string;
  /** What was there instead, short. @default what matters is that nothing was there */
  readonly got?: string;
};

/** So many are told of one event; its properties show the rest. */
const MAX_VIOLATIONS = 20;

/** So many UTF-16 units of a value, and of a path, are shown. */
const SHOWN_UNITS = 60;
const PATH_UNITS = 400;

/** Keywords that only say that another one's faults are among them. */
const SUMMARIES: ReadonlySet<string> = new Set(["if"]);

/**
 * What a validator found wrong with a value.
 * @param path of the value in its event.
 */
export function violationsOf(
  path: string,
  value: unknown,
  errors: readonly ValidatorError[] | null | undefined,
): Violation[] {
  return (errors ?? [])
    .filter(({ keyword }) => !SUMMARIES.has(keyword))
    .slice(0, MAX_VIOLATIONS)
    .map((error) => violationOf(path, value, error));
}

function violationOf(path: string, value: unknown, error: ValidatorError): Violation {
  const { keyword, instancePath, params } = error;
  const at = path + instancePath;
  if (keyword === "required")
    return { path: cut(`${at}/${escaped(params.missingProperty)}`, PATH_UNITS), must: "be there" };
  const here = valueAt(value, instancePath);
  if (keyword === "additionalProperties") {
    const name = String(params.additionalProperty);
    const extra = isObject(here) ? here[name] : undefined;
    return { path: cut(`${at}/${escaped(name)}`, PATH_UNITS), must: "not be there", got: gotOf(extra) };
  }
  return { path: cut(at, PATH_UNITS), must: demandOf(error), got: gotOf(here) };
}

/** A fault's demand, without its "must". */
function demandOf({ keyword, params, message = keyword }: ValidatorError): string {
  if (keyword === "enum" && Array.isArray(params.allowedValues))
    return `be one of ${params.allowedValues.map((allowed) => JSON.stringify(allowed)).join(", ")}`;
  if (keyword === "const") return `be ${JSON.stringify(params.allowedValue)}`;
  if (keyword === "type") return `be ${[params.type].flat().join(" or ")}`;
  if (keyword === "false schema") return "not be there";
  return message.replace(/^must /, "").replace(/^NOT /, "not ");
}

/** A value as it is shown: a scalar itself, cut where it is long; of all else what it is. */
export function gotOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "array";
  if (typeof value === "object" && value !== null) return "object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(cut(value, SHOWN_UNITS));
}

/** Whole characters: a half of a pair is none that the warehouse takes. */
function cut(text: string, units: number): string {
  return text.length > units ? `${[...text.slice(0, units)].slice(0, -1).join("")}…` : text;
}

function valueAt(value: unknown, pointer: string): unknown {
  let here = value;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[name];
  }
  return here;
}

/** A name as a part of a JSON pointer. @see https://datatracker.ietf.org/doc/html/rfc6901#section-3 */
function escaped(name: unknown): string {
  return String(name).replaceAll("~", "~0").replaceAll("/", "~1");
}
