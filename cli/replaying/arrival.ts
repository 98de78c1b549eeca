import { setTimeout as sleep } from "node:timers/promises";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { MAX_TRIES } from "../../handlers/load/ledger";
import { literal } from "../../handlers/warehouse/split";
import { type Target, wakeLoader } from "../environment";
import { invoke } from "../invocation";
import { UserError } from "../terminal";
import { queryRows } from "../warehouse";

const POLL_MS = 2_000;
const WAKE_EVERY_MS = 8_000;

/** Without any file loaded for so long, something is wrong. */
const PATIENCE_MS = 30 * 60_000;

/** As many keys as one statement takes comfortably. */
const KEYS_A_STATEMENT = 500;

/** Has the loader load what it has been told of, and waits until it has. @throws UserError when it fails. */
export async function loadNow({ outputs }: Target): Promise<void> {
  await invoke(new LambdaClient({}), outputs.functions.load, {});
}

/** Which of the files the loader has loaded. */
export async function loadedOf(target: Target, keys: readonly string[]): Promise<ReadonlySet<string>> {
  return keysOf(target, keys, (list) => `select object_key from load_ledger where object_key in (${list})`);
}

/**
 * Waits until the loader has loaded files of the lake.
 * @param advance is told how many more of them it has.
 * @throws UserError when one of them fails to load, or nothing happens for long.
 */
export async function waitForFiles(
  target: Target,
  keys: readonly string[],
  advance: (loaded: number) => void,
): Promise<void> {
  let missing = [...new Set(keys)];
  let lastProgress = Date.now();
  let lastWake = 0;
  for (; ; await sleep(POLL_MS)) {
    const loaded = await loadedOf(target, missing);
    if (loaded.size > 0) {
      advance(loaded.size);
      lastProgress = Date.now();
      missing = missing.filter((key) => !loaded.has(key));
    }
    if (missing.length === 0) return;
    await refuseSetAside(target, missing);
    if (Date.now() - lastProgress > PATIENCE_MS)
      throw new UserError(
        `${missing.length} files have not been loaded, ${missing[0]} among them. npm run status and npm run failed -- --files may say why; the same command goes on.`,
      );
    if (Date.now() - lastWake > WAKE_EVERY_MS) {
      lastWake = Date.now();
      await wakeLoader(target);
    }
  }
}

async function refuseSetAside(target: Target, keys: readonly string[]): Promise<void> {
  const [key] = await keysOf(
    target,
    keys,
    (list) =>
      `select object_key from load_failures where object_key in (${list}) group by object_key having count(*) >= ${MAX_TRIES}`,
  );
  if (key !== undefined)
    throw new UserError(
      `${key} failed to load and is set aside: npm run failed -- --files says why. Mended, the same command goes on.`,
    );
}

async function keysOf(
  target: Target,
  keys: readonly string[],
  sql: (list: string) => string,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let at = 0; at < keys.length; at += KEYS_A_STATEMENT) {
    const list = keys.slice(at, at + KEYS_A_STATEMENT).map(literal);
    for (const [key] of await queryRows(target, sql(list.join(", ")))) found.add(String(key));
  }
  return found;
}
