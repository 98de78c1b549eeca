import Ajv from "ajv";
import addFormats from "ajv-formats";
import type { Violation } from "../../handlers/plan/violations";

/** A JSON Schema of draft-07: of an object at its root, of anything below. */
export type Schema = boolean | { readonly [keyword: string]: unknown };

/** Keywords whose value is a schema, an object of schemas, or a list of them. */
const single = ["additionalProperties", "items", "not", "if", "then", "else", "contains", "propertyNames"];
const byName = ["properties", "patternProperties", "definitions", "dependencies"];
const listed = ["allOf", "anyOf", "oneOf", "items"];

/** The validator that schemas of the plan are for: strict, so that a misspelt keyword is an error and not nothing. */
export function schemaAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
    ownProperties: true, // else every event would have a `constructor`
    code: { source: true, esm: true },
  });
  return addFormats(ajv);
}

/** What keeps a schema, valid as such, from being compiled. @param path JSON pointer of the schema in its file. */
export function schemaProblems(ajv: Ajv, schema: Schema, path: string): Violation[] {
  const unknown: Violation[] = [];
  walk(schema, path, (part, at) => {
    for (const keyword of Object.keys(part))
      if (!ajv.RULES.keywords[keyword] && !structural.has(keyword))
        unknown.push({
          path: `${at}/${keyword}`,
          must: "be a keyword of JSON Schema draft-07",
          got: JSON.stringify(keyword),
        });
    if (part.$id !== undefined)
      unknown.push({ path: `${at}/$id`, must: "not be there", got: JSON.stringify(part.$id) });
    const ref = part.$ref;
    if (typeof ref === "string" && !ref.startsWith("#"))
      unknown.push({
        path: `${at}/$ref`,
        must: 'refer to a part of the same schema, like "#/definitions/money"',
        got: JSON.stringify(ref),
      });
  });
  if (unknown.length > 0) return unknown;
  try {
    ajv.compile(schema);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ path, must: `be a schema that can be compiled: ${message}` }];
  }
}

/** Keywords that ajv does not count as rules. */
const structural: ReadonlySet<string> = new Set(["$ref", "$schema", "$comment", "definitions"]);

/** Visits a schema and all in it that are objects, each with its JSON pointer. */
export function walk(
  schema: unknown,
  path: string,
  visit: (schema: Readonly<Record<string, unknown>>, path: string) => void,
): void {
  if (!isObjectSchema(schema)) return;
  visit(schema, path);
  for (const keyword of single) walk(schema[keyword], `${path}/${keyword}`, visit);
  for (const keyword of byName)
    for (const [name, part] of Object.entries(isObjectSchema(schema[keyword]) ? schema[keyword] : {}))
      walk(part, `${path}/${keyword}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, visit);
  for (const keyword of listed) {
    const parts = schema[keyword];
    if (Array.isArray(parts))
      for (const [index, part] of parts.entries()) walk(part, `${path}/${keyword}/${index}`, visit);
  }
}

/** Whether a schema says something: `true` and `false` are schemas too. */
export function isObjectSchema(schema: unknown): schema is Readonly<Record<string, unknown>> {
  return typeof schema === "object" && schema !== null && !Array.isArray(schema);
}
