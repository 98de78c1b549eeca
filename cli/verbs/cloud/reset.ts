import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stateRoot } from "../../paths";
import { step } from "../../terminal";
import type { Verb } from "../verb";
import { stopCloud } from "./stop";

/** What a reset keeps: it was downloaded, or belongs to other environments. */
const kept = [/^python$/, /^terraform-/, /^imports$/];

/** `npm run reset`: the local cloud as on the first day. */
export const reset: Verb = {
  summary: "Stop the local cloud and delete everything it holds",
  async run(call) {
    await stopCloud();
    if (existsSync(stateRoot)) {
      await step("Deleting the local cloud's state", async () => {
        for (const name of readdirSync(stateRoot)) {
          if (!kept.some((pattern) => pattern.test(name)))
            rmSync(join(stateRoot, name), { recursive: true, force: true });
        }
        rmSync(join(stateRoot, "imports", "local"), { recursive: true, force: true });
      });
    }
    if (call.json) console.log(JSON.stringify({ reset: true }));
    return 0;
  },
};
