import { join } from "node:path";
import { lakePrefixes } from "../../handlers/event/lake";
import type { ReplayAnswer, ReplayTask } from "../../handlers/replay/task";
import { environmentsOf } from "../../stacks/config";
import type { Target } from "../environment";
import { stateRoot } from "../paths";
import { pricesOf } from "../prices";
import { format, progress, step, UserError } from "../terminal";
import { query } from "../warehouse";
import { loadNow, waitForFiles } from "./arrival";
import { balanceOf } from "./balance";
import { ask, CONCURRENCY, replayChunks } from "./chunks";
import { type Estimate, estimateOf } from "./estimate";
import { type Chunk, chunksOf, type LakeObject, listLake, objectsOfSpan } from "./lake";
import { type Begun, type Ledger, ReplayLedger, UnwrittenLedger } from "./ledger";
import { expectEmpty, loadAgain, loadableFiles } from "./rebuild";
import type { Request } from "./request";
import { removeUndelivered, settleAttention } from "./undelivered";

/** What a replay did, or would do. */
export interface Outcome extends Omit<ReplayAnswer, "problems"> {
  readonly mode: Request["mode"];
  readonly dry_run: boolean;
  /** Whether it went on with one that was interrupted. */
  readonly resumed: boolean;
  readonly from: string | null;
  readonly to: string | null;
  /** Objects of the lake that were read. */
  readonly objects: number;
  readonly estimate: Estimate;
  /** Whether every event of the hours that were replayed is accounted for, once; null where nothing was changed. */
  readonly balanced: boolean | null;
  /** What could not be read, and what the balance found, a sentence each. */
  readonly findings: readonly string[];
}

/** All of time, as the lake's times are written. */
const ALWAYS = { from: "0001-01-01T00:00:00.000Z", until: "9999-12-31T23:59:59.999Z" };

/** What the ledger of a rebuild calls its first step: from there on the warehouse is not empty any more. */
const CLEARED = "cleared";

/** What the ledger calls the step that counts rows as dropped that are gone. */
const SETTLED = "settled";

/** Runs a replay, or goes on with it. @param say is told what it will read and cost, before it begins. */
export async function runReplay(
  target: Target,
  request: Request,
  say: (line: string) => void,
): Promise<Outcome> {
  const { mode, dryRun } = request;
  const ledger = open(target, request, await spanOf(target, request));
  if (ledger.resumed)
    say(`Going on with the replay of ${ledger.begun.started} (to begin anew, delete ${ledger.path}).`);
  const { from, until } = ledger.begun;
  if (mode === "rebuild" && ledger.of(CLEARED) === undefined) {
    await expectEmpty(target).catch((error: unknown) => {
      ledger.finish(); // nothing was begun
      throw error;
    });
  }
  const files = mode === "rebuild" ? await step("Looking at the lake", () => loadableFiles(target)) : [];
  const objects = await step("Looking at the raw lake", () => objectsOf(target, mode, from, until));
  const chunks =
    mode === "undelivered"
      ? objects.map((object) => ({ name: object.key, objects: [object] }))
      : chunksOf(objects);
  const [environment] = environmentsOf(target.name);
  const estimate = estimateOf({
    objects: [...objects, ...files],
    calls: chunks.length,
    concurrency: CONCURRENCY,
    baseRpu: environment?.baseRpu ?? 0,
  });
  say(extentLine(objects, chunks.length, estimate));

  if (!dryRun && mode === "rebuild") {
    if (ledger.of(CLEARED) === undefined) ledger.write(CLEARED, await ask(target, { task: "clear" }));
    await loadAgain(target, files);
  }
  // What is on its way to the loader is not missing.
  if (!dryRun && mode === "raw")
    await step("Loading what has arrived", () => loadNow(target)).catch((error: unknown) =>
      say(`The loader failed, so what is on its way comes twice and is dropped once: ${String(error)}`),
    );
  if (!dryRun && mode === "raw" && ledger.of(SETTLED) === undefined)
    ledger.write(SETTLED, await ask(target, { task: "settle", ...spanTask(from, until) }));
  await replayChunks(
    target,
    dryRun ? "Looking at what would be replayed" : "Replaying",
    chunks,
    taskFor(request, from, until),
    ledger,
  );
  const total = ledger.total();
  if (!dryRun) await complete(target, request, total, chunks, ledger);
  const balance = dryRun ? undefined : await balanceOf(target, from, until);
  ledger.finish();
  const { problems, ...counts } = total;
  return {
    mode,
    dry_run: dryRun,
    resumed: ledger.resumed,
    from: from ?? null,
    to: until ?? null,
    objects: objects.length + files.length,
    ...counts,
    estimate,
    balanced: balance?.balanced ?? null,
    findings: [...problems, ...(balance?.findings ?? [])],
  };
}

/** What is left when all chunks are done. */
async function complete(
  target: Target,
  { mode, replace }: Request,
  total: ReplayAnswer,
  chunks: readonly Chunk[],
  ledger: Ledger,
): Promise<void> {
  if (total.files.length > 0)
    await progress("Waiting until the loader has loaded it", total.files.length, "files", (advance) =>
      waitForFiles(target, total.files, advance),
    );
  if (mode === "undelivered") {
    const done = chunks.filter(({ name }) => ledger.of(name)?.unreadable === 0).map(({ name }) => name);
    for (const key of done) await removeUndelivered(target, key);
    if (done.length > 0) await settleAttention(target, new Set(done));
  }
  // Sessions still count events whose rows were gone: loaded once more, these would be counted twice.
  if ((replace && total.renewed > 0) || total.settled > 0)
    await step("Building sessions anew", () => ask(target, { task: "sessions" }));
}

function taskFor(
  { mode, reason, replace, dryRun }: Request,
  from: string | undefined,
  until: string | undefined,
): (chunk: Chunk) => ReplayTask {
  const span = spanTask(from, until);
  return ({ name, objects }) => {
    const keys = objects.map(({ key }) => key);
    if (mode === "undelivered") return { task: "undelivered", key: name, dryRun };
    if (mode === "failed")
      return { task: "failed", keys, ...span, ...(reason === undefined ? {} : { reason }), dryRun };
    return { task: "raw", keys, ...span, replace, dryRun };
  };
}

function spanTask(from: string | undefined, until: string | undefined): { from: string; until: string } {
  return { from: from ?? ALWAYS.from, until: until ?? ALWAYS.until };
}

async function objectsOf(
  { outputs }: Target,
  mode: Request["mode"],
  from: string | undefined,
  until: string | undefined,
): Promise<LakeObject[]> {
  const bucket = outputs.lakeBucket;
  if (mode === "undelivered") return givenUp(await listLake(bucket, lakePrefixes.undelivered), from, until);
  if (from === undefined || until === undefined) return listLake(bucket, lakePrefixes.raw);
  return objectsOfSpan(bucket, "raw", new Date(from), new Date(until), new Date());
}

/** Objects with records that were given up in a span, or ever. */
function givenUp(objects: LakeObject[], from: string | undefined, until: string | undefined): LakeObject[] {
  return objects.filter(
    ({ writtenAt }) =>
      (from === undefined || writtenAt >= from) && (until === undefined || writtenAt < until),
  );
}

/** The span that is replayed; rejected events tell theirs themselves where none is given. */
async function spanOf(
  target: Target,
  { mode, from, until, reason }: Request,
): Promise<Omit<Begun, "started">> {
  if (from !== undefined && until !== undefined)
    return { from: from.toISOString(), until: until.toISOString() };
  if (mode !== "failed") return {};
  const { rows } = await query(
    target,
    `select cast(min(received_at) as varchar(32)), cast(max(received_at) as varchar(32)) from failed_events
     ${reason === undefined ? "" : "where reason = :reason"}`,
    reason === undefined ? {} : { reason },
  );
  const [[first, last] = []] = rows;
  if (first === null || first === undefined)
    throw new UserError(
      `Nothing was rejected${reason === undefined ? "" : ` for the reason ${reason}`}. npm run failed shows what was.`,
    );
  return { from: timeOf(first).toISOString(), until: new Date(timeOf(last).getTime() + 1).toISOString() };
}

/** A time as the warehouse writes it, UTC. */
function timeOf(text: unknown): Date {
  return new Date(`${String(text).replace(" ", "T")}Z`);
}

function open(target: Target, request: Request, span: Omit<Begun, "started">): Ledger {
  const begin = (): Begun => ({ ...span, started: new Date().toISOString() });
  return request.dryRun
    ? new UnwrittenLedger(begin())
    : ReplayLedger.open(join(stateRoot, "replays", target.name), request, begin);
}

function extentLine(objects: readonly LakeObject[], calls: number, { usd }: Estimate): string {
  const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return `${format(objects.length)} objects, ${format(bytes)} bytes, in ${format(calls)} calls; about $${usd} on AWS (${pricesOf}).`;
}
