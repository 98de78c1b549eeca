import { UserError } from "../terminal";
import { allowed, boundValue, type ParameterType, typeOf } from "./types";

/** A `:name` of a question. */
export interface QuestionParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** As a caller would write it. Without one the parameter must be given. */
  readonly default?: string;
  readonly meaning: string;
}

/** A named question with parameters: a file of `sql/queries/`. */
export interface Question {
  /** The file's name without `.sql`. */
  readonly name: string;
  readonly description: string;
  /** What a row of the answer is. */
  readonly grain: string;
  readonly parameters: readonly QuestionParameter[];
  /** What follows `npm run query -- ` in a call that works. */
  readonly example: string;
  /** One statement, its header included. */
  readonly sql: string;
}

const FIELD = /^(Grain|Parameter|Example): (.*)$/;
const PARAMETER = /^([a-z][a-z0-9_]*) ([a-z]+(?:\([^)]*\))?)(?: = (.+?))?: (.+)$/;

/**
 * Reads a question's header: comments at the top of its file, in this order and form.
 *
 *     -- What it answers, in one line or several.
 *     -- Grain: one row a …
 *     -- Parameter: name type = default: meaning
 *     -- Example: --name funnel --param name=value
 *
 * A parameter without ` = default` must be given. Types are those of `types.ts`.
 * @throws when the header is of another form, a default is not of its type, or header and statement do not name
 * the same parameters.
 */
export function readQuestion(name: string, sql: string): Question {
  const fail = (reason: string): never => {
    throw new Error(`sql/queries/${name}.sql ${reason}`);
  };
  const description: string[] = [];
  const fields: Record<string, string[]> = { Grain: [], Parameter: [], Example: [] };
  for (const line of headerOf(sql)) {
    const [, field, text = ""] = FIELD.exec(line) ?? [];
    if (field !== undefined) fields[field]?.push(text);
    else if (Object.values(fields).every(({ length }) => length === 0)) description.push(line);
    else fail(`has a line in its header that is no field: "${line}"`);
  }
  const [grain = fail("must say its grain"), ...moreGrains] = fields.Grain ?? [];
  const [example = fail("must give an example"), ...moreExamples] = fields.Example ?? [];
  if (moreGrains.length + moreExamples.length > 0) fail("must have one grain and one example");
  if (description.length === 0) fail("must begin with a description");
  const parameters = (fields.Parameter ?? []).map((text): QuestionParameter => {
    const [, parameter = "", type = "", given, meaning = ""] =
      PARAMETER.exec(text) ?? fail(`has a parameter that is not "name type = default: meaning": "${text}"`);
    const known = typeOf(type) ?? fail(`has a parameter of an unknown type: "${type}"`);
    if (given !== undefined && boundValue(known, given, new Date(0)) === undefined)
      fail(`has a default for ${parameter} that is not ${allowed(known)}: "${given}"`);
    return { name: parameter, type: known, meaning, ...(given === undefined ? {} : { default: given }) };
  });
  const declared = parameters.map((parameter) => parameter.name).sort();
  if (new Set(declared).size < declared.length) fail("declares a parameter twice");
  const used = [...new Set(parametersOf(sql))].sort();
  if (declared.join() !== used.join())
    fail(`must declare the parameters it uses (${used.join(", ")}), got ${declared.join(", ")}`);
  return { name, description: description.join(" "), grain, parameters, example, sql };
}

/**
 * The values of a call, as the Data API takes them: text, and never empty.
 * @param given `name=value` each, as written on the command line.
 * @param now what the word `now` stands for.
 * @throws UserError that lists everything that is wrong, and what is allowed.
 */
export function bindParameters(
  question: Question,
  given: readonly string[],
  now: Date,
): Readonly<Record<string, string>> {
  const wrong: string[] = [];
  const values = new Map<string, string>();
  for (const text of given) {
    const at = text.indexOf("=");
    const name = at < 0 ? text : text.slice(0, at);
    if (at < 1) wrong.push(`a parameter must be given as name=value, got "${text}"`);
    else if (!question.parameters.some((parameter) => parameter.name === name))
      wrong.push(`it has no parameter ${name}`);
    else if (values.has(name)) wrong.push(`${name} must be given once, got it twice`);
    else values.set(name, text.slice(at + 1));
  }
  const bound: Record<string, string> = {};
  for (const { name, type, default: fallback } of question.parameters) {
    const text = values.get(name) ?? fallback;
    const value = text === undefined ? undefined : boundValue(type, text, now);
    if (value !== undefined) bound[name] = value;
    else if (text === undefined) wrong.push(`${name} must be given: ${allowed(type)}`);
    else wrong.push(`${name} must be ${allowed(type)}, got "${text}"`);
  }
  if (wrong.length > 0)
    throw new UserError(`Question ${question.name}:\n  ${wrong.join("\n  ")}\n\n${describe(question)}`);
  return bound;
}

/** What a question is and takes, for people. */
export function describe({ name, description, grain, parameters, example }: Question): string {
  const lines = parameters.map((parameter) => {
    const fallback = parameter.default === undefined ? "required" : `default ${parameter.default}`;
    return `  ${parameter.name.padEnd(10)}  ${parameter.meaning}; ${allowed(parameter.type)} (${fallback})`;
  });
  return [
    `${name}: ${description}`,
    `Grain: ${grain}`,
    ...(lines.length === 0 ? [] : ["Parameters, each as --param name=value:", ...lines]),
    `Example: npm run query -- ${example}`,
  ].join("\n");
}

/** The comment lines at the top of a file, without their dashes. */
function headerOf(sql: string): string[] {
  const lines = sql.split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith("--"));
  return lines.slice(0, end < 0 ? lines.length : end).map((line) => line.slice(2).trim());
}

/** The names of a statement's parameters: outside of comments and strings, and no `::` cast. */
function parametersOf(sql: string): string[] {
  const bare = sql.replaceAll(/--[^\n]*|'(?:[^']|'')*'/g, " ");
  return [...bare.matchAll(/(?<!:):([a-zA-Z_]\w*)/g)].map(([, name = ""]) => name);
}
