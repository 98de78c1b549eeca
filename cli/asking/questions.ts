import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../paths";
import { UserError } from "../terminal";
import { type Question, readQuestion } from "./question";

const FOLDER = join(projectRoot, "sql", "queries");

/** Every question of `sql/queries/`, by name in order. @throws when a file's header is of no form. */
export function readQuestions(folder = FOLDER): Question[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => readQuestion(file.slice(0, -".sql".length), readFileSync(join(folder, file), "utf8")));
}

/** @throws UserError that lists the questions there are. */
export function questionNamed(name: string): Question {
  const all = readQuestions();
  const found = all.find((question) => question.name === name);
  if (found === undefined)
    throw new UserError(
      `There is no question "${name}". There are: ${all.map((question) => question.name).join(", ")}`,
    );
  return found;
}
