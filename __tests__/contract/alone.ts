import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateRoot } from "../../cli/paths";
import { lambdaService } from "../../local/lambda/service";
import { redshift } from "../../local/redshift/service";
import type { Handler } from "../../local/service/http";
import { pythonInterpreter } from "../../local/setup/python";
import { Bucket, FakeSecrets } from "../local/redshift/support";
import { stsAlone } from "../local/sts";

/** A local service that runs in the test's process, with nothing around it but what it cannot do without. */
export interface Alone {
  readonly handler: Handler;
  readonly stop: () => Promise<void>;
}

/** Lambda, on a gateway that has STS behind it and nothing else. */
export async function lambdaAlone(): Promise<Alone> {
  const folder = mkdtempSync(join(tmpdir(), "lambda-contract-"));
  const [stateDir, logDir] = [join(folder, "state"), join(folder, "logs")];
  for (const each of [stateDir, logDir]) mkdirSync(each);
  const { url: gatewayUrl, server } = await stsAlone();
  const lambda = lambdaService({ port: 1, gatewayUrl, stateDir, logDir });
  return {
    handler: lambda.handler,
    async stop() {
      await lambda.stop();
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Redshift Serverless and its Data API, with a bucket and secrets in memory. */
export async function redshiftAlone(): Promise<Alone> {
  const folder = mkdtempSync(join(tmpdir(), "redshift-contract-"));
  const bucket = new Bucket();
  const outside = { objects: () => bucket, secrets: new FakeSecrets(), python: pythonInterpreter(stateRoot) };
  const { handler, stop } = await redshift(folder, outside);
  return {
    handler,
    async stop() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}
