import { parseArgs } from "node:util";
import { UserError } from "./terminal";
import { verbs } from "./verbs";
import type { Options, Verb } from "./verbs/verb";

const common = {
  env: { type: "string", default: "local" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const satisfies Options;

/**
 * Runs one verb: `main(["query", "select 1"])`.
 * @returns the process's exit code: 0 done, 1 failed, 2 not understood.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const verb = name === undefined ? undefined : verbs[name];
  if (name !== undefined && verb !== undefined) return run(verb, name, rest);
  const asked = name === undefined || name === "--help";
  console.error(asked ? overview() : `There is no verb "${name}".\n\n${overview()}`);
  return name === "--help" ? 0 : 2;
}

async function run(verb: Verb, name: string, args: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(verb, args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${help(name, verb)}`);
    return 2;
  }
  if (parsed.values.help) {
    console.log(help(name, verb));
    return 0;
  }
  try {
    return (await verb.run({ ...parsed.values, arguments: parsed.positionals })) ?? 0;
  } catch (error) {
    if (error instanceof UserError) {
      console.error(error.message);
      return 1;
    }
    console.error(error);
    return 1;
  }
}

function parse(verb: Verb, args: readonly string[]) {
  return parseArgs({ args: [...args], options: { ...common, ...verb.options }, allowPositionals: true });
}

function overview(): string {
  const shown = Object.entries(verbs).filter(([, verb]) => !verb.hidden);
  const width = Math.max(...shown.map(([name]) => name.length));
  return [
    "Usage: npm run <verb> -- [options]      (npm run <verb> -- --help says more)",
    "",
    ...shown.map(([name, verb]) => `  ${name.padEnd(width)}  ${verb.summary}`),
  ].join("\n");
}

function help(name: string, verb: Verb): string {
  const options = Object.entries({ ...verb.help, ...commonHelp });
  const width = Math.max(...options.map(([option]) => option.length));
  return [
    `Usage: npm run ${name} -- ${verb.usage ?? "[options]"}`,
    "",
    verb.summary,
    ...(verb.details === undefined ? [] : ["", verb.details]),
    "",
    ...options.map(([option, meaning]) => `  ${option.padEnd(width)}  ${meaning}`),
  ].join("\n");
}

const commonHelp = {
  "--env local|dev|prod": "the environment (default: local, the cloud on this machine)",
  "--json": "one line of JSON on standard output (call with npm run --silent)",
  "--help": "this page",
};
