import { whole } from "../../local/service/constraints";
import { type ServiceModel, type Shape, type ShapeReference, shapeOf } from "../../local/service/model/model";

/** An input that breaks one constraint of its operation's model, and what the refusal has to say. */
export interface Broken {
  readonly input: Readonly<Record<string, unknown>>;
  readonly code: "ValidationException" | "SerializationException";
  readonly message: string;
}

/** A value that breaks a constraint, at a path below where it is. */
interface Wrong {
  readonly value: unknown;
  readonly path: string;
  readonly rule: string;
  readonly code: Broken["code"];
}

const NUMBERS = ["integer", "long", "float", "double"];
const WRONG_TYPE: Readonly<Record<string, unknown>> = {
  ...{ string: 5, boolean: "yes", integer: "5", long: "5", float: "5", double: "5" },
  ...{ list: {}, map: [], structure: [] },
};

/** Every constraint of an operation's model broken once, everything else left out. */
export function brokenInputs(model: ServiceModel, operation: string): Broken[] {
  const input = model.operations[operation]?.input;
  if (input === undefined) return [];
  return ofStructure(model, shapeOf(model, input), []).map(({ value, path, rule, code }) => ({
    input: value as Broken["input"],
    code,
    message: code === "ValidationException" ? `'${path}' failed to satisfy constraint: ${rule}` : path,
  }));
}

function wrongs(model: ServiceModel, reference: ShapeReference, within: readonly string[]): Wrong[] {
  if (within.includes(reference.shape)) return []; // shapes of themselves are checked once
  const inside = [...within, reference.shape];
  const shape = shapeOf(model, reference);
  if (shape.type === "structure") return [...ofType(shape), ...ofStructure(model, shape, inside)];
  if (shape.type === "list") return [...ofType(shape), ...ofList(model, shape, inside)];
  if (shape.type === "map") return [...ofType(shape), ...ofMap(model, shape, inside)];
  if (shape.type === "string") return [...ofType(shape), ...ofText(shape)];
  return NUMBERS.includes(shape.type) ? [...ofType(shape), ...ofNumber(shape)] : ofType(shape);
}

function ofStructure(model: ServiceModel, shape: Shape, within: readonly string[]): Wrong[] {
  const missing = (shape.required ?? [])
    .filter((name) => shape.members?.[name]?.location !== "uri" && name !== shape.payload) // those are always there
    .map((name) => broken({}, pathOf(name), "Member must not be null"));
  const members = Object.entries(shape.members ?? {})
    .filter(([name]) => name !== shape.payload)
    .flatMap(([name, member]) =>
      wrongs(model, member, within)
        .filter(({ code, value }) => travels(member, code, value))
        .map((wrong) => ({
          ...wrong,
          value: { [name]: wrong.value },
          path: joined(pathOf(name), wrong.path),
        })),
    );
  return [...missing, ...members];
}

/** Outside a body everything is a text, and a label that is empty or holds a slash names another operation. */
function travels({ location }: ShapeReference, code: Broken["code"], value: unknown): boolean {
  if (location === undefined) return true;
  return code === "ValidationException" && !(location === "uri" && value === "") && !Array.isArray(value);
}

function ofList(model: ServiceModel, { member, min, max }: Shape, within: readonly string[]): Wrong[] {
  const inner = member === undefined ? [] : wrongs(model, member, within);
  return [
    ...(min ? [broken([], "", atLeast("length", min))] : []),
    ...(max === undefined
      ? []
      : [broken(Array(max + 1).fill(filler(model, member)), "", atMost("length", max))]),
    ...inner.map((wrong) => ({ ...wrong, value: [wrong.value], path: joined("1.member", wrong.path) })),
  ];
}

function ofMap(model: ServiceModel, { key, value }: Shape, within: readonly string[]): Wrong[] {
  const keys =
    key === undefined ? [] : wrongs(model, key, within).filter(({ code }) => code === "ValidationException");
  const values = value === undefined ? [] : wrongs(model, value, within);
  return [
    ...keys.map((wrong) => ({
      ...wrong,
      value: { [String(wrong.value)]: filler(model, value) },
      path: "key",
    })),
    ...values.map((wrong) => ({ ...wrong, value: { k: wrong.value }, path: joined("k", wrong.path) })),
  ];
}

function ofText({ min, max, pattern, enum: oneOf }: Shape): Wrong[] {
  const strange =
    pattern === undefined ? undefined : ["\u0000 {}", " ", ""].find((text) => !whole(pattern).test(text));
  return [
    ...(min ? [broken("x".repeat(min - 1), "", atLeast("length", min))] : []),
    ...(max === undefined || max > 100_000 ? [] : [broken("x".repeat(max + 1), "", atMost("length", max))]),
    ...(strange === undefined
      ? []
      : [broken(strange, "", `Member must satisfy regular expression pattern: ${pattern}`)]),
    ...(oneOf === undefined
      ? []
      : [broken("none-of-them", "", `Member must satisfy enum value set: [${oneOf.join(", ")}]`)]),
  ];
}

function ofNumber({ min, max }: Shape): Wrong[] {
  return [
    ...(min === undefined ? [] : [broken(min - 1, "", atLeast("value", min))]),
    ...(max === undefined ? [] : [broken(max + 1, "", atMost("value", max))]),
  ];
}

function ofType({ type }: Shape): Wrong[] {
  const value = WRONG_TYPE[type];
  return value === undefined ? [] : [{ value, path: "", rule: "", code: "SerializationException" }];
}

/** Something of a shape's type. */
export function filler(model: ServiceModel, reference: ShapeReference | undefined): unknown {
  const type = reference === undefined ? "string" : shapeOf(model, reference).type;
  return { structure: {}, map: {}, list: [], boolean: true, string: "x" }[type] ?? 1;
}

function broken(value: unknown, path: string, rule: string): Wrong {
  return { value, path, rule, code: "ValidationException" };
}

const atLeast = (what: string, min: number) => `Member must have ${what} greater than or equal to ${min}`;
const atMost = (what: string, max: number) => `Member must have ${what} less than or equal to ${max}`;

function pathOf(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(".");
}
