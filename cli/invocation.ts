import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { UserError } from "./terminal";

/**
 * Has a function do something and waits for its answer, longer than a function can take.
 * @throws UserError with the function's own words when it fails.
 */
export async function invoke<Answer>(
  lambda: LambdaClient,
  functionName: string,
  event: object,
): Promise<Answer> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
  );
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || "null");
  if (FunctionError === undefined) return answer as Answer;
  const { errorMessage } = (answer ?? {}) as { readonly errorMessage?: string };
  throw new UserError(errorMessage ?? `${functionName} failed: ${FunctionError}`);
}
