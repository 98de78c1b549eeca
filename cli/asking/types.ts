/** What values a parameter of a question takes. */
export type ParameterType =
  | { readonly kind: "date" | "timestamp" | "text" }
  | { readonly kind: "integer"; readonly lowest: number; readonly highest: number }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "steps"; readonly lowest: number; readonly highest: number };

const INTEGER = /^-?\d{1,15}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)Z?$/;

/**
 * Reads a type: `date`, `timestamp`, `text`, `integer(1..90)`, `choice(day|week)` or `steps(2..6)`.
 * @returns nothing for any other.
 */
export function typeOf(text: string): ParameterType | undefined {
  const [, kind, within] = /^([a-z]+)(?:\((.+)\))?$/.exec(text) ?? [];
  if (kind === "date" || kind === "timestamp" || kind === "text")
    return within === undefined ? { kind } : undefined;
  if (kind === "choice" && within !== undefined) return { kind, choices: within.split("|") };
  const [, lowest, highest] = /^(\d+)\.\.(\d+)$/.exec(within ?? "") ?? [];
  if ((kind === "integer" || kind === "steps") && lowest !== undefined && highest !== undefined)
    return { kind, lowest: Number(lowest), highest: Number(highest) };
  return undefined;
}

/**
 * A value as the statement takes it.
 * @param now what `now` stands for.
 * @returns nothing for what is not of the type.
 */
export function boundValue(type: ParameterType, text: string, now: Date): string | undefined {
  switch (type.kind) {
    case "text":
      return text === "" ? undefined : text;
    case "choice":
      return type.choices.includes(text) ? text : undefined;
    case "integer":
      return INTEGER.test(text) && Number(text) >= type.lowest && Number(text) <= type.highest
        ? String(Number(text))
        : undefined;
    case "date":
      return DATE.test(text) && utc(text)?.startsWith(text) ? text : undefined;
    case "timestamp": {
      if (text === "now") return now.toISOString().slice(0, 23).replace("T", " ");
      const [, day = "", clock = ""] = TIMESTAMP.exec(text) ?? [];
      const time = utc(`${day}T${clock}Z`);
      return time?.startsWith(day) ? time.slice(0, 23).replace("T", " ") : undefined;
    }
    case "steps": {
      const steps = text.split(">").map((step) => step.trim());
      const fits = steps.length >= type.lowest && steps.length <= type.highest && !steps.includes("");
      return fits ? steps.join(">") : undefined;
    }
  }
}

/** What a type takes, in words. */
export function allowed(type: ParameterType): string {
  switch (type.kind) {
    case "text":
      return "a text that is not empty";
    case "choice":
      return `one of ${type.choices.join(", ")}`;
    case "integer":
      return `an integer from ${type.lowest} to ${type.highest}`;
    case "date":
      return "a date, YYYY-MM-DD";
    case "timestamp":
      return "a time in UTC, YYYY-MM-DDTHH:MM:SS, or now";
    case "steps":
      return `${type.lowest} to ${type.highest} steps with > between them`;
  }
}

/** The time in ISO 8601; nothing where there is no such time. A day that overflows is another day. */
function utc(text: string): string | undefined {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
