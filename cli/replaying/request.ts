import { createHash } from "node:crypto";
import { UserError } from "../terminal";
import { pointInTime, TIME_FORMS } from "../times";
import type { Call } from "../verbs/verb";

/** What of the lake is replayed. */
export type Mode = "raw" | "failed" | "undelivered" | "rebuild";

/** What the operator asks for. */
export interface Request {
  readonly mode: Mode;
  /** Received from (in it) until (not in it); both are known for `raw`. */
  readonly from?: Date;
  readonly until?: Date;
  readonly reason?: string;
  readonly replace: boolean;
  readonly dryRun: boolean;
  /** The same for what was asked in the same words: an interrupted replay is found by it. */
  readonly id: string;
}

/** Reads what is asked for. @throws UserError when options do not go together, or a time is none. */
export function requestOf(call: Call, now: Date): Request {
  const given = (name: string): string | undefined =>
    call[name] === undefined ? undefined : String(call[name]);
  const flags = (["failed", "undelivered", "rebuild"] as const).filter((name) => call[name] === true);
  const [mode = "raw", second] = flags;
  const replace = call.replace === true;
  const [from, to, reason] = [given("from"), given("to"), given("reason")];
  if (call.arguments.length > 0)
    throw new UserError(`A replay takes options alone, got "${call.arguments.join(" ")}"`);
  if (second !== undefined)
    throw new UserError(`--${mode} and --${second} are two replays: one after the other`);
  if (reason === "") throw new UserError("--reason must not be empty");
  if (reason !== undefined && mode !== "failed")
    throw new UserError("--reason goes with --failed: npm run replay -- --failed --reason R");
  if (replace && (mode === "failed" || mode === "undelivered"))
    throw new UserError(`--replace renews events that are there; --${mode} brings in those that are not`);
  if (mode === "rebuild" && (from ?? to) !== undefined)
    throw new UserError("--rebuild takes all there is, and neither --from nor --to");
  if (mode === "raw" && from === undefined)
    throw new UserError(
      `Say from when on events are replayed: npm run replay -- --from T --to T. T is a time such as ${TIME_FORMS}`,
    );
  if (to !== undefined && from === undefined)
    throw new UserError(`--to goes with --from; with neither, --${mode} takes all there is`);
  return {
    mode,
    ...spanOf(from, to, now),
    ...(reason === undefined ? {} : { reason }),
    replace,
    dryRun: call["dry-run"] === true,
    id: createHash("sha256")
      .update(JSON.stringify([mode, from, to, reason, replace]))
      .digest("hex")
      .slice(0, 16),
  };
}

function spanOf(
  from: string | undefined,
  to: string | undefined,
  now: Date,
): Pick<Request, "from" | "until"> {
  if (from === undefined) return {};
  const start = pointInTime(from, "--from", now);
  const until = to === undefined ? now : pointInTime(to, "--to", now);
  if (start >= now) throw new UserError(`--from must lie in the past, got ${start.toISOString()}`);
  if (until <= start)
    throw new UserError(
      `--to must be later than --from, got --from ${start.toISOString()} and --to ${until.toISOString()}`,
    );
  return { from: start, until };
}
