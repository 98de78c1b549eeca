import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSnippet } from "../../browser/build";

const root = join(__dirname, "..", "..");

describe("the snippet's build", () => {
  it("is at most 3 KB on the wire", () => {
    expect(gzipSync(buildSnippet(root).code, { level: 9 }).length).toBeLessThanOrEqual(3 * 1024);
  });

  it("is the same bytes each time, and names what it is made from", () => {
    const { code, modules } = buildSnippet(root);
    expect(buildSnippet(root).code.equals(code)).toBe(true);
    expect(modules).toContain("browser/snippet/queue.ts");
  });
});
