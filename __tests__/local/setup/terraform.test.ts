import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findMirror } from "../../../local/setup/provider";
import { satisfies } from "../../../local/setup/terraform";

describe("a Terraform", () => {
  it.each([
    ["1.11.4", true],
    ["1.11.5", true],
    ["1.14.0", true],
    ["1.11.3", false],
    ["1.9.8", false],
    ["2.0.0", false],
    ["", false],
  ])("of version %s satisfies 1.11.4: %s", (version, expected) => {
    expect(satisfies(version, "1.11.4")).toBe(expected);
  });
});

describe("a provider mirror", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mirror-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is found by its layout, wherever it lies", () => {
    const mirror = join(folder, "some", "place");
    mkdirSync(join(mirror, "registry.terraform.io", "hashicorp", "aws"), { recursive: true });
    expect(findMirror([join(folder, "nothing"), folder])).toBe(mirror);
  });

  it("is not imagined", () => {
    expect(findMirror([folder])).toBeUndefined();
  });
});
