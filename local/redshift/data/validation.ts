import { AwsError } from "../../service/aws";
import { Constraints } from "../../service/constraints";
import type { Parameter } from "./statement";

/** The call itself is wrong. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/** @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations */
const STATEMENT_BYTES = 100 * 1024;
const BATCH_STATEMENTS = 40;
const DAY_SECONDS = 86_400;

/** Members that ExecuteStatement and BatchExecuteStatement share. */
export interface SubmitInput {
  readonly StatementName?: string;
  readonly Parameters?: readonly Parameter[];
  readonly ClientToken?: string;
  readonly WithEvent?: boolean;
  readonly ResultFormat?: "JSON" | "CSV";
  readonly SessionId?: string;
  readonly SessionKeepAliveSeconds?: number;
  readonly ExecutionMode?: "TRANSACTION" | "AUTO_COMMIT";
  readonly WaitTimeSeconds?: number;
}

/**
 * Checks a call that submits statements against the API's model and its documented limits.
 * @throws AwsError ValidationException.
 */
export function checkSubmit(input: SubmitInput, sqls: readonly unknown[]): void {
  const rules = new Constraints()
    .optionalText("statementName", input.StatementName, { max: 500 })
    .optionalText("clientToken", input.ClientToken, { min: 1, max: 64 })
    .optionalText("resultFormat", input.ResultFormat, { oneOf: ["JSON", "CSV"] })
    .optionalText("executionMode", input.ExecutionMode, { oneOf: ["TRANSACTION", "AUTO_COMMIT"] })
    .optionalInteger("sessionKeepAliveSeconds", input.SessionKeepAliveSeconds, 0, DAY_SECONDS)
    .optionalList("parameters", input.Parameters, 1, Number.MAX_SAFE_INTEGER);
  checkWait(rules, input.WaitTimeSeconds);
  for (const [i, parameter] of (input.Parameters ?? []).entries())
    rules
      .text(`parameters.${i + 1}.member.name`, parameter.name, { pattern: "[0-9a-zA-Z_]+" })
      .text(`parameters.${i + 1}.member.value`, parameter.value, { min: 1 });
  rules.enforce();
  if (sqls.length === 0 || sqls.length > BATCH_STATEMENTS)
    throw invalid(`Sqls must hold between 1 and ${BATCH_STATEMENTS} statements, got ${sqls.length}`);
  for (const sql of sqls) {
    if (typeof sql !== "string") throw invalid("Sql must be a text");
    const bytes = Buffer.byteLength(sql);
    if (bytes > STATEMENT_BYTES) throw invalid(`Statement size must be at most 100 KB, got ${bytes} bytes`);
  }
  if (input.WithEvent === true)
    throw invalid(
      "WithEvent is not supported by the local warehouse: there is no event bus that it could send to",
    );
}

/** WaitTimeSeconds is between 1 and 30. */
export function checkWait(rules: Constraints, seconds: unknown): Constraints {
  return rules.optionalInteger("waitTimeSeconds", seconds, 1, 30);
}
