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
    const beside = runBeside(["--selectProjects", "parts", ...call.arguments]);
    const code = await runTool("jest", ["--selectProjects", "e2e", "--runInBand", ...call.arguments]);
    const parts = await beside;
    console.error(parts.output);
    return code || parts.code;
  },
};

/** Tests of parts by themselves run while those on the deployed cloud wait for it; what they say comes at the end. */
async function runBeside(args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = beginTool("jest", ["--runInBand", "--passWithNoTests", ...args], ["ignore", "pipe", "pipe"]);
  const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? 1)));
  const said = [child.stdout, child.stderr].map((stream) => (stream === null ? "" : text(stream)));
  const output = await Promise.all(said);
  return { code: await ended, output: output.join("") };
}
