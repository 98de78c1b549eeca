import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentNames } from "../../stacks/config";
import { only, type Resource, resources, stackNames, synthesize } from "./synthesized";

const root = join(__dirname, "..", "..");
const all = environmentNames.map((name) => [name, synthesize(name)] as const);

/** Attributes that name a resource in AWS. */
const NAMES = [
  "name",
  "function_name",
  "bucket",
  "workgroup_name",
  "namespace_name",
  "alarm_name",
  "dashboard_name",
];
const NAMED =
  /_(table|function|role|alias|queue|stream|group|bucket|topic|alarm|schedule|parameter|namespace|workgroup|dashboard|budget)$/;

describe("an environment", () => {
  it.each(all)("stays under 120 resources, all stacks together (%s)", (_, environment) => {
    const counts = stackNames.map(
      (stack) => Object.values(environment[stack].resource).flatMap(Object.values).length,
    );
    expect(counts.reduce((sum, count) => sum + count)).toBeLessThan(120);
  });

  it.each(all)("bears its name in every name, and no name twice (%s)", (name, environment) => {
    const named = stackNames.flatMap((stack) =>
      Object.entries(environment[stack].resource)
        .filter(([type]) => NAMED.test(type))
        .flatMap(([type, found]) => Object.values(found).map((one) => ({ type, name: nameOf(one) })))
        .filter(({ name: found }) => found !== undefined)
        .map(({ type, name: found }) => `${type} ${found}`),
    );
    expect(named.length).toBeGreaterThan(40);
    expect(new Set(named).size).toBe(named.length);
    for (const one of named.filter((each) => !each.startsWith("aws_cloudwatch_log_stream")))
      expect(one).toMatch(new RegExp(`clickstream[-/]${name}[-/]`));
  });

  it.each(all)("is deployed to its own account alone (%s)", (_, environment) => {
    for (const stack of stackNames)
      expect(environment[stack].provider.aws?.[0]).toMatchObject({
        allowed_account_ids: [expect.stringMatching(/^\d{12}$/)],
      });
  });

  it.each(all)(
    "can be moved: no path of this machine, and every asset beside its stack (%s)",
    (_, environment) => {
      for (const text of environment.texts) {
        expect(text).not.toContain(root);
        expect(text).not.toContain(tmpdir());
      }
      expect(environment.missingAssets).toEqual([]);
    },
  );
});

describe("the environments", () => {
  it("share no state", () => {
    const keys = all.flatMap(([, environment]) =>
      stackNames.map((stack) => {
        const { s3, local } = environment[stack].terraform.backend;
        return s3 === undefined ? local?.path : `${s3.bucket}/${s3.key}`;
      }),
    );
    expect(keys).not.toContain(undefined);
    expect(new Set(keys).size).toBe(9);
  });

  it("keep state in S3 locked and encrypted, on a laptop in a file", () => {
    const [[, local], [, dev]] = [all[0], all[1]] as [(typeof all)[number], (typeof all)[number]];
    expect(dev.data.terraform.backend.s3).toEqual({
      bucket: "clickstream-terraform-111111111111-us-east-1",
      key: "clickstream-dev-data.tfstate",
      region: "us-east-1",
      encrypt: true,
      use_lockfile: true,
      allowed_account_ids: ["111111111111"],
    });
    expect(local.data.terraform.backend.local).toEqual({
      path: expect.stringMatching(/^(\.\.\/)+state\/clickstream-local-data\.tfstate$/),
    });
  });

  it("are told apart in config.ts and nowhere else", () => {
    const files = readdirSync(join(root, "stacks"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && file !== "config.ts")
      .map((file) => join("stacks", file));
    const found = ["main.ts", ...files].filter((file) =>
      /["'`](local|dev|prod)["'`]/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(found).toEqual([]);
  });
});

describe("sizing", () => {
  const busy = synthesize("prod", { expectedRps: 100 });

  it("pays for the table by use while it is quiet, by capacity that follows the load above", () => {
    const quiet = all[2]?.[1].data;
    if (quiet === undefined) throw new Error("prod is missing");
    expect(only(quiet, "aws_dynamodb_table")).toMatchObject({ billing_mode: "PAY_PER_REQUEST" });
    expect(resources(quiet, "aws_appautoscaling_target")).toEqual([]);
    expect(only(busy.data, "aws_dynamodb_table")).toMatchObject({
      billing_mode: "PROVISIONED",
      write_capacity: 50,
      lifecycle: { ignore_changes: ["write_capacity"] },
    });
    expect(only(busy.data, "aws_appautoscaling_target")).toMatchObject({
      min_capacity: 50,
      max_capacity: 400,
    });
  });

  it("tells by e-mail where a row names an address", () => {
    const told = synthesize("prod", { alarmEmail: "team@example.com" });
    expect(only(told.operations, "aws_sns_topic_subscription")).toMatchObject({
      endpoint: "team@example.com",
    });
    expect(only(told.operations, "aws_budgets_budget").notification).toHaveLength(2);
  });
});

function nameOf(resource: Resource): unknown {
  const attribute = NAMES.find((name) => resource[name] !== undefined);
  return attribute === undefined ? undefined : resource[attribute];
}
