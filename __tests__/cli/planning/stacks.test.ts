import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planStack, summarize } from "../../../cli/planning/stacks";

describe("a summary of changes", () => {
  it("counts a replaced resource as added and destroyed", () => {
    const resources = (["create", "update", "update", "delete", "replace"] as const).map((action, n) => ({
      address: `a.${n}`,
      action,
    }));
    expect(summarize("data", resources)).toEqual({ name: "data", add: 2, change: 2, destroy: 2, resources });
  });
});

describe("a planned stack", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plan-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A Terraform that says these messages and ends so. */
  function terraform(code: number, ...messages: readonly object[]) {
    const binary = join(folder, "terraform");
    const lines = messages.map((message) => JSON.stringify(message)).join("\n");
    writeFileSync(binary, `#!/bin/sh\ncat <<'EOF'\n${lines}\nEOF\nexit ${code}\n`);
    chmodSync(binary, 0o755);
    return { binary, env: process.env };
  }
  const planned = (addr: string, action: string) => ({
    type: "planned_change",
    change: { resource: { addr }, action },
  });

  it("lists what would change, and not what is only read", async () => {
    const made = terraform(
      0,
      planned("aws_s3_bucket.lake", "create"),
      planned("data.aws_caller", "read"),
      planned("aws_sqs_queue.lake", "replace"),
      { type: "change_summary", changes: { add: 2, change: 0, remove: 1 } },
    );
    expect(await planStack(made, { name: "data", folder })).toEqual({
      name: "data",
      add: 2,
      change: 0,
      destroy: 1,
      resources: [
        { address: "aws_s3_bucket.lake", action: "create" },
        { address: "aws_sqs_queue.lake", action: "replace" },
      ],
    });
  });

  it("tells why it cannot be planned", async () => {
    const diagnostic = { severity: "error", summary: "No remote state", detail: "Deploy data first." };
    const made = terraform(1, planned("aws_s3_bucket.lake", "create"), { type: "diagnostic", diagnostic });
    expect(await planStack(made, { name: "pipeline", folder })).toEqual({
      name: "pipeline",
      add: 0,
      change: 0,
      destroy: 0,
      resources: [],
      problem: "No remote state\nDeploy data first.",
    });
  });
});
