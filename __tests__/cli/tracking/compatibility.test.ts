import { breaksBetween } from "../../../cli/tracking/compatibility";

const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });
const breaks = (before: object | boolean, after: object | boolean) =>
  breaksBetween(before as never, after as never).map(({ path, why }) => `${path}: ${why}`);

describe("a change of a schema is harmless when it", () => {
  it.each([
    ["changes nothing", object({ a: { type: "string" } }), object({ a: { type: "string" } })],
    ["adds a property", object({}), object({ a: { type: "string" } })],
    ["says more", object({ a: {} }), object({ a: { description: "x", title: "y", examples: [1] } })],
    ["widens a type", object({ a: { type: "string" } }), object({ a: { type: ["string", "null"] } })],
    ["takes fractions too", object({ a: { type: "integer" } }), object({ a: { type: "number" } })],
    ["drops a type", object({ a: { type: "string" } }), object({ a: {} })],
    ["adds a choice", object({ a: { enum: ["x"] } }), object({ a: { enum: ["y", "x"] } })],
    ["makes one value a choice", object({ a: { const: "x" } }), object({ a: { enum: ["y", "x"] } })],
    ["drops choices", object({ a: { enum: ["x"] } }), object({ a: {} })],
    ["requires less", object({ a: {} }, { required: ["a"] }), object({ a: {} })],
    [
      "widens bounds",
      object({ a: { minimum: 1, maxLength: 5 } }),
      object({ a: { minimum: 0, maxLength: 6 } }),
    ],
    ["drops a pattern", object({ a: { pattern: "x", format: "email" } }), object({ a: {} })],
    ["opens what was closed", object({}, { additionalProperties: false }), object({})],
    ["widens items", { items: { type: "integer" } }, { items: { type: "number" } }],
    [
      "moves a part into a definition",
      object({ a: { type: "string" } }),
      { ...object({ a: { $ref: "#/definitions/t" } }), definitions: { t: { type: "string" } } },
    ],
    ["takes what was refused", object({ a: false }), object({ a: true })],
  ])("%s", (_, before, after) => {
    expect(breaks(before, after)).toEqual([]);
  });

  it("changes nothing of a schema that contains itself", () => {
    const tree = (more: object) => ({
      ...object({ root: { $ref: "#/definitions/node" } }),
      definitions: { node: object({ next: { $ref: "#/definitions/node" }, ...more }) },
    });
    expect(breaks(tree({}), tree({ more: {} }))).toEqual([]);
    expect(breaks(tree({ value: {} }), tree({}))).toEqual([
      "/properties/root/properties/value: the property is removed",
    ]);
  });
});

describe("a change of a schema breaks when it", () => {
  it.each([
    ["removes a property", object({ a: {} }), object({}), "/properties/a: the property is removed"],
    ["removes all properties", object({ a: {} }), true, "/properties/a: the property is removed"],
    [
      "renames a property whose name needs escaping",
      object({ "a/b": {} }),
      object({}),
      "/properties/a~1b: the property is removed",
    ],
    [
      "narrows a type",
      object({ a: { type: ["string", "null"] } }),
      object({ a: { type: "string" } }),
      "/properties/a/type: the type is narrowed from string or null to string",
    ],
    [
      "takes no fractions any more",
      object({ a: { type: "number" } }),
      object({ a: { type: "integer" } }),
      "/properties/a/type: the type is narrowed from number to integer",
    ],
    [
      "changes a type",
      object({ a: { type: "string" } }),
      object({ a: { type: "number" } }),
      "/properties/a/type: the type is narrowed from string to number",
    ],
    [
      "gives a type to what had none",
      object({ a: {} }),
      object({ a: { type: "string" } }),
      "/properties/a/type: the type is narrowed from any to string",
    ],
    [
      "requires a property",
      object({ a: {} }),
      object({ a: {} }, { required: ["a"] }),
      '/required: "a" is required now',
    ],
    [
      "requires a new property",
      object({}),
      object({ a: {} }, { required: ["a"] }),
      '/required: "a" is required now',
    ],
    [
      "drops a choice",
      object({ a: { enum: ["x", "y"] } }),
      object({ a: { enum: ["x"] } }),
      '/properties/a/enum: "y" is allowed no more',
    ],
    [
      "leaves one of several choices",
      object({ a: { enum: ["x", "y"] } }),
      object({ a: { const: "x" } }),
      '/properties/a/const: "y" is allowed no more',
    ],
    [
      "allows choices alone",
      object({ a: { type: "string" } }),
      object({ a: { type: "string", enum: ["x"] } }),
      '/properties/a/enum: only "x" are allowed now',
    ],
    [
      "raises a minimum",
      object({ a: { minimum: 0 } }),
      object({ a: { minimum: 1 } }),
      "/properties/a/minimum: minimum is narrowed from 0 to 1",
    ],
    [
      "bounds a length",
      object({ a: { type: "string" } }),
      object({ a: { type: "string", maxLength: 5 } }),
      "/properties/a/maxLength: maxLength 5 is demanded now",
    ],
    [
      "demands a multiple",
      object({ a: { multipleOf: 2 } }),
      object({ a: { multipleOf: 4 } }),
      "/properties/a/multipleOf: multipleOf is narrowed from 2 to 4",
    ],
    [
      "demands a pattern",
      object({ a: {} }),
      object({ a: { pattern: "^x" } }),
      '/properties/a/pattern: pattern "^x" is demanded now',
    ],
    [
      "changes a format",
      object({ a: { format: "date" } }),
      object({ a: { format: "date-time" } }),
      '/properties/a/format: format is narrowed from "date" to "date-time"',
    ],
    [
      "closes an object",
      object({}),
      object({}, { additionalProperties: false }),
      "/additionalProperties: other properties are allowed no more",
    ],
    [
      "gives other properties a type",
      object({}),
      object({}, { additionalProperties: { type: "string" } }),
      "/additionalProperties/type: the type is narrowed from any to string",
    ],
    [
      "narrows items",
      { items: { type: "number" } },
      { items: { type: "string" } },
      "/items/type: the type is narrowed from number to string",
    ],
    [
      "refuses what was taken",
      object({ a: {} }),
      object({ a: false }),
      "/properties/a: nothing is allowed any more",
    ],
    [
      "changes what is not understood",
      { anyOf: [{ type: "string" }] },
      { anyOf: [{ type: "number" }] },
      "/anyOf: anyOf changed, and that cannot be told to be harmless",
    ],
    [
      "narrows a definition",
      {
        ...object({ a: { $ref: "#/definitions/t" } }),
        definitions: { t: { type: ["string", "null"] } },
      },
      { ...object({ a: { $ref: "#/definitions/t" } }), definitions: { t: { type: "string" } } },
      "/properties/a/type: the type is narrowed from string or null to string",
    ],
    [
      "narrows deep down",
      object({ a: { type: "array", items: object({ b: { type: "number" } }) } }),
      object({ a: { type: "array", items: object({ b: { type: "integer" } }) } }),
      "/properties/a/items/properties/b/type: the type is narrowed from number to integer",
    ],
  ])("%s", (_, before, after, expected) => {
    expect(breaks(before, after)).toEqual([expected]);
  });
});
