import { join } from "node:path";
import { targetText } from "../../../bench/harness/case";
import { caseNames, chosen, loadCases } from "../../../bench/harness/cases";
import { runCases } from "../../../bench/harness/run";
import { SetupError } from "../../../local/setup/setup-error";
import { stateRoot } from "../../paths";
import { table, UserError } from "../../terminal";
import type { Verb } from "../verb";

/** `npm run bench`: is it fast, and against what? */
export const bench: Verb = {
  summary: "Measure how fast it is, each thing against the limit of this machine",
  usage: "[--only GROUP or CASE] [--list]",
  details: [
    "Each case measures a value and, beside it, the best that could be had on this machine at that moment: the limit.",
    "It works on local clouds of its own, and leaves what npm start runs as it is; the machine should have nothing else to do.",
    "Exit code 1 when a target is not reached.",
  ].join("\n"),
  options: { only: { type: "string" }, list: { type: "boolean", default: false } },
  help: {
    "--only GROUP or CASE": "only the cases whose name begins so, e.g. local-aws or local-aws/gateway",
    "--list": "say what there is, and measure nothing",
  },
  async run(call) {
    if (call.env !== "local")
      throw new UserError(
        `npm run bench measures this machine: --env must be local, got "${String(call.env)}"`,
      );
    const names = chosen(caseNames(), call.only as string | undefined);
    if (names.length === 0)
      throw new UserError(
        `--only must name a group or a case; there are:\n${caseNames()
          .map((name) => `  ${name}`)
          .join("\n")}`,
      );
    const cases = await loadCases(names);
    if (call.list === true) {
      const rows = cases.map(({ name, case: listed }) => ({
        name,
        target: targetText(listed),
        summary: listed.summary,
      }));
      console.log(
        call.json
          ? JSON.stringify(rows)
          : table(
              ["case", "target", "what"],
              rows.map(({ name, target, summary }) => [name, target, summary]),
            ),
      );
      return 0;
    }

    const interrupted = new AbortController();
    const interrupt = (): void => {
      if (!interrupted.signal.aborted) console.error("\nStopping …");
      interrupted.abort();
    };
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", interrupt);
    try {
      const results = await runCases(cases, {
        folder: join(stateRoot, "bench"),
        signal: interrupted.signal,
        say: (name, what) => console.error(`· ${name}: ${what}`),
      });
      const targets = new Map(
        cases.map(({ name, case: { target, unit } }) => [name, targetText({ target, unit })]),
      );
      console.log(
        call.json
          ? JSON.stringify(results)
          : table(
              ["case", "value", "limit", "unit", "ratio", "target", ""],
              results.map(({ name, value, limit, unit, ratio, holds }) => [
                name,
                value,
                limit,
                unit,
                ratio,
                targets.get(name),
                holds ? "holds" : "MISSED",
              ]),
            ),
      );
      const missed = results.filter(({ holds }) => !holds);
      for (const { name, value, unit, ratio } of missed)
        console.error(
          `${name} must reach ${targets.get(name)}, got ${value === null ? "nothing" : `${value} ${unit}, ratio ${ratio}`}`,
        );
      return missed.length > 0 ? 1 : 0;
    } catch (error) {
      if (interrupted.signal.aborted) return 130;
      throw error instanceof SetupError ? new UserError(error.message) : error;
    } finally {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    }
  },
};
