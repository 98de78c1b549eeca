import { gunzipSync } from "node:zlib";
import { type Answer, collect } from "../../../handlers/collect/collect";
import { scriptOf } from "../../../handlers/collect/script";
import { request, settings } from "./requests";

const code = Buffer.from("window.clickstream = [];".repeat(20));
const script = scriptOf(code);

describe("the script for sites without an SDK", () => {
  it("comes gzipped to whoever understands that, to be kept for an hour", () => {
    const { status, headers, body } = get({ "accept-encoding": "br, gzip, deflate" });
    expect([status, headers]).toEqual([
      200,
      expect.objectContaining({
        "content-type": "text/javascript; charset=utf-8",
        "content-encoding": "gzip",
        "cache-control": expect.stringContaining("max-age=3600"),
        vary: "accept-encoding",
      }),
    ]);
    expect(gunzipSync(body as Uint8Array).equals(code)).toBe(true);
  });

  it.each([undefined, "br", "gzip;q=0", "gzip; q=0.0, br"])(
    "comes plain to whoever accepts %s",
    (accepted) => {
      const { headers, body } = get({ "accept-encoding": accepted });
      expect(headers).not.toHaveProperty("content-encoding");
      expect(code.equals(body as Uint8Array)).toBe(true);
    },
  );

  it("does not come again to whoever has it", () => {
    const etag = get({}).headers?.etag ?? "";
    expect(get({ "if-none-match": `"other", W/${etag}` })).toMatchObject({ status: 304, headers: { etag } });
    expect(get({ "if-none-match": `"other"` }).status).toBe(200);
  });

  it("may stand at an address of its own", () => {
    const paths = new Map([["/a7x.js", "/clickstream.js"]]);
    const { answer } = collect(request("", { method: "GET", path: "/a7x.js" }), {
      ...settings,
      script,
      paths,
    });
    expect(answer.status).toBe(200);
  });

  it("is not there where none is given, and only read", () => {
    expect(collect(request("", { method: "GET", path: "/clickstream.js" }), settings).answer.status).toBe(
      404,
    );
    expect(collect(request("", { path: "/clickstream.js" }), { ...settings, script }).answer.status).toBe(
      405,
    );
  });
});

function get(headers: Readonly<Record<string, string | undefined>>): Answer {
  const { answer, items } = collect(request("", { method: "GET", path: "/clickstream.js", headers }), {
    ...settings,
    script,
  });
  expect(items).toEqual([]);
  return answer;
}
