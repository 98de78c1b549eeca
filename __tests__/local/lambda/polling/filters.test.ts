import { anyOf, parsePatterns } from "../../../../local/lambda/polling/filters";

const RECORD = {
  eventName: "INSERT",
  dynamodb: {
    NewImage: { kind: { S: "browser" }, size: { N: "12" }, flag: { BOOL: true }, list: { SS: ["a", "b"] } },
  },
  items: [{ sku: "a", more: [{ n: 1 }] }, { sku: "b" }],
  count: 10,
  empty: "",
  nothing: null,
};

const CASES: [pattern: object, matches: boolean][] = [
  [{ eventName: ["INSERT"] }, true],
  [{ eventName: ["MODIFY"] }, false],
  [{ eventName: ["MODIFY", "INSERT"] }, true],
  [{ eventName: ["insert"] }, false],
  [{ eventName: [{ "equals-ignore-case": "insert" }] }, true],
  [{ eventName: [{ prefix: "INS" }] }, true],
  [{ eventName: [{ prefix: "ins" }] }, false],
  [{ eventName: [{ suffix: "ERT" }] }, true],
  [{ eventName: [{ suffix: "INS" }] }, false],
  [{ eventName: [{ "anything-but": "INSERT" }] }, false],
  [{ eventName: [{ "anything-but": ["REMOVE", "MODIFY"] }] }, true],
  [{ eventName: [{ "anything-but": { prefix: "INS" } }] }, false],
  [{ absent: [{ "anything-but": ["x"] }] }, false],
  [{ eventName: [{ exists: true }] }, true],
  [{ eventName: [{ exists: false }] }, false],
  [{ absent: [{ exists: false }] }, true],
  [{ dynamodb: [{ exists: true }] }, false],
  [{ dynamodb: { NewImage: { other: { S: [{ exists: false }] } } } }, true],
  [{ count: [10] }, true],
  [{ count: ["10"] }, false],
  [{ count: [{ numeric: ["=", 10] }] }, true],
  [{ count: [{ numeric: [">", 5, "<=", 10] }] }, true],
  [{ count: [{ numeric: [">", 10] }] }, false],
  [{ count: [{ numeric: ["<", 10] }] }, false],
  [{ count: [{ numeric: [">=", 10, "<", 11] }] }, true],
  [{ dynamodb: { NewImage: { size: { N: [{ numeric: [">", 1] }] } } } }, false],
  [{ dynamodb: { NewImage: { size: { N: ["12"] } } } }, true],
  [{ dynamodb: { NewImage: { flag: { BOOL: [true] } } } }, true],
  [{ dynamodb: { NewImage: { list: { SS: ["b"] } } } }, true],
  [{ dynamodb: { NewImage: { list: { SS: ["c"] } } } }, false],
  [{ items: { sku: ["b"] } }, true],
  [{ items: { sku: ["c"] } }, false],
  [{ items: { more: { n: [{ numeric: ["=", 1] }] } } }, true],
  [{ empty: [""] }, true],
  [{ nothing: [null] }, true],
  [{ nothing: [""] }, false],
  [{ empty: [null] }, false],
  [{ eventName: ["INSERT"], count: [11] }, false],
  [{ $or: [{ eventName: ["REMOVE"] }, { count: [10] }] }, true],
  [{ $or: [{ eventName: ["REMOVE"] }, { count: [11] }] }, false],
  [{ empty: [""], $or: [{ eventName: ["REMOVE"] }, { count: [10] }] }, true],
];

test.each(CASES)("%j matches: %j", (pattern, matches) => {
  const patterns = parsePatterns({ Filters: [{ Pattern: JSON.stringify(pattern) }] });
  expect(anyOf(patterns ?? [])(RECORD)).toBe(matches);
});

test("lets a record pass that any of several filters matches", () => {
  const Filters = [{ Pattern: '{"eventName":["REMOVE"]}' }, { Pattern: '{"count":[10]}' }];
  expect(anyOf(parsePatterns({ Filters }) ?? [])(RECORD)).toBe(true);
});

test("has no filter when there are no patterns", () => {
  expect(parsePatterns(undefined)).toBeUndefined();
  expect(parsePatterns({ Filters: [] })).toBeUndefined();
});

test.each([
  ["{", "not JSON"],
  ["[]", "not an object"],
  ['{"a":"b"}', "a must be an object or an array"],
  ['{"a":[]}', "an array must not be empty"],
  ['{"a":[{"cidr":"10.0.0.0/8"}]}', "an operator must be one of"],
  ['{"a":[{"numeric":[">"]}]}', "numeric cannot be"],
  ['{"a":[{"prefix":1}]}', "prefix cannot be 1"],
])("refuses the pattern %s", (Pattern, message) => {
  expect(() => parsePatterns({ Filters: [{ Pattern }] })).toThrow(message);
});
