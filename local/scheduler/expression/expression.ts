import { type Cron, nextCron, parseCron } from "./cron";
import { momentAtOrAfter, type WallTime } from "./zone";

/** A schedule expression, read. */
export type Expression =
  | { readonly kind: "rate"; readonly periodMs: number }
  | { readonly kind: "cron"; readonly cron: Cron }
  | { readonly kind: "at"; readonly wall: WallTime };

/** What decides when an expression is due, beside itself. Moments are in milliseconds since the epoch. */
export interface Timing {
  /** IANA name. */
  readonly zone: string;
  /** When a rate began: its StartDate, else when the schedule was made. It is first due right then. */
  readonly anchorMs: number;
  /** Nothing is due before. Ignored by `at`. */
  readonly startMs?: number;
  /** Nothing is due after. Ignored by `at`. */
  readonly endMs?: number;
}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `rate(value unit)`, `cron(six fields)` or `at(yyyy-mm-ddThh:mm:ss)`; undefined if it is none of them.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseExpression(text: string): Expression | undefined {
  const [, kind, body = ""] = /^(rate|cron|at)\((.*)\)$/s.exec(text) ?? [];
  if (kind === "rate") return parseRate(body);
  if (kind === "at") return parseAt(body);
  const cron = kind === "cron" ? parseCron(body) : undefined;
  return cron && { kind: "cron", cron };
}

/** The first moment after `afterMs` at which the expression is due; undefined if there is none. */
export function nextOccurrence(expression: Expression, timing: Timing, afterMs: number): number | undefined {
  if (expression.kind === "at") {
    const moment = momentAtOrAfter(expression.wall, timing.zone);
    return moment > afterMs ? moment : undefined;
  }
  const after = Math.max(afterMs, (timing.startMs ?? Number.NEGATIVE_INFINITY) - 1);
  const moment =
    expression.kind === "cron"
      ? nextCron(expression.cron, after, timing.zone)
      : nextRate(expression.periodMs, timing.anchorMs, after);
  return moment === undefined || moment > (timing.endMs ?? Number.POSITIVE_INFINITY) ? undefined : moment;
}

function nextRate(periodMs: number, anchorMs: number, afterMs: number): number {
  if (afterMs < anchorMs) return anchorMs;
  return anchorMs + (Math.floor((afterMs - anchorMs) / periodMs) + 1) * periodMs;
}

function parseRate(body: string): Expression | undefined {
  const [, value, unit] = /^\s*(\d{1,9})\s+(minute|hour|day)s?\s*$/.exec(body) ?? [];
  const periodMs = Number(value) * (UNITS[unit ?? ""] ?? 0);
  return periodMs > 0 ? { kind: "rate", periodMs } : undefined;
}

function parseAt(body: string): Expression | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body)) return undefined;
  const wall = Date.parse(`${body}Z`);
  // Date.parse takes February 30 for March 2: what does not read the same is no date.
  return new Date(wall).toJSON()?.startsWith(body) ? { kind: "at", wall } : undefined;
}
