import { join } from "node:path";
import { siteHandler } from "../../../local/site/site";

const folder = join(__dirname, "..", "..", "..", "browser", "demo");
const collector = { url: "http://127.0.0.1:20001/", writeKey: "k1" };

describe("the demo site", () => {
  it.each(["/", "/shop", "/shop/assam", "/account"])("has the snippet in %s", async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(200);
    expect(body).toContain(
      '<script async src="http://127.0.0.1:20001/clickstream.js" data-key="k1"></script>',
    );
    expect(body).not.toContain("{{");
  });

  it("has its files, and says what it has not", async () => {
    expect((await get("/prices.csv")).body).toContain("Assam");
    expect((await get("/nowhere")).status).toBe(404);
    expect((await get("/../package.json")).status).toBe(404);
  });

  it("asks for patience before the pipeline is deployed", async () => {
    const { status, body } = await get("/", "not deployed");
    expect([status, body]).toEqual([503, expect.stringContaining("not deployed yet")]);
  });
});

async function get(path: string, state: "deployed" | "not deployed" = "deployed") {
  const handler = siteHandler(folder, async () => (state === "deployed" ? collector : undefined));
  return handler({ method: "GET", path, query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) });
}
