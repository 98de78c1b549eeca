import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { readBody } from "../../../../handlers/collect/request/body";
import { holdsLongNumber, quoteLongNumbers } from "../../../../handlers/collect/request/numbers";
import { message, post, stored } from "../requests";

describe("numbers", () => {
  it.each([
    ["12345678901234567890", '"12345678901234567890"'],
    ["-9007199254740993", '"-9007199254740993"'],
    ["0.1234567890123456789", '"0.1234567890123456789"'],
    ["1e400", '"1e400"'],
    ["-1E+400", '"-1E+400"'],
    ["1e-400", '"1e-400"'],
    ["9007199254740992", "9007199254740992"],
    ["1793527200000000", "1793527200000000"],
    ["0.30000000000000004", "0.30000000000000004"],
    ["1.0000000000000000", "1.0000000000000000"],
    ["1e21", "1e21"],
    ["0.0000000000000000", "0.0000000000000000"],
    ['"12345678901234567890"', '"12345678901234567890"'],
    ['"a\\"12345678901234567890\\\\"', '"a\\"12345678901234567890\\\\"'],
    ["01234567890123456789", "01234567890123456789"],
  ])("%s are written as %s", (number, written) => {
    expect(quoteLongNumbers(`{"a":[${number},1]}`)).toBe(`{"a":[${written},1]}`);
  });

  it("with 16 digits and more are seen wherever they stand", () => {
    for (let before = 0; before < 40; before += 1) {
      expect(holdsLongNumber(`${" ".repeat(before)}1234567890.12345`)).toBe(true);
      expect(holdsLongNumber(`${" ".repeat(before)}1234567890.1234 `)).toBe(false);
    }
  });

  it("are never changed: what is read is what was written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(quoteLongNumbers(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it("beyond a double are kept digit by digit", () => {
    const body = `{"batch":[{"type":"track","event":"x","userId":12345678901234567890,"messageId":"1","properties":{"id":12345678901234567890,"far":1e400,"pi":3.14159265358979323846,"plain":1.5}}]}`;
    const [event] = stored(post(body)).events;
    expect(event).toMatchObject({
      user_id: "12345678901234567890",
      properties: { id: "12345678901234567890", far: "1e400", pi: "3.14159265358979323846", plain: 1.5 },
    });
    const far = `{"batch":[${JSON.stringify(message({ properties: { far: 0 } })).replace('"far":0', '"far":-1E+999')}]}`;
    expect(stored(post(far)).events[0]?.properties).toEqual({ far: "-1E+999" });
  });
});

describe("a gzip stream", () => {
  it("is read whatever size it claims to have", () => {
    const packed = gzipSync(JSON.stringify({ a: "x".repeat(10_000) }));
    for (const size of [0, 1, 10_008, 0xffffffff]) {
      packed.writeUInt32LE(size, packed.length - 4);
      const read = readBody(packed.toString("base64"), true, 512_000);
      // A wrong size is no whole stream.
      expect("problem" in read ? read.problem : read.sizeBytes).toBe(
        size === 10_008 ? 10_008 : "unreadable_body",
      );
    }
  });

  it("is expanded no further than is allowed", () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, 32)).toString("base64");
    const before = process.memoryUsage.rss();
    expect(readBody(bomb, true, 512_000)).toMatchObject({ problem: "body_too_large" });
    expect(process.memoryUsage.rss() - before).toBeLessThan(50_000_000);
  });
});

describe("limits", () => {
  it("are what the collector is set up with", () => {
    const limits = { eventBytes: 2_000, bodyBytes: 5_000 };
    const large = message({ messageId: "2", properties: { a: "x".repeat(2_000) } });
    expect(post({ batch: [message(), large] }, {}, { limits }).answer).toMatchObject({
      status: 200,
      body: { accepted: 1, failed: 1, reason: "event_too_large" },
    });
    expect(post({ batch: [large, large, large] }, {}, { limits }).answer).toMatchObject({
      status: 400,
      body: { error: "body_too_large", message: expect.stringContaining("5000 are allowed") },
    });
  });

  it("hold for an event's members, all of them together", () => {
    const properties = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 0]));
    const limits = { eventBytes: 100_000, bodyBytes: 500_000 };
    const outcome = post(
      {
        batch: [
          message({ properties: properties(4_096) }),
          message({ messageId: "2", properties: properties(4_097) }),
        ],
      },
      {},
      { limits },
    );
    expect(outcome.counts).toMatchObject({ accepted: 1, failed: 1 });
    expect(stored(outcome).failures[0]?.reason).toBe("too_many_members");
  });
});
