/** What an environment's settings are when its row says nothing else: they follow from the load it expects. */

/** How the events table is paid for. */
export type BillingMode =
  | { readonly kind: "on-demand" }
  /** Write units a second that are always paid for, and how far auto scaling goes. */
  | { readonly kind: "provisioned"; readonly minWriteUnits: number; readonly maxWriteUnits: number };

/** Levels of a function's own log lines and of Lambda's, `REPORT` among them at `INFO`. */
export type LogLevel = "INFO" | "WARN";

/** Settings that follow from the expected requests a second; a row may set any of them itself. */
export interface Sizing {
  readonly billing: BillingMode;
  /** How many days DynamoDB keeps an item. */
  readonly ttlDays: number;
  /** How long the stream's records are gathered before the transform runs, in seconds. */
  readonly batchWindowSeconds: number;
  /** How many batches of one stream shard are transformed at once, 1 to 10. */
  readonly parallelization: number;
  /** How long a delivery stream gathers records before it writes an object, in seconds. */
  readonly bufferSeconds: number;
  /** When the loader runs: a rate or cron expression of EventBridge Scheduler. */
  readonly loadSchedule: string;
  /** The warehouse's capacity when it wakes, in RPU. */
  readonly baseRpu: number;
  /** The capacity it may grow to, in RPU. */
  readonly maxRpu: number;
  /** RPU-hours a day after which the warehouse refuses queries until the next day (UTC). */
  readonly rpuHoursPerDay: number;
  readonly systemLogLevel: LogLevel;
  /** What a month may cost before the budget tells, in US dollars. */
  readonly monthlyBudgetUsd: number;
}

/** The settings for a load of `expectedRps` requests a second, each of about ten events. */
export function sizingFor(expectedRps: number): Sizing {
  const baseRpu = baseRpuFor(expectedRps);
  return {
    billing: billingFor(expectedRps),
    ttlDays: ttlDaysFor(expectedRps),
    batchWindowSeconds: expectedRps < 100 ? 5 : 2,
    parallelization: parallelizationFor(expectedRps),
    bufferSeconds: bufferSecondsFor(expectedRps),
    loadSchedule: loadScheduleFor(expectedRps),
    baseRpu,
    maxRpu: baseRpu * 4,
    rpuHoursPerDay: baseRpu * 12,
    systemLogLevel: systemLogLevelFor(expectedRps),
    monthlyBudgetUsd: monthlyBudgetUsdFor(expectedRps),
  };
}

/**
 * On demand below 50 requests a second, where idle hours dominate and nothing may be paid for them. Above, a
 * steady stream of one-unit items costs less than a third provisioned: between half of the expected load and
 * four times it, for peaks.
 * @see https://aws.amazon.com/dynamodb/pricing/
 */
export function billingFor(expectedRps: number): BillingMode {
  if (expectedRps < 50) return { kind: "on-demand" };
  return {
    kind: "provisioned",
    minWriteUnits: Math.ceil(expectedRps / 2),
    maxWriteUnits: Math.ceil(expectedRps * 4),
  };
}

/**
 * The table is the memory that makes a client's retry a MODIFY, not the archive (that is the lake's `raw/`):
 * a month while storing it costs cents, a week up to 100 requests a second, then three days.
 */
export function ttlDaysFor(expectedRps: number): number {
  if (expectedRps <= 10) return 30;
  return expectedRps <= 100 ? 7 : 3;
}

/** A table's shard takes about 1,000 write units a second; below 100 one batch at a time packs best. */
export function parallelizationFor(expectedRps: number): number {
  if (expectedRps < 100) return 1;
  return Math.min(10, Math.ceil(expectedRps / 100));
}

/** Fewer, larger objects while traffic is low; at 100 requests a second a minute already fills 64 MiB. */
export function bufferSecondsFor(expectedRps: number): number {
  if (expectedRps < 10) return 300;
  return expectedRps < 100 ? 120 : 60;
}

/**
 * Every wake-up of the warehouse is billed for at least 60 s, so the cadence is the bill: hourly. From 500
 * requests a second a load is busy for longer than that anyway and comes every half hour, which costs no more
 * and halves the delay.
 */
export function loadScheduleFor(expectedRps: number): string {
  return expectedRps < 500 ? "rate(1 hour)" : "rate(30 minutes)";
}

/** The smallest capacity there is (4 RPU) up to 100 requests a second, then what keeps an hour's load short. */
export function baseRpuFor(expectedRps: number): number {
  if (expectedRps <= 100) return 4;
  return expectedRps <= 500 ? 8 : 16;
}

/** Above 100 requests a second Lambda's own lines cost more than they tell: $657 a month at 1,000. */
export function systemLogLevelFor(expectedRps: number): LogLevel {
  return expectedRps <= 100 ? "INFO" : "WARN";
}

/** What the design may cost at most: about $70 and $4.50 for each request a second. */
export function monthlyBudgetUsdFor(expectedRps: number): number {
  return Math.ceil(70 + 4.5 * expectedRps);
}
