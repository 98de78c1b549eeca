import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateRoot } from "../../../cli/paths";
import { localTerraform } from "../../../cli/starting/deploy";
import { run } from "../../../local/setup/run";
import { findTerraform } from "../../../local/setup/terraform";
import type { EdgeSettings } from "../../../stacks/edge";
import { stackNames, synthesize } from "../../stacks/synthesized";
import { projectRoot } from "../verb";

const domainNames: EdgeSettings["domainNames"] = ["events.example.com", "e.example.com"];
const certificateArn = "arn:aws:acm:us-east-1:000000000000:certificate/0f6e2c9b-8d35-4a17-b6c0-e5d4a1729f83";

describe("the stacks of a collector with an edge", () => {
  it.each<[string, EdgeSettings]>([
    [
      "a zone and a limited rate",
      { domainNames, hostedZoneId: "Z0123456789ABC", requestsPerFiveMinutes: 1_000 },
    ],
    ["a certificate that there is", { domainNames, certificateArn, only: true }],
  ])(
    "are valid for Terraform and the provider that is here, with %s",
    async (_, edge) => {
      const binary = await findTerraform(projectRoot, stateRoot, () => undefined);
      const { env } = localTerraform(binary, "http://127.0.0.1:9"); // nobody is asked
      const { texts } = synthesize("local", {
        edge,
        idCookie: { domain: "example.com" },
        paths: { "/a7x": "/", "/s.js": "/clickstream.js" },
        reservedConcurrency: 50,
      });
      const folder = mkdtempSync(join(tmpdir(), "clickstream-validate-"));
      try {
        writeFileSync(join(folder, "cdk.tf.json"), texts[stackNames.indexOf("pipeline")] ?? "");
        const terraform = (...args: readonly string[]) => run(binary, args, { cwd: folder, env });
        expect(await terraform("init", "-backend=false", "-input=false", "-no-color")).toMatchObject({
          code: 0,
        });
        const { stdout } = await terraform("validate", "-json");
        expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    120_000,
  );
});
