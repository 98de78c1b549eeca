import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readMap } from "../../../../cli/importing/csv/map";
import { csvReader } from "../../../../cli/importing/csv/reader";
import { recordsOf, splitter } from "../../../../cli/importing/csv/record";
import type { Line } from "../../../../cli/importing/input/lines";

const fields = {
  event_type: { constant: "track" },
  event_name: { constant: "Sale" },
  event_time: "when",
  user_id: "who",
};
const map = (changes: object = {}, more: object = {}) =>
  readMap(JSON.stringify({ fields: { ...fields, ...changes }, ...more }));

/** The messages of a file, without what they have in common. */
function messages(of: ReturnType<typeof readMap>, ...lines: readonly string[]) {
  const { read } = csvReader(of);
  return lines.flatMap((line, at) => read(line, at + 1, `id-${at + 1}`) ?? []);
}

async function records(...lines: readonly string[]): Promise<(readonly [number, string])[]> {
  async function* numbered(): AsyncGenerator<Line> {
    for (const [at, text] of lines.entries()) yield { number: at + 1, text };
  }
  const found: [number, string][] = [];
  for await (const { number, text } of recordsOf(numbered(), splitter(",", '"'))) found.push([number, text]);
  return found;
}

describe("a record of CSV", () => {
  it("is one line, or those between quotes", async () => {
    expect(await records("a,b", 'c,"d', "", 'e",f', "g,h")).toEqual([
      [1, "a,b"],
      [2, 'c,"d\n\ne",f'],
      [5, "g,h"],
    ]);
  });

  it("stands alone with a quote that is never closed, and those after it are read as usual", async () => {
    const after = Array.from({ length: 300 }, (_, at) => `x,${at}`);
    const found = await records('a,"b', ...after, 'y,"z"', 'last,"open');
    expect(found).toHaveLength(303);
    expect(found.slice(0, 2)).toEqual([
      [1, 'a,"b'],
      [2, "x,0"],
    ]);
    expect(found.at(-1)).toEqual([303, 'last,"open']);
  });

  it("has its fields by the rules of RFC 4180", () => {
    const split = splitter(";", '"');
    expect(split('a;"b;c";"say ""hi""";')).toEqual(["a", "b;c", 'say "hi"', ""]);
    expect(split('a;"b')).toBe("open");
    expect(split('a;b"c')).toHaveProperty("problem");
  });
});

describe("a row of CSV", () => {
  it("becomes what the mapping says; other columns become properties of their names", () => {
    const of = map({
      revenue: { column: "sum" },
      currency: { constant: "EUR" },
      "properties.kind": { column: "k", values: { "1": "big" } },
    });
    expect(messages(of, "when,who,sum,k,note,empty", "2026-10-01 12:00:00,u1,12.5,1,hello,")).toEqual([
      {
        ...{ messageId: "id-2", type: "track", event: "Sale", userId: "u1" },
        timestamp: "2026-10-01T12:00:00.000Z",
        properties: { revenue: 12.5, currency: "EUR", kind: "big", note: "hello" },
        context: { library: { name: "import", version: "csv" } },
      },
    ]);
  });

  it("goes where the mapping says: columns, members of members, templates", () => {
    const of = map(
      { session_id: "s", geo_country: "c", page_url: { template: "https://x/{s}/{k}" }, "context.a.b": "k" },
      { header: ["when", "who", "s", "c", "k", "gone"], ignore: ["gone"], delimiter: "\t" },
    );
    const [message] = messages(of, "2026-10-01\tu\ts1\tDE\t7\tx");
    expect(message).toMatchObject({
      context: {
        sessionId: "s1",
        location: { country: "DE" },
        page: { url: "https://x/s1/7" },
        a: { b: "7" },
      },
    });
    expect(message?.properties).toEqual({});
  });

  it("says nothing where nothing stands, or what the mapping takes for nothing", () => {
    const of = map({ "properties.a": "a" }, { nulls: ["NULL", "\\N"] });
    expect(messages(of, "when,who,a,b", "2026-10-01,u,NULL,\\N")).toMatchObject([{ properties: {} }]);
  });

  it.each([
    ["number", "1.5", 1.5],
    ["number", "-2e3", -2000],
    ["number", "12345678901234567890.5", "12345678901234567890.5"],
    ["integer", " 7 ", 7],
    ["boolean", "TRUE", true],
    ["boolean", "0", false],
    ["text", " x ", " x "],
  ])("reads %s: %s", (as, written, value) => {
    expect(
      messages(map({ "properties.a": { column: "a", as } }), "when,who,a", `2026-10-01,u,${written}`),
    ).toMatchObject([{ properties: { a: value } }]);
  });

  it("has decimal commas where the mapping says so", () => {
    const of = map({ revenue: "a" }, { decimal: ",", delimiter: ";" });
    expect(messages(of, "when;who;a", "2026-10-01;u;12,50")).toMatchObject([
      { properties: { revenue: 12.5 } },
    ]);
  });

  it.each([
    ["2026-10-01,u", "has 2 fields, there are 3 columns"],
    ["2026-10-01,u,1,2", "has 4 fields, there are 3 columns"],
    ["2026-10-01,u,x", 'properties.a must be a whole number, got "x"'],
    ["yesterday,u,1", 'event_time must be iso, got "yesterday"'],
    [",u,1", 'event_time must be iso, got ""'],
    ['2026-10-01,u,"1', "opens a quote and does not close it"],
    ['2026-10-01,u"u,1', "is no CSV"],
    ["", "has 1 fields"],
  ])("is handed over whole when it cannot be read: %s", (row, why) => {
    const of = map({ "properties.a": { column: "a", as: "integer" } });
    expect(messages(of, "when,who,a", row)).toEqual([
      { messageId: "id-2", type: "unreadable", message: expect.stringContaining(why), payload: row },
    ]);
  });

  it("must have a listed value where values are listed, unless the mapping says what else", () => {
    const values = { a: 1 };
    expect(
      messages(map({ "properties.k": { column: "k", values } }), "when,who,k", "2026-10-01,u,b"),
    ).toMatchObject([
      { type: "unreadable", message: 'line 2 cannot be mapped: properties.k must be one of a, got "b"' },
    ]);
    const of = map({ "properties.k": { column: "k", values, otherwise: "other" } });
    expect(messages(of, "when,who,k", "2026-10-01,u,b")).toMatchObject([{ properties: { k: "other" } }]);
  });

  it("ends the import when the header does not go with the mapping", () => {
    expect(() => messages(map(), "when,whom")).toThrow(
      'the mapping names a column "who", the file has "when", "whom"',
    );
    expect(() => messages(map(), "when,who,who")).toThrow('the header names two columns "who"');
    expect(() => messages(map({}, { ignore: ["x"] }), "when,who")).toThrow('a column "x"');
    expect(() => messages(map({ "properties.b": "a" }), "when,who,a,b")).toThrow(
      'the column "b" would be properties.b',
    );
  });
});

describe("a time of CSV", () => {
  const time = (rule: object, when: string, timeZone = "UTC"): unknown =>
    messages(
      map({ event_time: { column: "when", ...rule } }, { timeZone, delimiter: "|" }),
      "when|who|n",
      `${when}|u|90`,
    )[0]?.timestamp;

  it.each([
    [{}, "2026-10-01T12:00:00+02:00", "2026-10-01T10:00:00.000Z"],
    [{}, "2026-10-01 12:00:00.5", "2026-10-01T12:00:00.500Z"],
    [{ timeZone: "Europe/Berlin" }, "2026-10-01 12:00", "2026-10-01T10:00:00.000Z"],
    [{ timeZone: "Europe/Berlin" }, "2026-10-01T12:00:00Z", "2026-10-01T12:00:00.000Z"],
    [{ format: "epoch" }, "1206968400.25", "2008-03-31T13:00:00.250Z"],
    [{ format: "epoch_ms" }, "1206968400250", "2008-03-31T13:00:00.250Z"],
    [{ format: "d.M.yyyy HH:mm" }, "1.4.2008 13:05", "2008-04-01T13:05:00.000Z"],
    [{ format: "MM/dd/yyyy hh:mm:ss a" }, "04/01/2008 12:05:06 AM", "2008-04-01T00:05:06.000Z"],
    [{ format: "MM/dd/yyyy h:mm a" }, "04/01/2008 12:05 pm", "2008-04-01T12:05:00.000Z"],
    [{ format: "dd/MMM/yyyy:HH:mm:ss Z" }, "10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36.000Z"],
    [{ format: "yyyy-MM-dd'T'HH:mm:ss.S" }, "2008-04-01T13:05:06.1234", "2008-04-01T13:05:06.123Z"],
    [{ format: "yyyy-M-d", plus: { column: "n", unit: "minutes" } }, "2008-4-1", "2008-04-01T01:30:00.000Z"],
    [{ plus: { column: "n", unit: "seconds", each: 10 } }, "2008-04-01", "2008-04-01T00:15:00.000Z"],
  ])("is read by %j: %s", (rule, when, expected) => {
    expect(time(rule, when)).toBe(expected);
  });

  it.each([
    [{ format: "d.M.yyyy" }, "31.2.2008"],
    [{ format: "d.M.yyyy HH:mm" }, "1.2.2008 24:00"],
    [{ format: "d.M.yyyy h a" }, "1.2.2008 13 pm"],
    [{ format: "d.M.yyyy" }, "1.2.2008 x"],
    [{ format: "epoch" }, "soon"],
    [{}, "2026-02-30"],
  ])("is none by %j: %s", (rule, when) => {
    expect(time(rule, when)).toBeUndefined();
  });

  it.each([
    ["2026-03-29 01:59", "2026-03-29T00:59:00.000Z"],
    ["2026-03-29 02:30", "2026-03-29T01:30:00.000Z"], // left out: an hour on, 03:30 in summer
    ["2026-03-29 03:00", "2026-03-29T01:00:00.000Z"],
    ["2026-10-25 02:30", "2026-10-25T00:30:00.000Z"], // shown twice: the first one counts
    ["2026-10-25 03:00", "2026-10-25T02:00:00.000Z"],
  ])("follows the clocks of its zone: %s", (when, expected) => {
    expect(time({ format: "yyyy-MM-dd HH:mm" }, when, "Europe/Berlin")).toBe(expected);
  });
});

describe("a mapping", () => {
  it("of the example reads", () => {
    const file = join(__dirname, "..", "..", "..", "..", "examples", "e-shop.map.json");
    expect([...readMap(readFileSync(file, "utf8")).rules.keys()]).toContain("properties.price");
  });

  it.each([
    ["{", "it must be JSON"],
    ["[]", "it must be an object"],
    [
      { columns: {} },
      'it may have delimiter, quote, header, timeZone, decimal, nulls, fields, ignore, about, got "columns"',
    ],
    [{ delimiter: ";;" }, 'delimiter must be one character, got ";;"'],
    [{ quote: "," }, "delimiter and quote must not be the same"],
    [
      { timeZone: "Mars/Olympus" },
      'timeZone must be a time zone such as "Europe/Berlin", got "Mars/Olympus"',
    ],
    [{ decimal: ";" }, 'decimal must be "." or ",", got ";"'],
    [{ header: false }, "header must be true, or the list of the columns' names, got false"],
    [{ header: ["a", "a"] }, 'the header names two columns "a"'],
    [{ ignore: "a" }, 'ignore must be a list of texts, got "a"'],
    [{ fields: {} }, "fields must be an object"],
    [{ fields: { ...fields, price: "x" } }, 'properties.<name> and context.<name>, got "price"'],
    [{ fields: { ...fields, received_at: "x" } }, 'got "received_at"'],
    [{ fields: { ...fields, event_type: undefined } }, "fields must have event_type"],
    [{ fields: { ...fields, event_type: { constant: "sale" } } }, "event_type must be one of track, page"],
    [{ fields: { ...fields, event_name: undefined } }, "fields must have event_name"],
    [{ fields: { ...fields, user_id: undefined } }, "fields must have anonymous_id or user_id"],
    [{ fields: { ...fields, event_time: undefined } }, "fields must have event_time"],
    [
      { fields: { ...fields, "properties.a": 7 } },
      "fields.properties.a must be a column's name or an object, got 7",
    ],
    [
      { fields: { ...fields, "properties.a": { column: "a", constant: 1 } } },
      "must have one of column, template and constant",
    ],
    [
      { fields: { ...fields, "properties.a": { column: "a", kind: "x" } } },
      'may have column, template, as, values, otherwise, got "kind"',
    ],
    [
      { fields: { ...fields, "properties.a": { column: "a", as: "date" } } },
      'as must be one of text, number, integer, boolean, got "date"',
    ],
    [
      { fields: { ...fields, "properties.a": { column: "a", values: { x: [] } } } },
      "values.x must be text, a number, true, false or null, got []",
    ],
    [
      { fields: { ...fields, "properties.a": { template: "no column" } } },
      "template must have columns in braces",
    ],
    [
      { fields: { ...fields, "properties.a": "a", "properties.a.b": "b" } },
      "fields must not have both properties.a and a member of it",
    ],
    [
      { fields: { ...fields, event_time: { column: "a", format: "yyyy-QQ-dd" } } },
      "has QQ, which stands for nothing",
    ],
    [
      { fields: { ...fields, event_time: { column: "a", format: "yyyy-MM" } } },
      "must have a year, a month and a day",
    ],
    [
      { fields: { ...fields, event_time: { column: "a", plus: { column: "n", unit: "weeks" } } } },
      'plus.unit must be one of milliseconds, seconds, minutes, hours, days, got "weeks"',
    ],
  ])("says what must be and what it got: %j", (given, why) => {
    const text = typeof given === "string" ? given : JSON.stringify({ fields, ...given });
    expect(() => readMap(text)).toThrow(why);
  });
});
