import { createRequire } from "node:module";
import standaloneCode from "ajv/dist/standalone";
import { buildSync, type Format } from "esbuild";
import { eventTypes } from "../../handlers/event/event";
import type { Plan } from "../../handlers/plan/plan";
import { PLAN_FOLDER, type PlanEvent, readSoundPlan } from "./read";
import { type Schema, schemaAjv } from "./schema";

/** The plan's module: `export const plan: Plan`. */
export interface CompiledPlan {
  readonly code: Uint8Array;
  /** The files that it is made from, by path under the root, with forward slashes. */
  readonly modules: readonly string[];
}

/**
 * Compiles the tracking plan to a module of plain functions, without `eval` or anything like it.
 * @param root the folder that holds `tracking-plan/`.
 * @throws PlanError when a file of the plan is wrong.
 */
export function compilePlan(root: string, format: Format = "esm"): CompiledPlan {
  const events = readSoundPlan(root);
  return {
    code: bundled(moduleOf(events), format),
    modules: events.map(({ file }) => file),
  };
}

/** The plan for this process, compiled to the same functions that go into the archive. */
export function loadPlan(root: string): Plan {
  const code = Buffer.from(compilePlan(root, "cjs").code).toString();
  const module = { exports: {} as { readonly plan: Plan } };
  // Here, where the code was made, and never in a function.
  new Function("module", "exports", "require", code)(module, module.exports, createRequire(__filename));
  return module.exports.plan;
}

/** The module's source: a validator each schema, and the events with theirs. */
function moduleOf(events: readonly PlanEvent[]): string {
  const ajv = schemaAjv();
  const names: Record<string, string> = {};
  const add = (schema: Schema): string => {
    const name = `v${Object.keys(names).length}`;
    ajv.addSchema(schema, name);
    names[name] = name;
    return name;
  };
  const entries = events.map((event) => ({ type: event.type, entry: entryOf(event, add) }));
  const types = eventTypes.flatMap((type) => {
    const own = entries.filter((each) => each.type === type).map(({ entry }) => entry);
    return own.length === 0 ? [] : [`${type}: new Map([${own.join()}])`];
  });
  const validators = Object.keys(names).length === 0 ? "" : standaloneCode(ajv, names);
  return `${validators}\nexport const plan = { ${types.join()} };\n`;
}

/** `["Order Completed", { mode: "flag", versions: [{ version: 2, properties: v1 }] }]` */
function entryOf(event: PlanEvent, add: (schema: Schema) => string): string {
  const versions = event.numbers.map((version) => {
    const { properties, context } = event.versions[version] ?? {};
    const parts = [
      `version: ${version}`,
      ...(properties === undefined ? [] : [`properties: ${add(properties)}`]),
      ...(context === undefined ? [] : [`context: ${add(context)}`]),
    ];
    return `{ ${parts.join()} }`;
  });
  const { mode } = event;
  return `[${JSON.stringify(event.event)}, { mode: ${JSON.stringify(mode)}, versions: [${versions.join()}] }]`;
}

/** The module with the few functions of ajv that validators call. */
function bundled(source: string, format: Format): Uint8Array {
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: __dirname, sourcefile: `${PLAN_FOLDER}.js` },
    write: false,
    bundle: true,
    platform: "node",
    target: "node20",
    format,
    minify: true,
    legalComments: "none",
    logLevel: "silent", // what is thrown says it all
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
