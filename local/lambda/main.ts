import { httpServer } from "../service/http";
import { runService, serviceEnv } from "../service/process";
import { lambdaService } from "./service";

/**
 * AWS Lambda on this machine:
 * - `control/`    the API that Terraform and the SDKs use
 * - `execution/`  functions in Node processes of their own
 * - `invocation/` asynchronous invocations
 * - `urls/`       function URLs
 * - `polling/`    event source mappings: DynamoDB streams and SQS queues
 */
async function main(): Promise<void> {
  const env = serviceEnv();
  const lambda = lambdaService(env);
  await lambda.restore();
  await runService(httpServer(lambda.handler), env.port, () => lambda.stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
