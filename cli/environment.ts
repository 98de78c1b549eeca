import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { localEnvironment } from "../local/cloud/environment";
import { type CloudInfo, readCloud } from "../local/cloud/record";
import { type EnvironmentName, environmentNames, environmentsOf } from "../stacks/config";
import type { Outputs } from "../stacks/outputs";
import { stateRoot } from "./paths";
import { UserError } from "./terminal";

/** An environment that a verb works on. */
export interface Target {
  readonly name: EnvironmentName;
  readonly outputs: Outputs;
}

/**
 * Opens the environment that `--env` names. For the local one this process's AWS clients are turned to the local
 * cloud; for the others they use the operator's own credentials.
 * @throws UserError when it does not exist, does not run, is not deployed, or cannot be read.
 */
export async function openEnvironment(call: { readonly env?: unknown }): Promise<Target> {
  const name = environmentName(call);
  if (name === "local") useLocalCloud();
  return { name, outputs: await readOutputs(name) };
}

/** The environment that `--env` names. @throws UserError when there is none of that name. */
export function environmentName(call: { readonly env?: unknown }): EnvironmentName {
  const name = environmentNames.find((known) => known === call.env);
  if (name !== undefined) return name;
  throw new UserError(`--env must be one of ${environmentNames.join(", ")}, got "${String(call.env)}"`);
}

/** Turns this process's AWS clients to the local cloud. @returns it. @throws UserError when it does not run. */
export function useLocalCloud(): CloudInfo {
  const cloud = readCloud(stateRoot);
  if (cloud === undefined) throw new UserError("The local cloud is not running. Start it: npm start");
  const wanted = localEnvironment(cloud);
  for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name];
  Object.assign(process.env, wanted);
  return cloud;
}

/** What the deploy wrote down of an environment. */
export async function readOutputs(name: EnvironmentName): Promise<Outputs> {
  const [environment] = environmentsOf(name);
  const parameter = environment?.names.outputsParameter ?? "";
  process.env.AWS_REGION ??= environment?.region;
  try {
    const answer = await new SSMClient({}).send(new GetParameterCommand({ Name: parameter }));
    return JSON.parse(answer.Parameter?.Value ?? "") as Outputs;
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    if (failure.name === "ParameterNotFound")
      throw new UserError(
        name === "local"
          ? "The local cloud runs, but nothing is deployed in it yet. Wait for npm start to finish, or start it again."
          : `Environment ${name} is not deployed in this account and Region: there is no SSM parameter ${parameter}. Deploy it: npx cdktf deploy 'clickstream-${name}-*'`,
      );
    const hint =
      name === "local"
        ? "Look at npm run status; npm stop and npm start begin anew and lose nothing."
        : "Check your AWS credentials and Region (AWS_PROFILE, AWS_REGION).";
    throw new UserError(
      `The outputs of environment ${name} (SSM parameter ${parameter}) could not be read: ${failure.message}\n${hint}`,
    );
  }
}

/** Asks the loader to run now rather than at its next turn; does not wait for it. */
export async function wakeLoader(target: Target): Promise<void> {
  await new LambdaClient({}).send(
    new InvokeCommand({
      FunctionName: target.outputs.functions.load,
      InvocationType: "Event",
      Payload: Buffer.from("{}"),
    }),
  );
}
