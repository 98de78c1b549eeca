import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { planChanges, type Terraform } from "../../cli/deployment/terraform";
import { openEnvironment, type Target } from "../../cli/environment";
import { localTerraform } from "../../cli/starting/deploy";
import { run } from "../../local/setup/run";
import { findTerraform } from "../../local/setup/terraform";
import { archiveHandlers } from "../../stacks/functions/bundle";
import { Scene } from "./faults/scene";
import { cloud, count, json, projectRoot, testState } from "./verb";

const MINUTES = 60_000;
let target: Target;
let terraform: Terraform;
const stack = {
  name: "clickstream-local-pipeline",
  folder: join(testState, "cdktf.out", "stacks", "clickstream-local-pipeline"),
};

/** Runs Terraform on the pipeline stack. @returns its messages, one JSON a line. @throws with them when it fails. */
async function onPipeline(...args: readonly string[]): Promise<string> {
  const { code, stdout } = await run(terraform.binary, [...args, "-input=false", "-auto-approve", "-json"], {
    cwd: stack.folder,
    env: terraform.env,
  });
  if (code !== 0) throw new Error(stdout);
  return stdout;
}

/** The address of the resource that runs the migration. */
function invocation(): string {
  const { resource } = JSON.parse(readFileSync(join(stack.folder, "cdk.tf.json"), "utf8")) as {
    readonly resource: { readonly aws_lambda_invocation: object };
  };
  return `aws_lambda_invocation.${Object.keys(resource.aws_lambda_invocation)[0]}`;
}

beforeAll(async () => {
  target = await openEnvironment({ env: "local" });
  terraform = localTerraform(
    await findTerraform(projectRoot, testState, () => undefined),
    cloud().gatewayUrl,
  );
});

describe("a plan", () => {
  it(
    "says what a deploy would change, and the migrations among it",
    async () => {
      const planned = await json<{
        stacks: { name: string; add: number; change: number; destroy: number }[];
        migrations: object;
        blocked: boolean;
      }>("plan");
      expect(planned).toMatchObject({
        migrations: { pending: [], models: [], problems: [] },
        blocked: false,
      });
      expect(planned.stacks.map(({ name, add, destroy }) => [name, add, destroy])).toEqual([
        ["clickstream-local-data", 0, 0],
        ["clickstream-local-pipeline", 0, 0],
        ["clickstream-local-operations", 0, 0],
      ]);
    },
    4 * MINUTES,
  );
});

describe("a migration of which a statement fails", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "project-"));
    symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
    for (const folder of ["handlers", "sql", "browser"])
      cpSync(join(projectRoot, folder), join(root, folder), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Gives the migration the SQL of the copied project, and has Terraform run it. */
  async function migrate(): Promise<void> {
    const { functions } = archiveHandlers(root);
    await new LambdaClient({}).send(
      new UpdateFunctionCodeCommand({
        FunctionName: target.outputs.functions.migrate,
        ZipFile: functions.migrate.zip,
      }),
    );
    await onPipeline("apply", `-replace=${invocation()}`);
  }

  it(
    "fails the apply with the statement and the warehouse's words, and leaves nothing half done",
    async () => {
      writeFileSync(
        join(root, "sql", "migrations", "V990__fail_badly.sql"),
        "create table half_done (n integer);\ninsert into half_done values ('x');\n",
      );
      await expect(migrate()).rejects.toThrow(
        /V990__fail_badly\.sql was not applied: ERROR: .*in: insert into half_done/,
      );
      await expect(json("query", "select count(*) from half_done")).rejects.toThrow("does not exist");
      expect(await count("select count(*) from sessions")).toBeGreaterThanOrEqual(0);

      rmSync(join(root, "sql", "migrations", "V990__fail_badly.sql"));
      await migrate();
      expect(await planChanges(terraform, stack)).toEqual([]);
    },
    6 * MINUTES,
  );
});

describe("the pipeline, destroyed and deployed again", () => {
  it(
    "has dropped nothing of the warehouse",
    async () => {
      const held = async () => [
        await count("select count(*) from events"),
        await count("select count(*) from all_sessions"),
        await count("select count(*) from load_ledger"),
      ];
      const scene = await Scene.open();
      await scene.expectOnce(await scene.send(2));
      const before = await held();
      expect(Math.min(...before)).toBeGreaterThan(0);
      await onPipeline("destroy");
      expect((await planChanges(terraform, stack)).length).toBeGreaterThan(20);
      await onPipeline("apply");
      expect(await held()).toEqual(before);
      expect(await planChanges(terraform, stack)).toEqual([]);
    },
    10 * MINUTES,
  );
});
