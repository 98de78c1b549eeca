import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { type CloudInfo, readCloud } from "../../local/cloud";

export const projectRoot = join(__dirname, "..", "..");

/** The tests' own cloud, beside the one that a person may be running; tests that run at the same time have two. */
export const testState = join(projectRoot, ".local", process.env.CLICKSTREAM_TEST_CLOUD ?? "e2e");

/** How a verb ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Begins a verb as its npm script does. */
export function beginVerb(...args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(projectRoot, "cli", "launch.mjs"), ...args], {
    cwd: projectRoot,
    env: { ...process.env, CLICKSTREAM_STATE: testState, INIT_CWD: projectRoot },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr })),
  );
  return { child, ended };
}

/** Runs a verb to its end. */
export function verb(...args: readonly string[]): Promise<Ended> {
  return beginVerb(...args).ended;
}

/** Runs a verb with `--json` and reads its answer. @throws when there is none, with what it said instead. */
export async function json<Answer>(...args: readonly string[]): Promise<Answer> {
  const ended = await verb(...args, "--json");
  try {
    return JSON.parse(ended.stdout) as Answer;
  } catch {
    throw new Error(
      `"${args.join(" ")}" ended with ${ended.code} and no JSON:\n${ended.stdout}\n${ended.stderr}`,
    );
  }
}

/** A single number that the warehouse answers. */
export async function count(sql: string): Promise<number> {
  const answer = await json<{ readonly rows: readonly (readonly unknown[])[] }>("query", sql);
  return Number(answer.rows[0]?.[0]);
}

/** The cloud that the tests run on. */
export function cloud(): CloudInfo {
  const info = readCloud(testState);
  if (info === undefined) throw new Error("the tests' cloud does not run");
  return info;
}

/** The first pause between two looks; each is longer than the one before, for most looks are a process of their own. */
const LOOK_MS = 200;
const LONGEST_LOOK_MS = 3_000;

/** Waits until something holds. @throws when it does not within the time. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  seconds = 120,
): Promise<void> {
  const giveUpAt = Date.now() + seconds * 1_000;
  for (let pause = LOOK_MS; ; pause = Math.min(pause * 1.4, LONGEST_LOOK_MS)) {
    if (await holds()) return;
    if (Date.now() > giveUpAt) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
