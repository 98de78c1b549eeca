import { readdirSync } from "node:fs";
import { join } from "node:path";
import { plan } from "../../cli/deployment/terraform";
import { localTerraform } from "../../cli/starting/deploy";
import { findTerraform } from "../../local/setup/terraform";
import { checkedGateway } from "./checked-gateway";
import { cloud, projectRoot, testState, verb } from "./verb";

describe("the deployment", () => {
  it.each(["data", "pipeline"])(
    "has nothing to change in the %s stack at a second plan, whose answers are all as AWS's models have them",
    async (stack) => {
      const binary = await findTerraform(projectRoot, testState, () => undefined);
      const folder = join(testState, "cdktf.out", "stacks", `clickstream-local-${stack}`);
      expect(readdirSync(folder)).toContain("cdk.tf.json");
      const gateway = await checkedGateway(cloud().gatewayUrl);
      try {
        const planned = await plan(localTerraform(binary, gateway.url), { name: stack, folder });
        expect(planned.changes ? planned.text : "").toBe("");
      } finally {
        gateway.close();
      }
      expect(gateway.exchanges.length).toBeGreaterThan(0);
      expect(gateway.exchanges.filter(({ violations }) => violations.length > 0)).toEqual([]);
    },
    180_000,
  );

  it("is not started twice", async () => {
    const again = await verb("start", "--detach");
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("running already");
  }, 60_000);
});
