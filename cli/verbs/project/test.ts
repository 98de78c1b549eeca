import { text } from "node:stream/consumers";
import type { Verb } from "../verb";
import { beginTool, check, runTool } from "./check";

/** `npm test`: everything there is to trust a change by. */
export const test: Verb = {
  summary: "Run the checks and every test, those on a deployed local cloud included",
  usage: "[-- jest's own arguments]",
  async run(call) {
    const checked = await check.run(call);
    if (checked) return checked;
    const beside = runBeside(call.arguments);
    const code = await runTool("jest", ["--selectProjects", "e2e", "--runInBand", ...call.arguments]);
    const others = await beside;
    console.error(others.output);
    return code || others.code;
  },
};

/** Both what an ended process has said, and how it ended. */
interface Ended {
  readonly code: number;
  readonly output: string;
}

/**
 * While the tests on the deployed cloud wait for it, others run: those of parts by themselves, then those of what
 * sends events, on a cloud of their own. What they say comes at the end.
 */
async function runBeside(args: readonly string[]): Promise<Ended> {
  const parts = await runQuietly("parts", args);
  const senders = await runQuietly("senders", args);
  return { code: parts.code || senders.code, output: `${parts.output}\n${senders.output}` };
}

async function runQuietly(project: string, args: readonly string[]): Promise<Ended> {
  const options = ["--selectProjects", project, "--runInBand", "--passWithNoTests", ...args];
  const child = beginTool("jest", options, ["ignore", "pipe", "pipe"], { CLICKSTREAM_TEST_CLOUD: project });
  const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? 1)));
  const said = [child.stdout, child.stderr].map((stream) => (stream === null ? "" : text(stream)));
  const output = await Promise.all(said);
  return { code: await ended, output: output.join("") };
}
