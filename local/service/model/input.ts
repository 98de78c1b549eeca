import { Constraints } from "../constraints";
import { AwsError } from "../protocol/error";
import { type ServiceModel, type Shape, type ShapeReference, shapeOf } from "./model";

/**
 * Checks a request against its model as AWS's front end does, before the service sees it: required members, types,
 * lengths, ranges, patterns and enumerations. What the model does not know is ignored, as AWS ignores it.
 * @param input the operation's input, wherever its members were carried.
 * @throws AwsError SerializationException for a member of another type; ValidationException with all that is broken.
 */
export function checkInput(model: ServiceModel, operation: string, input: unknown): void {
  const reference = model.operations[operation]?.input;
  if (reference === undefined) return;
  const constraints = new Constraints();
  new Checker(model, constraints).check(reference, "", input);
  constraints.enforce();
}

/** Walks an input beside its shape. */
class Checker {
  constructor(
    private readonly model: ServiceModel,
    private readonly constraints: Constraints,
  ) {}

  check(reference: ShapeReference, path: string, value: unknown): void {
    const shape = shapeOf(this.model, reference);
    const type = TYPES[shape.type];
    if (type !== undefined && !type.holds(value))
      throw new AwsError(
        "SerializationException",
        `${path === "" ? "the input" : path} must be ${type.name}, got ${JSON.stringify(value)?.slice(0, 100)}`,
      );
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = shape;
    if (shape.type === "structure") this.#structure(shape, path, value as Members);
    else if (shape.type === "list") this.#list(shape, path, value as unknown[]);
    else if (shape.type === "map") this.#map(shape, path, value as Members);
    else if (shape.type === "string") this.constraints.optionalText(path, value, textRule(shape));
    else if (NUMBERS.includes(shape.type)) this.constraints.optionalNumber(path, value, min, max);
  }

  #structure(shape: Shape, path: string, given: Members): void {
    for (const name of shape.required ?? []) this.constraints.present(below(path, name), given[name]);
    for (const [name, reference] of Object.entries(shape.members ?? {})) {
      const member = given[name];
      if (member !== undefined && member !== null) this.check(reference, below(path, name), member);
    }
  }

  #list({ member, min = 0, max = Number.POSITIVE_INFINITY }: Shape, path: string, given: unknown[]): void {
    this.constraints.optionalList(path, given, min, max);
    if (member === undefined) return;
    for (const [index, each] of given.entries()) this.check(member, `${path}.${index + 1}.member`, each);
  }

  #map({ key, value, min = 0, max = Number.POSITIVE_INFINITY }: Shape, path: string, given: Members): void {
    const entries = Object.entries(given);
    this.constraints.optionalList(path, entries, min, max);
    for (const [name, each] of entries) {
      if (key !== undefined) this.check(key, `${path}.key`, name);
      if (value !== undefined && each !== null) this.check(value, `${path}.${name}`, each);
    }
  }
}

type Members = Readonly<Record<string, unknown>>;

interface Type {
  readonly name: string;
  readonly holds: (value: unknown) => boolean;
}

const STRING: Type = { name: "a string", holds: (value) => typeof value === "string" };
const INTEGER: Type = { name: "an integer", holds: Number.isInteger };
const NUMBER: Type = { name: "a number", holds: (value) => typeof value === "number" };
const OBJECT: Type = {
  name: "an object",
  holds: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

/** How values of a type travel in JSON. A blob is checked by who takes it: it may be a body of its own. */
const TYPES: Readonly<Record<string, Type>> = {
  structure: OBJECT,
  map: OBJECT,
  list: { name: "a list", holds: Array.isArray },
  string: STRING,
  boolean: { name: "a boolean", holds: (value) => typeof value === "boolean" },
  integer: INTEGER,
  long: INTEGER,
  float: NUMBER,
  double: NUMBER,
  timestamp: { name: "a time", holds: (value) => typeof value === "number" || typeof value === "string" },
};
const NUMBERS = ["integer", "long", "float", "double"];

function textRule({ min, max, pattern, enum: oneOf }: Shape) {
  return {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(oneOf === undefined ? {} : { oneOf }),
  };
}

/** Paths are written as AWS's front end writes them: "bufferingHints.sizeInMBs". */
function below(path: string, name: string): string {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return path === "" ? member : `${path}.${member}`;
}
