import { enrichmentNames } from "../handlers/enrich/names";
import { rulesOf } from "../handlers/migrate/internal-traffic";
import { readPolicies } from "../handlers/plan/plan";
import type { Environment } from "./config";
import { callProblems } from "./edge";
import { warehouseConfiguration } from "./reporting";
import { type EndingKey, keyOf, sourceKinds } from "./sources";

/** Days that CloudWatch Logs can keep a log group's lines for, up to a year. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365];

/** Checks an environment's settings. @throws with every one that is not allowed, what it is and what is. */
export function validate(environment: Environment): void {
  const problems = [
    matches("account", environment.account, /^\d{12}$/, "twelve digits"),
    matches("region", environment.region, /^[a-z]{2}(-[a-z]+)+-\d$/, "a Region's name, like us-east-1"),
    between("expectedRps", environment.expectedRps, 0.1, 10_000),
    ...billing(environment.billing),
    between("ttlDays", environment.ttlDays, 2, 365),
    between("batchWindowSeconds", environment.batchWindowSeconds, 0, 300),
    between("parallelization", environment.parallelization, 1, 10),
    between("bufferSeconds", environment.bufferSeconds, 0, 900),
    matches(
      "loadSchedule",
      environment.loadSchedule,
      /^(rate\([1-9]\d* (minute|hour|day)s?\)|cron\(.+\))$/,
      "rate(<n> minutes|hours|days) or cron(…)",
    ),
    between("baseRpu", environment.baseRpu, 4, 1024),
    between("maxRpu", environment.maxRpu, environment.baseRpu, 5632),
    between("rpuHoursPerDay", environment.rpuHoursPerDay, 1, 100_000),
    between("monthlyBudgetUsd", environment.monthlyBudgetUsd, 1, 1_000_000),
    between("recoveryDays", environment.recoveryDays ?? 35, 1, 35),
    between("retentionDays", environment.retentionDays, 1, 365) ??
      oneOf("retentionDays", environment.retentionDays, LOG_RETENTION_DAYS),
    between("deduplicationHours", environment.deduplicationHours, 1, 168),
    between("redeliverySeconds", environment.redeliverySeconds, 30, 43_200),
    between("rawToColdDays", environment.rawToColdDays, 1, 3650),
    between("maxEventKilobytes", environment.maxEventKilobytes ?? 32, 1, 256),
    between("maxBodyKilobytes", environment.maxBodyKilobytes ?? 500, 1, 6_144),
    ...Object.entries(environment.enrichments ?? {}).flatMap(([name, on]) => [
      oneOf("enrichments", name, enrichmentNames),
      oneOf(`enrichments.${name}`, on, [true, false]),
    ]),
    ...callProblems(environment),
    ...origins(environment.allowedOrigins ?? {}),
    ...writeKeys(environment.writeKeys),
    ...reporting(environment),
    ...planPolicies(environment.planPolicies ?? {}),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new Error(`environment ${environment.name}: ${problems.join("; ")}`);
}

function between(name: string, value: number, lowest: number, highest: number): string | undefined {
  // Written so that NaN, too, is refused.
  return value >= lowest && value <= highest
    ? undefined
    : `${name} must be between ${lowest} and ${highest}, got ${value}`;
}

function oneOf<Value>(name: string, value: Value, allowed: readonly Value[]): string | undefined {
  return allowed.includes(value) ? undefined : `${name} must be one of ${allowed.join(", ")}, got ${value}`;
}

function matches(name: string, value: string, pattern: RegExp, meaning: string): string | undefined {
  return pattern.test(value) ? undefined : `${name} must be ${meaning}, got ${JSON.stringify(value)}`;
}

function billing(mode: Environment["billing"]): (string | undefined)[] {
  if (mode.kind === "on-demand") return [];
  return [
    between("billing.minWriteUnits", mode.minWriteUnits, 1, 40_000),
    between("billing.maxWriteUnits", mode.maxWriteUnits, mode.minWriteUnits, 40_000),
  ];
}

function origins(allowed: NonNullable<Environment["allowedOrigins"]>): (string | undefined)[] {
  return Object.entries(allowed).flatMap(([source, list]) =>
    list.map((origin) =>
      matches(
        `allowedOrigins.${source}`,
        origin,
        /^https?:\/\/[a-z0-9.-]+(:\d+)?$/,
        "an origin, like https://www.example.com",
      ),
    ),
  );
}

function planPolicies(policies: NonNullable<Environment["planPolicies"]>): (string | undefined)[] {
  const unknown = Object.keys(policies).find((name) => !Object.hasOwn(sourceKinds, name));
  if (unknown !== undefined)
    return [`planPolicies must name sources (${Object.keys(sourceKinds).join(", ")}), got ${unknown}`];
  try {
    readPolicies(JSON.stringify(policies));
    return [];
  } catch (error) {
    return [String((error as Error).message).replace("PLAN_POLICIES", "planPolicies")];
  }
}

/** The rules of internal traffic are one statement of the migration. */
const MAX_RULES = 300;

function reporting(environment: Environment): (string | undefined)[] {
  const { users, sessionMinutes, timeZone, internalTraffic } = warehouseConfiguration(environment);
  const known = timeZone === "UTC" || (timeZone.includes("/") && isTimeZone(timeZone));
  const texts = Object.values(internalTraffic).flat();
  return [
    known ? undefined : `timeZone must be an IANA name, like Europe/Berlin, got ${JSON.stringify(timeZone)}`,
    between("sessionMinutes", sessionMinutes, 1, 1440),
    ...Object.keys(users).map((role) =>
      matches("warehouseUsers", role, /^[\w+=,.@-]{1,64}$/, "by name of an IAM role"),
    ),
    ...texts.map((text) => matches("internalTraffic", text, /^\S.{0,255}$/, "texts of 1 to 256 characters")),
    ...rules(internalTraffic),
  ];
}

function rules(internalTraffic: NonNullable<Environment["internalTraffic"]>): (string | undefined)[] {
  try {
    return [between("the number of internalTraffic's rules", rulesOf(internalTraffic).length, 0, MAX_RULES)];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function end({ key, validUntil }: EndingKey): string | undefined {
  return /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(validUntil) && !Number.isNaN(Date.parse(validUntil))
    ? undefined
    : `writeKeys: ${key} must be validUntil a day or a time in UTC, like 2027-01-31T12:00Z, got ${JSON.stringify(validUntil)}`;
}

function writeKeys(keys: Environment["writeKeys"]): (string | undefined)[] {
  const named = Object.entries(keys).map(([source, own]) => [source, own.map(keyOf)] as const);
  const all = named.flatMap(([, own]) => own);
  const twice = all.filter((key, index) => all.indexOf(key) !== index);
  return [
    ...named.flatMap(([source, own]) =>
      own.map((key) =>
        matches(`writeKeys.${source}`, key, /^[\w.-]{3,64}$/, "3 to 64 letters, digits, -, _ or ."),
      ),
    ),
    ...Object.values(keys)
      .flat()
      .map((key) => (typeof key === "string" ? undefined : end(key))),
    ...twice.map((key) => `writeKeys must differ from source to source, got ${key} twice`),
  ];
}
