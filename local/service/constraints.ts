import { AwsError } from "./protocol/error";

interface TextRule {
  readonly min?: number;
  readonly max?: number;
  /** As in the API model; the whole text has to match. */
  readonly pattern?: string;
  readonly oneOf?: readonly string[];
}

/**
 * Checks a request against its API model and answers as AWS's front end does: every broken constraint in one
 * ValidationException, "2 validation errors detected: Value 'x' at 'y' failed to satisfy constraint: …; …".
 */
export class Constraints {
  readonly #broken: string[] = [];

  /** A text that has to be there and to satisfy the rule. */
  text(path: string, value: unknown, rule: TextRule = {}): this {
    return value === undefined || value === null ? this.#missing(path) : this.optionalText(path, value, rule);
  }

  /** A text that has to satisfy the rule if it is there. */
  optionalText(path: string, value: unknown, rule: TextRule): this {
    if (value === undefined || value === null) return this;
    const text = String(value);
    if (rule.min !== undefined && text.length < rule.min)
      this.broken(path, text, `Member must have length greater than or equal to ${rule.min}`);
    if (rule.max !== undefined && text.length > rule.max)
      this.broken(path, text, `Member must have length less than or equal to ${rule.max}`);
    if (rule.pattern !== undefined && !whole(rule.pattern).test(text))
      this.broken(path, text, `Member must satisfy regular expression pattern: ${rule.pattern}`);
    if (rule.oneOf !== undefined && !rule.oneOf.includes(text))
      this.broken(path, text, `Member must satisfy enum value set: [${rule.oneOf.join(", ")}]`);
    return this;
  }

  /** A whole number within limits, if it is there. */
  optionalInteger(path: string, value: unknown, min: number, max: number): this {
    if (value === undefined || value === null) return this;
    if (typeof value !== "number" || !Number.isInteger(value))
      throw new AwsError(
        "SerializationException",
        `${path} must be an integer, got ${JSON.stringify(value)}`,
      );
    return this.optionalNumber(path, value, min, max);
  }

  /** A number within limits, if it is there. */
  optionalNumber(path: string, value: unknown, min: number, max: number): this {
    if (value === undefined || value === null) return this;
    if (typeof value !== "number")
      throw new AwsError("SerializationException", `${path} must be a number, got ${JSON.stringify(value)}`);
    if (value < min) this.broken(path, value, `Member must have value greater than or equal to ${min}`);
    if (value > max) this.broken(path, value, `Member must have value less than or equal to ${max}`);
    return this;
  }

  /** A list whose length is within limits, if it is there. */
  optionalList(path: string, value: unknown, min: number, max: number): this {
    if (value === undefined || value === null) return this;
    if (!Array.isArray(value)) throw new AwsError("SerializationException", `${path} must be a list`);
    if (value.length < min)
      this.broken(path, "[]", `Member must have length greater than or equal to ${min}`);
    if (value.length > max)
      this.broken(path, `[${value.length} members]`, `Member must have length less than or equal to ${max}`);
    return this;
  }

  /** Something that has to be there. */
  present(path: string, value: unknown): this {
    return value === undefined || value === null ? this.#missing(path) : this;
  }

  /** Notes a broken constraint. */
  broken(path: string, value: unknown, rule: string): this {
    this.#broken.push(`Value '${value}' at '${path}' failed to satisfy constraint: ${rule}`);
    return this;
  }

  /** @throws AwsError ValidationException if any constraint was broken. */
  enforce(): void {
    const count = this.#broken.length;
    if (count === 0) return;
    const errors = count === 1 ? "1 validation error" : `${count} validation errors`;
    throw new AwsError("ValidationException", `${errors} detected: ${this.#broken.join("; ")}`);
  }

  #missing(path: string): this {
    this.#broken.push(`Value at '${path}' failed to satisfy constraint: Member must not be null`);
    return this;
  }
}

const compiled = new Map<string, RegExp>();

/** A pattern of an API model that a whole text has to match. The models' patterns are Java's. */
export function whole(pattern: string): RegExp {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "su" : "s");
    compiled.set(pattern, expression);
  }
  return expression;
}
