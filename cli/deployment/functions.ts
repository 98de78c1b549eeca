import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import type { Migrated } from "../../handlers/migrate/migrate";
import {
  type Archive,
  archiveOf,
  archivePath,
  FUNCTIONS_FOLDER,
  type HandlerName,
  handlerNames,
} from "../../stacks/functions/bundle";
import type { Outputs } from "../../stacks/outputs";
import { invoke } from "../invocation";

/** Functions' code, by handler. */
export type Code = Readonly<Record<HandlerName, Archive>>;

/** The code that a synth wrote. */
export function synthesizedCode(outputFolder: string): Code {
  const folder = join(outputFolder, FUNCTIONS_FOLDER);
  const archives = handlerNames.map((name) => [name, archiveOf(readFileSync(archivePath(folder, name)))]);
  return Object.fromEntries(archives) as Code;
}

/** The functions that run other code than this. */
export async function outdated(
  lambda: LambdaClient,
  functions: Outputs["functions"],
  code: Code,
): Promise<HandlerName[]> {
  const running = await Promise.all(
    handlerNames.map(async (name) => {
      const { CodeSha256 } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: functions[name] }),
      );
      return [name, CodeSha256] as const;
    }),
  );
  return running.filter(([name, sha256]) => sha256 !== code[name].sha256).map(([name]) => name);
}

/** Gives functions this code: what they are doing ends on the old one, what comes next runs the new one. */
export async function updateCode(
  lambda: LambdaClient,
  functions: Outputs["functions"],
  code: Code,
  names: readonly HandlerName[],
): Promise<void> {
  await Promise.all(
    names.map((name) =>
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName: functions[name], ZipFile: code[name].zip })),
    ),
  );
}

/**
 * Runs the migration as a deploy does.
 * @throws UserError with the warehouse's words when a file could not be applied.
 */
export async function runMigration(lambda: LambdaClient, functions: Outputs["functions"]): Promise<Migrated> {
  return invoke<Migrated>(lambda, functions.migrate, {});
}
