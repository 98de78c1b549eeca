import { join } from "node:path";
import { formatted } from "../../../cli/tracking/generated";
import { promote, promotedProblems } from "../../../cli/tracking/promote";
import { promotedColumns } from "../../../handlers/event/promoted";
import { readSoundPlan } from "../../../tracking-plan/build/read";
import { eventFile, planFolder, propertiesOf } from "../../support/plan-folder";

const projectRoot = join(__dirname, "..", "..", "..");
const events = readSoundPlan(
  planFolder({
    "bought.json": eventFile("Bought", {
      1: propertiesOf({ gone: { type: "string" } }),
      2: propertiesOf({
        couponCode: { type: "string", description: "What was\ncut off | the price." },
        short: { type: ["string", "null"], maxLength: 10 },
        size: { enum: ["S", "M"] },
        count: { type: "integer" },
        price: { type: "number" },
        gift: { type: "boolean" },
        at: { type: "string", format: "date-time" },
        list: { type: "array" },
        either: { type: ["string", "number"] },
        user_id: { type: "string" },
        table: { type: "string" },
        größe: { type: "string" },
        ship: { type: "object", properties: { method: { type: "string" } } },
      }),
    }),
    "cart.json": eventFile("Bought.again", { 1: propertiesOf({ a: { type: "integer" } }) }),
  }),
);
const promoted = (property: string, more: object = {}) => promote(projectRoot, events, { property, ...more });
const fileOf = (property: string, name: string): string =>
  promoted(property).files.find(({ path }) => path.includes(name))?.text ?? "";

describe("a property that is promoted", () => {
  it("gets a migration with the next number", () => {
    const path = promoted("Bought.couponCode").files.map((file) => file.path)[2] ?? "";
    expect(path).toMatch(/^sql\/migrations\/V0\d\d__add_coupon_code\.sql$/);
    expect(fileOf("Bought.couponCode", "migrations")).toBe(
      "-- Bought: What was cut off | the price\nalter table events add column coupon_code varchar(256);\n",
    );
  });

  it("is loaded like the columns before it", () => {
    const load = fileOf("Bought.couponCode", "4_events");
    expect(load).toMatch(/ {2}\w+,\n {2}coupon_code\n\)\nselect\n/);
    expect(load).toMatch(/ {2}\w+,\n {2}coupon_code\nfrom \w+;\n$/);
  });

  it("is registered behind the others, as the formatter has it", () => {
    const { text: source } = formatted("promoted.ts", fileOf("Bought.couponCode", "promoted.ts"));
    for (const before of Object.keys(promotedColumns)) expect(source).toContain(`\n  ${before}: {\n`);
    expect(source).toContain(
      '  coupon_code: {\n    type: { kind: "varchar", bytes: 256 },\n    from: "plan",\n    privacy: "free",',
    );
    expect(source).toContain('of: { type: "track", event: "Bought", path: ["couponCode"] },');
  });

  it("stands in the data dictionary", () => {
    expect(fileOf("Bought.couponCode", "dictionary")).toContain(
      "| `coupon_code` | varchar(256) | tracking plan | free | Bought: What was cut off \\| the price |",
    );
  });

  it.each([
    ["Bought.short", "varchar(40)"],
    ["Bought.size", "varchar(64)"],
    ["Bought.count", "integer"],
    ["Bought.price", "decimal(18, 4)"],
    ["Bought.gift", "boolean"],
    ["Bought.at", "timestamp"],
    ["Bought.ship.method", "varchar(256)"],
    ["Bought.again.a", "integer"],
  ])("%s has type %s", (property, type) => {
    expect(fileOf(property, "migrations")).toContain(` ${type};`);
  });

  it("may be given a name and a privacy class", () => {
    const { name, column } = promoted("Bought.user_id", { column: "buyer", privacy: "personal" });
    expect([name, column.privacy]).toEqual(["buyer", "personal"]);
  });
});

describe("what cannot be promoted is refused, with the reason:", () => {
  it.each([
    ["Unknown.a", '--promote must be "Event.property" with an event of the plan (Bought, Bought.again)'],
    ["Bought", '--promote must be "Event.property"'],
    ["Bought.", '--promote must be "Event.property"'],
    ["Bought.gone", "has no property gone in its newest version, 2"],
    ["Bought.list", "must be of one type to have a column"],
    ["Bought.either", "must be of one type to have a column"],
    ["Bought.ship", "must be of one type to have a column"],
    ["Bought.user_id", "There is a column user_id already"],
    ["Bought.table", "table is a reserved word of Redshift"],
  ])("%s", (property, message) => {
    expect(() => promoted(property)).toThrow(message);
  });

  it("a name that SQL would have to quote", () => {
    expect(() => promoted("Bought.count", { column: "Count!" })).toThrow(
      'The column\'s name must be lower-case letters, digits and _, got "Count!"',
    );
  });
});

describe("promoted columns", () => {
  it("hold properties that the plan has", () => {
    expect(promotedProblems(readSoundPlan(projectRoot), promotedColumns)).toEqual([]);
    const { column } = promoted("Bought.ship.method");
    const of = (path: readonly string[], event = "Bought") => ({
      ...column,
      of: { ...column.of, event, path },
    });
    const rounded = { price: { ...of(["price"]), type: { kind: "integer" } as const } };
    const table = {
      method: column,
      gone: of(["gone"]),
      none: of(["none"]),
      other: of(["a"], "Other"),
      ...rounded,
    };
    expect(promotedProblems(events, table)).toEqual([
      expect.stringContaining("column none holds Bought.none, which no version of the plan has"),
      expect.stringContaining("column price holds integers, and the plan lets Bought.price be a fraction"),
    ]);
  });
});
