import fc from "fast-check";
import { elementsIn } from "../../../../handlers/collect/decode/elements";
import { withoutAddresses } from "../../../../handlers/collect/decode/redact";
import { message, post, stored } from "../requests";

describe("the texts of a list's elements", () => {
  it.each([
    ['[1, {"a":[2]} ,"x]\\""]', undefined, ["1", '{"a":[2]}', '"x]\\""']],
    ["[]", undefined, []],
    [' {"a":[3],"b" : [ 1 , 2 ],"c":"]"}', "b", ["1", "2"]],
    ['{"b":[1],"b":[2]}', "b", ["2"]],
    ['{"\\u0062":[1]}', "b", ["1"]],
    ['{"a":{"b":[1]}}', "b", undefined],
    ['{"b":5}', "b", undefined],
    ["5", undefined, undefined],
    ["[1]", "b", undefined],
  ])("of %s, in %s, are %j", (json, member, elements) => {
    expect(elementsIn(json, member)).toEqual(elements);
  });

  it("are the elements, whatever they are and however they are written", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), fc.constantFrom(0, 2), (list, other, indent) => {
        const parsed = (texts: string[] | undefined) => texts?.map((text) => JSON.parse(text));
        const expected = JSON.parse(JSON.stringify(list));
        expect(parsed(elementsIn(JSON.stringify(list, null, indent)))).toEqual(expected);
        const body = JSON.stringify({ other, list, more: other }, null, indent);
        expect(parsed(elementsIn(body, "list"))).toEqual(expected);
      }),
    );
  });
});

describe("what is rejected", () => {
  it("is kept as it came, down to its white space and its digits", () => {
    const bad = '{ "type" : "track","n":1.50, "n":12345678901234567890, "x":"\\u0041" }';
    const { failures } = stored(post(`{"batch":[ ${bad} ,${JSON.stringify(message())}]}`));
    expect(failures).toMatchObject([{ payload: bad }]);
  });
});

describe("what is kept of an address in it", () => {
  it.each([
    ["203.0.113.99", "203.0.113.0/24"],
    ['{"a":"203.0.113.99:8080"}', '{"a":"203.0.113.0/24:8080"}'],
    ["from 203.0.113.99.", "from 203.0.113.0/24."],
    ["2001:db8:1:2::3", "2001:db8:1::/48"],
    ["[2001:db8:1:2::3]:443", "[2001:db8:1::/48]:443"],
    ["::ffff:203.0.113.99", "::ffff:203.0.113.0/24"],
    ["ip=2001%3Adb8%3A1%3A2%3A%3A3&x=1", "ip=2001:db8:1::/48&x=1"],
    ["203.0.113.0/24", "203.0.113.0/24"],
    ["2001:db8:1::/48", "2001:db8:1::/48"],
    ["Chrome/130.0.0.0 Safari", "Chrome/130.0.0.0 Safari"],
    ["Chrome/130.0.6723.117", "Chrome/130.0.6723.117"],
    ["1.2.3.4.5 and 1.2.3", "1.2.3.4.5 and 1.2.3"],
    ["at 10:00:00 of 2026-11-01T10:00:00.000Z", "at 10:00:00 of 2026-11-01T10:00:00.000Z"],
    ["std::vector", "std::vector"],
  ])("%s is %s", (text, kept) => {
    expect(withoutAddresses(text)).toBe(kept);
    expect(withoutAddresses(kept)).toBe(kept);
  });

  it("is the same in the reason's words", () => {
    for (const body of [
      '{"a":203.0.113.99}',
      '{"batch":[{"type":"track","event":"x","userId":"u","timestamp":"203.0.113.99"}]}',
    ])
      expect(JSON.stringify(stored(post(body)).failures)).not.toContain("203.0.113.99");
  });

  it("is the same in bytes that are no text", () => {
    const bytes = Buffer.from("\xff\xfe 203.0.113.99 \0", "latin1");
    expect(Buffer.from(withoutAddresses(bytes)).toString("latin1")).toBe("\xff\xfe 203.0.113.0/24 \0");
    const clean = Buffer.from([0xff, 0xfe]);
    expect(withoutAddresses(clean)).toBe(clean);
  });
});

describe("an address in what is accepted", () => {
  it("is cut under any name that tells of one, however deep", () => {
    const address = "203.0.113.99";
    const properties = {
      client_ip: address,
      remoteAddr: "2001:db8:1:2::3",
      ips: [address, "none"],
      request: { ipAddress: address },
      version: "1.2.3.4",
      zip: "10115",
      description: "of nobody",
    };
    const { events } = stored(
      post({ batch: [message({ properties, context: { device: { ip: address } } })] }),
    );
    expect(events[0]).toMatchObject({
      properties: {
        client_ip: "203.0.113.0/24",
        remoteAddr: "2001:db8:1::/48",
        ips: ["203.0.113.0/24", "none"],
        request: { ipAddress: "203.0.113.0/24" },
        version: "1.2.3.4",
        zip: "10115",
        description: "of nobody",
      },
      context: { device: { ip: "203.0.113.0/24" } },
    });
  });
});
