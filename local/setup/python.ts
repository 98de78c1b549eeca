import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run";
import { SetupError } from "./setup-error";

/** The oldest Python that MiniStack runs on. */
const OLDEST = { major: 3, minor: 10 };

const requirements = join(__dirname, "requirements.txt");

/**
 * The interpreter of the project's private Python environment, which is made, and made anew when
 * requirements.txt has changed, in `<stateRoot>/python`.
 * @throws SetupError when there is no Python to make it with, or the packages cannot be had.
 */
export async function pythonEnvironment(stateRoot: string, say: (what: string) => void): Promise<string> {
  const folder = join(stateRoot, "python");
  const interpreter = pythonInterpreter(stateRoot);
  const marker = join(folder, ".requirements");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted && (await works(interpreter)))
    return interpreter;

  rmSync(folder, { recursive: true, force: true });
  const base = await findPython();
  say("making a private environment");
  const made = await run(base, ["-m", "venv", folder]);
  if (made.code !== 0) {
    throw new SetupError(
      `A private Python environment could not be made with ${base}. On Debian and Ubuntu: apt install python3-venv.\n${lastLines(made.stdout + made.stderr)}`,
    );
  }
  say("installing its packages");
  const installed = await run(interpreter, [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--requirement",
    requirements,
  ]);
  if (installed.code !== 0) {
    throw new SetupError(
      `The Python packages of the local cloud could not be installed. Is the Python package index reachable from here?\n${lastLines(installed.stderr)}`,
    );
  }
  writeFileSync(marker, wanted);
  return interpreter;
}

/** Where the environment's interpreter is, once the environment has been made. */
export function pythonInterpreter(stateRoot: string): string {
  const windows = process.platform === "win32";
  return join(stateRoot, "python", windows ? "Scripts" : "bin", windows ? "python.exe" : "python");
}

/** A Python that is new enough: the one named by CLICKSTREAM_PYTHON, else the first found on PATH. */
async function findPython(): Promise<string> {
  const named = process.env.CLICKSTREAM_PYTHON;
  const candidates = named
    ? [named]
    : ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
  const seen: string[] = [];
  for (const candidate of candidates) {
    const answer = await run(candidate, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    if (answer.code !== 0) continue;
    const [major = 0, minor = 0] = answer.stdout.trim().split(".").map(Number);
    if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return candidate;
    seen.push(`${candidate} is ${major}.${minor}`);
  }
  throw new SetupError(
    `Python ${OLDEST.major}.${OLDEST.minor} or newer is needed and was not found${seen.length > 0 ? ` (${seen.join(", ")})` : ""}. Install it, or name one: CLICKSTREAM_PYTHON=/path/to/python3 npm start`,
  );
}

async function works(interpreter: string): Promise<boolean> {
  return (await run(interpreter, ["-c", "import ministack, sqlglot"])).code === 0;
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-6).join("\n");
}
