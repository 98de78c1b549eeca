import fc from "fast-check";
import { type Column, columns, failedColumns } from "../../../handlers/event/columns";
import { fitRow } from "../../../handlers/event/fit";

describe("fitting a row to its columns", () => {
  it.each([
    ["text that fits", { page_title: "Home" }, { page_title: "Home" }, []],
    ["a number as text", { page_title: 42 }, { page_title: "42" }, []],
    ["empty text", { page_title: "" }, {}, []],
    ["null", { page_title: null }, {}, []],
    ["an object in place of text", { page_title: { a: 1 } }, {}, ["page_title"]],
    ["a NUL", { page_title: "a\0b" }, { page_title: "ab" }, []],
    ["half a surrogate pair", { page_title: "a\ud800b" }, { page_title: "a\ufffdb" }, []],
    ["a whole surrogate pair", { page_title: "😀" }, { page_title: "😀" }, []],
    ["too long a text", { geo_country: "DEU" }, { geo_country: "DE" }, ["geo_country"]],
    ["a text cut inside a character", { geo_country: "Ü€" }, { geo_country: "Ü" }, ["geo_country"]],
    ["a first character too wide", { geo_country: "€" }, {}, ["geo_country"]],
    ["a whole number", { screen_width: 1920 }, { screen_width: 1920 }, []],
    ["a fraction of a pixel", { screen_width: 1536.5 }, { screen_width: 1537 }, []],
    ["digits", { screen_width: "1920" }, { screen_width: 1920 }, []],
    ["a number out of range", { screen_width: 2 ** 31 }, {}, ["screen_width"]],
    ["text in place of a number", { screen_width: "wide" }, {}, ["screen_width"]],
    ["money", { revenue: 19.99 }, { revenue: "19.9900" }, []],
    [
      "money as text, digit by digit",
      { revenue: "12345678901234.5678" },
      { revenue: "12345678901234.5678" },
      [],
    ],
    ["money with more digits than are kept", { revenue: "0.00005" }, { revenue: "0.0001" }, []],
    ["money beyond the column", { revenue: 1e14 }, {}, ["revenue"]],
    ["money just rounded beyond the column", { revenue: "99999999999999.99999" }, {}, ["revenue"]],
    ["infinite money", { revenue: Number.POSITIVE_INFINITY }, {}, ["revenue"]],
    ["a boolean", { is_bot: false }, { is_bot: false }, []],
    ["text in place of a boolean", { is_bot: "yes" }, {}, ["is_bot"]],
    [
      "a time with a zone",
      { sent_at: "2026-11-01T12:00:00+02:00" },
      { sent_at: "2026-11-01T10:00:00.000Z" },
      [],
    ],
    ["no time", { sent_at: "yesterday" }, {}, ["sent_at"]],
    ["JSON", { properties: { a: [1, "b", null] } }, { properties: { a: [1, "b", null] } }, []],
    ["JSON that is a list", { properties: [1] }, {}, ["properties"]],
  ])("takes %s", (_, raw, row, cut) => {
    expect(fitRow(raw, columns)).toEqual({ row, cut, refused: [] });
  });

  it("refuses an identifier that does not fit rather than cut it", () => {
    const { row, refused } = fitRow({ user_id: "é".repeat(129) }, columns);
    expect(row).toEqual({});
    expect(refused).toEqual([{ column: "user_id", why: "too_long" }]);
  });

  it("keeps an empty text where a column is required", () => {
    expect(fitRow({ payload: "" }, failedColumns).row).toEqual({ payload: "" });
  });

  it("refuses JSON that nests too deep, a cycle too", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(fitRow({ properties: cycle }, columns).refused).toEqual([
      { column: "properties", why: "too_deep" },
    ]);
  });

  it("makes a member of __proto__, not a prototype", () => {
    const properties = JSON.parse('{"__proto__":{"admin":true},"a":"\\u0000"}');
    const { row } = fitRow({ properties }, columns);
    expect(JSON.stringify(row.properties)).toBe('{"__proto__":{"admin":true},"a":""}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

/** Texts of all kinds: plain, any UTF-16 units, times, digits, long ones. */
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.double().map(String),
  fc
    .tuple(fc.string({ minLength: 1, unit: "binary" }), fc.nat(5_000))
    .map(([text, times]) => text.repeat(times)),
);
const anyValue = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
  anyText,
  fc.double(),
  fc.jsonValue({ maxDepth: 5 }),
  fc.dictionary(anyText, fc.oneof(anyText, fc.double(), fc.jsonValue())),
);

/** Whether COPY takes a value into a column. */
function fits(value: unknown, { type }: Column): boolean {
  switch (type.kind) {
    case "varchar":
      return typeof value === "string" && isText(value) && Buffer.byteLength(value) <= type.bytes;
    case "integer":
      return Number.isInteger(value) && Math.abs(Number(value) + 0.5) < 2 ** 31;
    case "boolean":
      return typeof value === "boolean";
    case "timestamp":
      return typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
    case "decimal": {
      const [, whole = "", fraction = ""] = /^-?(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
      return whole !== "" && whole.length <= type.precision - type.scale && fraction.length <= type.scale;
    }
    case "super":
      return typeof value === "object" && isJson(value);
  }
}

function isText(text: string): boolean {
  return !text.includes("\0") && Buffer.from(text).toString() === text;
}

function isJson(value: unknown): boolean {
  if (typeof value === "string") return isText(value);
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "boolean" || value === null) return true;
  if (typeof value !== "object") return false;
  return Array.isArray(value)
    ? value.every(isJson)
    : Object.entries(value).every(([name, member]) => isText(name) && isJson(member));
}

describe.each([
  ["an event", columns],
  ["a failed event", failedColumns],
])("fitting %s, whatever goes in", (_, table: Readonly<Record<string, Column>>) => {
  it("lets out only what fits its column", () => {
    const names = Object.keys(table);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), anyValue, { maxKeys: 20 }), (raw) => {
        const { row, cut, refused } = fitRow(raw, table);
        for (const [name, value] of Object.entries(row)) {
          const column = table[name];
          expect(column !== undefined && fits(value, column)).toBe(true);
        }
        // What was given either arrives, or is named, or said nothing.
        for (const [name, value] of Object.entries(raw)) {
          const isNamed = cut.includes(name) || refused.some(({ column }) => column === name);
          const saysNothing =
            value === null || value === undefined || (typeof value === "string" && /^\0*$/.test(value));
          expect(Object.hasOwn(row, name) || isNamed || saysNothing).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
