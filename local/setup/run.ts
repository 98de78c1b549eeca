import { spawn } from "node:child_process";
import { join } from "node:path";

/** How a command ended. */
export interface Ended {
  /** Exit code; undefined when the command could not be started at all. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const leash = join(__dirname, "leash.mjs");

/** What the leash answers for a command that does not exist. */
const NOT_FOUND = 127;

/**
 * Runs a command to its end, without a shell, on a leash: it ends when this process does. A command that does
 * not exist is an outcome, not an exception.
 */
export function run(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    /** Given each line of standard output as it comes. */
    readonly onLine?: (line: string) => void;
    /** Interrupts the command, as Ctrl-C would, when it fires. */
    readonly signal?: AbortSignal;
  } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [leash, command, ...args], {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    let stdout = "";
    let stderr = "";
    let rest = "";
    const abort = (): void => void child.send("interrupt");
    options.signal?.addEventListener("abort", abort, { once: true });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (options.onLine === undefined) return;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) options.onLine(line);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("close", (code) => {
      options.signal?.removeEventListener("abort", abort);
      resolve({ code: code === NOT_FOUND ? undefined : (code ?? 1), stdout, stderr });
    });
  });
}
