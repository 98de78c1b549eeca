import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTerraform } from "../../../local/setup/terraform";
import { zip } from "../../../stacks/functions/zip";

/** No Terraform satisfies this, so it has to be downloaded. */
const VERSION = "99.1.2";

const archive = zip({ terraform: "#!/bin/sh\necho Terraform v99.1.2\n", "LICENSE.txt": "as it may be" });

let folder: string;
let server: Server;
let releases: string;
let published: string;
const asked: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "terraform-"));
  writeFileSync(join(folder, ".terraform-version"), `${VERSION}\n`);
  published = createHash("sha256").update(archive).digest("hex");
  asked.length = 0;
  server = createServer((request, response) => {
    const name = request.url?.split("/").at(-1) ?? "";
    asked.push(name);
    if (name.endsWith(".zip")) response.end(archive);
    else
      response.end(
        `${published}  ${platformArchive()}\n${"0".repeat(64)}  terraform_${VERSION}_plan9_386.zip\n`,
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  releases = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});

/** The name that HashiCorp gives this machine's archive. */
function platformArchive(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  return `terraform_${VERSION}_${system}_${process.arch === "x64" ? "amd64" : process.arch}.zip`;
}

const find = () => findTerraform(folder, folder, () => undefined, releases);

describe("a Terraform that is not on the machine", () => {
  it("is downloaded once, runs, and is found again", async () => {
    const binary = await find();
    expect(binary).toBe(join(folder, `terraform-${VERSION}`, "terraform"));
    expect(asked.sort()).toEqual([`terraform_${VERSION}_SHA256SUMS`, platformArchive()].sort());
    expect(await find()).toBe(binary);
    expect(asked).toHaveLength(2);
  });

  it("is not used when it has another checksum than the published one", async () => {
    published = "f".repeat(64);
    await expect(find()).rejects.toThrow("does not have its published checksum");
  });

  it("is asked for in a sentence when it cannot be had", async () => {
    releases = "http://127.0.0.1:9";
    await expect(find()).rejects.toThrow(/could not be downloaded .* Install Terraform 99\.1\.2 or newer/);
  });
});
