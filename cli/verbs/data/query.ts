import { readFileSync } from "node:fs";
import { bindParameters, describe } from "../../asking/question";
import { questionNamed, readQuestions } from "../../asking/questions";
import { openEnvironment } from "../../environment";
import { table, UserError } from "../../terminal";
import { query as runQuery } from "../../warehouse";
import type { Call, Verb } from "../verb";

/** `npm run query`: one statement for the warehouse, or a question that has a name. */
export const query: Verb = {
  summary: "Ask the warehouse",
  usage: '"select …" | --list | --name NAME [--param KEY=VALUE …]   (or - to read the statement from stdin)',
  details:
    "The statement goes through the Redshift Data API, as it would from any other client. Questions with a name are the files of sql/queries/.",
  options: {
    list: { type: "boolean", default: false },
    name: { type: "string" },
    param: { type: "string", multiple: true },
  },
  help: {
    "--list": "the questions there are; with --name, what that one takes",
    "--name NAME": "ask a question by its name",
    "--param KEY=VALUE": "a parameter of the question, as often as there are some",
  },
  async run(call) {
    const { sql, parameters } = asked(call) ?? {};
    if (sql === undefined) return 0;
    const result = await runQuery(await openEnvironment(call), sql, parameters);
    if (call.json) {
      console.log(JSON.stringify(result));
      return 0;
    }
    if (result.columns.length > 0) console.log(table(result.columns, result.rows));
    console.log(`${result.rows.length} ${result.rows.length === 1 ? "row" : "rows"}`);
    return 0;
  },
};

interface Asked {
  readonly sql: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** @returns nothing when only the questions were to be listed, which is done then. */
function asked(call: Call): Asked | undefined {
  const [given] = call.arguments;
  const params = (call.param ?? []) as readonly string[];
  const name = call.name as string | undefined;
  if (call.list === true || name !== undefined) {
    if (given !== undefined)
      throw new UserError(`Ask a question by its name or give a statement, not both, got "${given}"`);
    if (call.list === true) {
      if (params.length > 0) throw new UserError("--list takes no --param");
      list(name, call.json === true);
      return undefined;
    }
    const question = questionNamed(name ?? "");
    return { sql: question.sql, parameters: bindParameters(question, params, new Date()) };
  }
  if (params.length > 0) throw new UserError("--param belongs to a question: --name NAME --param KEY=VALUE");
  if (given === undefined || call.arguments.length > 1)
    throw new UserError(
      'Give one statement, in quotes: npm run query -- "select count(*) from events"; or --list for questions with a name',
    );
  return { sql: given === "-" ? readFileSync(0, "utf8") : given };
}

function list(name: string | undefined, json: boolean): void {
  const questions = name === undefined ? readQuestions() : [questionNamed(name)];
  if (json) console.log(JSON.stringify(questions.map(({ sql: _, ...question }) => question)));
  else console.log(questions.map(describe).join("\n\n"));
}
