import fc from "fast-check";
import { decodeBody, encodeBody, writeUnits } from "../../../../handlers/event/stored/codec";
import { dictionaries } from "../../../../handlers/event/stored/dictionary";
import { typicalEvents } from "../typical";

const value = fc.jsonValue().filter((json) => json !== null);
const rows = fc.array(fc.dictionary(fc.string({ minLength: 1 }), value), { maxLength: 20 });

describe("an item's body", () => {
  it("is read as it was written, whatever it holds and whatever stands around it", () => {
    fc.assert(
      fc.property(rows, fc.nat(2_000), (written, overheadBytes) => {
        const { codec, body } = encodeBody(written, overheadBytes);
        expect(JSON.stringify(sorted(decodeBody(codec, body)))).toBe(JSON.stringify(sorted(written)));
      }),
      { numRuns: 300 },
    );
  });

  it("holds a `__proto__` for the rows that have one", () => {
    const written = [{}, JSON.parse('{"__proto__":{}}')];
    const { codec, body } = encodeBody(written, 0);
    expect(JSON.stringify(decodeBody(codec, body))).toBe('[{},{"__proto__":{}}]');
  });

  it("is plain text while that costs one write unit", () => {
    expect(encodeBody([{ event_id: "1" }], 200)).toEqual({
      codec: 0,
      body: '{"count":1,"common":{"event_id":"1"},"columns":{}}',
    });
  });

  it("is compressed when that saves a write unit, and only then", () => {
    const text = JSON.stringify(typicalEvents(10));
    const { codec, body } = encodeBody(typicalEvents(10), 300);
    expect(codec).toBe(1);
    expect(writeUnits(300 + body.length)).toBeLessThan(writeUnits(300 + text.length));
    expect(encodeBody([{ a: "x".repeat(900) }], 200).codec).toBe(1);
    expect(encodeBody([{ a: noise(3_000) }], 0).codec).toBe(0);
  });

  it("holds ten typical events in one write unit", () => {
    const { body } = encodeBody(typicalEvents(10), 300);
    expect(writeUnits(300 + body.length)).toBe(1);
  });

  it("writes once what all rows say alike", () => {
    const { body } = encodeBody(
      [
        { a: 1, b: { c: 2 }, d: "x" },
        { a: 1, b: { c: 2 }, d: "y" },
      ],
      0,
    );
    expect(body).toBe('{"count":2,"common":{"a":1},"columns":{"b":[{"c":2},{"c":2}],"d":["x","y"]}}');
  });

  it("knows a row that says nothing where others do", () => {
    const written = [{ a: 1 }, { b: [null] }, { a: 1, b: undefined, c: null }];
    const { codec, body } = encodeBody(written, 0);
    expect(decodeBody(codec, body)).toEqual([{ a: 1 }, { b: [null] }, { a: 1 }]);
  });

  it("is read as it was written row by row, too", () => {
    const body = '{"common":{"a":1},"events":[{"b":2},{"b":3}]}';
    expect(decodeBody(0, body)).toEqual([
      { a: 1, b: 2 },
      { a: 1, b: 3 },
    ]);
  });

  it("names the dictionary it lacks", () => {
    expect(() => decodeBody(99, Buffer.from("x"))).toThrow("body codec 99 is not known: 0 to 1 are");
  });

  it("is not read by another dictionary", () => {
    const { body } = encodeBody(typicalEvents(10), 300);
    expect(() => decodeBody(1, Buffer.from(body as Uint8Array).reverse())).toThrow();
    expect(Object.keys(dictionaries)).toEqual(["1"]);
  });
});

/** Text that does not compress by a whole unit: characters picked by a linear congruential generator. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(33 + (state % 94));
  })
    .join("")
    .replaceAll(/["\\]/g, "!")
    .slice(0, 900);
}

function sorted(list: readonly object[]): unknown {
  return list.map((row) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
