import type { Verb } from "../verb";
import { check, runTool } from "./check";

/** `npm test`: everything there is to trust a change by. */
export const test: Verb = {
  summary: "Run the checks and every test, those on a deployed local cloud included",
  usage: "[-- jest's own arguments]",
  async run(call) {
    const checked = await check.run(call);
    if (checked) return checked;
    return runTool("jest", ["--selectProjects", "e2e", "--runInBand", ...call.arguments]);
  },
};
