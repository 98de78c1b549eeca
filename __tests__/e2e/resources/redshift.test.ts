import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apply, init, plan, planChanges } from "../../../cli/deployment/terraform";
import { stateRoot } from "../../../cli/paths";
import { localTerraform } from "../../../cli/starting/deploy";
import { run } from "../../../local/setup/run";
import { findTerraform } from "../../../local/setup/terraform";
import { LocalRedshift, ROLE } from "../../local/redshift/support";
import { type CheckedGateway, checkedGateway } from "../checked-gateway";
import { projectRoot } from "../verb";

const MINUTES = 60_000;
const stack = { name: "redshift", folder: join(stateRoot, "resources-redshift") };

// A cloud has one namespace, and the tests' cloud needs its own: this one is of a Redshift that runs for the test alone.
const redshift = new LocalRedshift();
let gateway: CheckedGateway;
let terraform: ReturnType<typeof localTerraform>;

type Block = Readonly<Record<string, unknown>>;

/** All of a workgroup's parameters: the provider takes away what is left out. */
function parameters(changed: boolean): Block[] {
  const values = {
    auto_mv: "true",
    datestyle: "ISO, MDY",
    enable_case_sensitive_identifier: "false",
    enable_user_activity_logging: "true",
    query_group: changed ? "reports" : "default",
    require_ssl: "true",
    search_path: "$user, public",
    use_fips_ssl: "false",
    max_query_execution_time: changed ? "600" : "14400",
  };
  return Object.entries(values).map(([parameter_key, parameter_value]) => ({
    parameter_key,
    parameter_value,
  }));
}

/** Everything of Redshift's control plane that a stack may have, in two versions of whatever can be changed. */
function configuration(changed: boolean): Block {
  const tags = { tags: changed ? { suite: "changed", more: "yes" } : { suite: "first" } };
  return {
    terraform: { required_providers: { aws: { source: "aws" } } },
    provider: {
      aws: {
        region: "us-east-1",
        skip_credentials_validation: true,
        skip_requesting_account_id: true,
        skip_metadata_api_check: true,
      },
    },
    resource: {
      aws_redshiftserverless_namespace: {
        namespace: {
          ...tags,
          namespace_name: "resources",
          db_name: "resources",
          manage_admin_password: true,
          iam_roles: changed ? [ROLE, `${ROLE}-2`] : [ROLE],
          log_exports: changed ? ["userlog", "connectionlog"] : ["userlog"],
        },
      },
      aws_redshiftserverless_workgroup: {
        workgroup: {
          ...tags,
          // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
          namespace_name: "${aws_redshiftserverless_namespace.namespace.namespace_name}",
          workgroup_name: "resources",
          base_capacity: changed ? 16 : 8,
          max_capacity: changed ? 64 : 32,
          publicly_accessible: changed,
          enhanced_vpc_routing: changed,
          subnet_ids: ["subnet-00000001", "subnet-00000002", "subnet-00000003"],
          security_group_ids: changed ? ["sg-00000001", "sg-00000002"] : ["sg-00000001"],
          config_parameter: parameters(changed),
        },
      },
      aws_redshiftserverless_usage_limit: {
        limit: {
          // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
          resource_arn: "${aws_redshiftserverless_workgroup.workgroup.arn}",
          usage_type: "serverless-compute",
          amount: changed ? 120 : 60,
          period: "monthly",
          breach_action: changed ? "deactivate" : "log",
        },
      },
    },
  };
}

const write = (changed: boolean): void =>
  writeFileSync(join(stack.folder, "main.tf.json"), JSON.stringify(configuration(changed)));

/** What a plan would change, in Terraform's words; empty when nothing. */
async function drift(): Promise<string> {
  const planned = await plan(terraform, stack);
  return planned.changes ? planned.text : "";
}

beforeAll(async () => {
  rmSync(stack.folder, { recursive: true, force: true });
  mkdirSync(stack.folder, { recursive: true });
  await redshift.start();
  gateway = await checkedGateway(redshift.url);
  terraform = localTerraform(await findTerraform(projectRoot, stateRoot, () => undefined), gateway.url);
  write(false);
  await init(terraform, stack);
}, 3 * MINUTES);
afterAll(async () => {
  gateway.close();
  await redshift.stop();
});

describe("Redshift Serverless under the real provider", () => {
  it(
    "is made, and a second plan finds nothing to change",
    async () => {
      await apply(terraform, stack, () => undefined);
      expect(await drift()).toBe("");
    },
    3 * MINUTES,
  );

  it.each([
    ["is changed in every attribute, in place, and a plan after that finds nothing to change", true],
    ["goes back to what it was", false],
  ])(
    "%s",
    async (_, changed) => {
      write(changed);
      const actions = (await planChanges(terraform, stack)).map(({ action }) => action);
      expect(actions).toEqual(["update", "update", "update"]);
      await apply(terraform, stack, () => undefined);
      expect(await drift()).toBe("");
    },
    3 * MINUTES,
  );

  it(
    "is destroyed, with the secret of its admin",
    async () => {
      expect(redshift.secrets.values.size).toBe(1);
      const args = ["destroy", "-input=false", "-auto-approve", "-no-color"];
      const { code, stderr } = await run(terraform.binary, args, { cwd: stack.folder, env: terraform.env });
      expect([code, stderr]).toEqual([0, ""]);
      expect(redshift.secrets.values.size).toBe(0);
      for (const [list, member] of [
        ["ListNamespaces", "namespaces"],
        ["ListWorkgroups", "workgroups"],
        ["ListUsageLimits", "usageLimits"],
      ])
        expect((await redshift.call(`RedshiftServerless.${list}`, {}))[member ?? ""]).toEqual([]);
    },
    3 * MINUTES,
  );

  it("was answered in all of it as AWS's models have it", () => {
    const operations = new Set(gateway.exchanges.map(({ operation }) => operation));
    for (const called of [
      "UpdateWorkgroup",
      "UpdateNamespace",
      "UpdateUsageLimit",
      "TagResource",
      "UntagResource",
    ])
      expect(operations).toContain(called);
    expect(gateway.exchanges.filter(({ violations }) => violations.length > 0)).toEqual([]);
  });
});
