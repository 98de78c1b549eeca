import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { type EnvironmentName, type EnvironmentRow, environmentOf, environments } from "../../stacks/config";
import { STATE_FOLDER } from "../../stacks/constructs/deployment";
import { DataStack } from "../../stacks/data-stack";
import { type Bundles, handlerNames } from "../../stacks/functions/bundle";
import { OperationsStack } from "../../stacks/operations-stack";
import { PipelineStack, type PipelineStackProps } from "../../stacks/pipeline-stack";

export const stackNames = ["data", "pipeline", "operations"] as const;
export type StackName = (typeof stackNames)[number];

/** A resource as Terraform reads it. */
export type Resource = Readonly<Record<string, unknown>>;

/** A stack's `cdk.tf.json`, without the notes that CDKTF leaves for itself. */
export interface Synthesized {
  readonly terraform: {
    readonly backend: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly required_providers: { readonly aws: { readonly version: string } };
  };
  readonly provider: Readonly<Record<string, readonly Resource[]>>;
  /** By type, then by Terraform's name. */
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
}

export type SynthesizedEnvironment = Readonly<Record<StackName, Synthesized>> & {
  /** Every `cdk.tf.json` as it was written. */
  readonly texts: readonly string[];
  /** Files that the stacks name and that do not lie beside them. */
  readonly missingAssets: readonly string[];
};

/** Synthesizes an environment for real, with made-up function bundles. @param changes to its row. */
export function synthesize(
  name: EnvironmentName,
  changes: Partial<EnvironmentRow> = {},
): SynthesizedEnvironment {
  const outdir = mkdtempSync(join(tmpdir(), "clickstream-synth-"));
  try {
    const context = { [STATE_FOLDER]: join(outdir, "..", "state") };
    const app = new App({ outdir: join(outdir, "out"), context });
    const environment = environmentOf(name, { ...environments[name], ...changes });
    const { stack } = environment.names;
    const data = new DataStack(app, stack("data"), { environment });
    new PipelineStack(app, stack("pipeline"), { environment, data, bundles: madeUpBundles(outdir) });
    new OperationsStack(app, stack("operations"), { environment, data });
    app.synth();
    const folders = stackNames.map((part) => join(outdir, "out", "stacks", stack(part)));
    const texts = folders.map((folder) => readFileSync(join(folder, "cdk.tf.json"), "utf8"));
    const [data_, pipeline, operations] = texts.map((text) => withoutNotes(JSON.parse(text)) as Synthesized);
    if (data_ === undefined || pipeline === undefined || operations === undefined)
      throw new Error("a stack was not synthesized");
    const missingAssets = ["aws_lambda_function", "aws_lambda_layer_version"]
      .flatMap((type) => resources(pipeline, type))
      .map(({ filename }) => String(filename))
      .filter((filename) => !existsSync(join(folders[1] ?? "", filename)));
    return { data: data_, pipeline, operations, texts, missingAssets };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** All resources of a type, over any number of stacks. */
export function resources(stack: Synthesized, type: string): Resource[] {
  return Object.values(stack.resource[type] ?? {});
}

/** The only resource of a type. */
export function only(stack: Synthesized, type: string): Resource {
  const [resource, ...others] = resources(stack, type);
  if (resource === undefined || others.length > 0)
    throw new Error(`there must be one ${type}, there are ${resource === undefined ? 0 : others.length + 1}`);
  return resource;
}

/** The function of a handler. */
export function functionOf(environment: SynthesizedEnvironment, handler: string): Resource {
  const found = resources(environment.pipeline, "aws_lambda_function").find(({ function_name: name }) =>
    String(name).endsWith(`-${handler}`),
  );
  if (found === undefined) throw new Error(`there is no function ${handler}`);
  return found;
}

function madeUpBundles(folder: string): PipelineStackProps["bundles"] {
  const functions = handlerNames.map((name) => {
    const path = join(folder, `${name}.zip`);
    writeFileSync(path, `code of ${name}`);
    return [name, { path, sha256: `hash of ${name}` }] as const;
  });
  const countries = { path: join(folder, "countries.zip"), sha256: "hash of countries" };
  writeFileSync(countries.path, "a database of countries");
  return {
    functions: Object.fromEntries(functions) as Bundles["functions"],
    sqlHash: "hash of sql",
    countries,
  };
}

function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, inner]) => [key, withoutNotes(inner)]),
  );
}
