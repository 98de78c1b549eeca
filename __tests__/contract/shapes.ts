import { type ServiceModel, type Shape, type ShapeReference, shapeOf } from "../../local/service/model/model";

/** What of an answer is not as the model has it, each with its path: `Functions[0].Timeout must be …`. */
export type Violations = string[];

/** What holds of a JSON value of a type. Times of the JSON protocols are epoch seconds unless the model says otherwise. */
const HOLDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  character: (value) => typeof value === "string" && value.length === 1,
  blob: (value) => typeof value === "string" && Buffer.from(value, "base64").toString("base64") === value,
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  long: Number.isInteger,
  float: (value) => typeof value === "number",
  double: (value) => typeof value === "number",
  timestamp: (value) => typeof value === "number" && Number.isFinite(value),
  iso8601: (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value),
  list: Array.isArray,
  map: isObject,
  structure: isObject,
};

/**
 * Checks a JSON value against its shape: its type, the members that it must have and those that it may have, and
 * enumerations. A member that the shape does not have is a violation too, and so is one that is null.
 */
export function violations(
  model: ServiceModel,
  reference: ShapeReference,
  value: unknown,
  path = "",
): Violations {
  const shape = shapeOf(model, reference);
  const holds = HOLDS[shape.timestampFormat ?? shape.type];
  if (holds === undefined) throw new Error(`the test knows no ${shape.timestampFormat ?? shape.type}`);
  const named = path === "" ? "the answer" : path;
  if (!holds(value)) return [`${named} must be a ${shape.type}, got ${JSON.stringify(value)}`];
  if (shape.enum !== undefined && !shape.enum.includes(String(value)))
    return [`${named} must be one of ${shape.enum.join(", ")}, got ${String(value)}`];
  if (shape.type === "list")
    return (value as unknown[]).flatMap((each, i) => inner(model, shape.member, each, `${path}[${i}]`));
  if (shape.type === "map")
    return Object.entries(value as object).flatMap(([key, each]) => [
      ...inner(model, shape.key, key, `the key ${path}.${key}`),
      ...inner(model, shape.value, each, `${path}.${key}`),
    ]);
  return shape.type === "structure" ? ofStructure(model, shape, value as object, path) : [];
}

function inner(model: ServiceModel, reference: ShapeReference | undefined, value: unknown, path: string) {
  return reference === undefined ? [] : violations(model, reference, value, path);
}

function ofStructure(model: ServiceModel, shape: Shape, given: object, path: string): Violations {
  const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const members = bodyMembers(shape);
  const missing = (shape.required ?? []).filter((name) => {
    const member = shape.members?.[name];
    return member?.location === undefined && !(wireName(name, member) in given);
  });
  const found = Object.entries(given).flatMap(([name, value]) => {
    const member = members.get(name);
    return member === undefined
      ? [`${at(name)} is no member of the model`]
      : violations(model, member, value, at(name));
  });
  const several = shape.union === true && Object.keys(given).length !== 1;
  return [
    ...missing.map((name) => `${at(name)} must be there`),
    ...(several ? [`${path} must have exactly one member, got ${Object.keys(given).join(", ")}`] : []),
    ...found,
  ];
}

/** The members that travel in the body, by their names there. */
function bodyMembers(shape: Shape): Map<string, ShapeReference> {
  const members = Object.entries(shape.members ?? {}).filter(([, { location }]) => location === undefined);
  return new Map(members.map(([name, member]) => [wireName(name, member), member]));
}

function wireName(name: string, member: ShapeReference | undefined): string {
  return member?.locationName ?? name;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
