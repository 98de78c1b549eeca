import { runService, serviceEnv } from "../service/process";
import { RoleSessions } from "../service/role";
import { s3Objects } from "./engine/copy/objects";
import { secretsManager } from "./serverless/secrets";
import { redshift } from "./service";

async function main(): Promise<void> {
  const { port, stateDir, gatewayUrl } = serviceEnv();
  const sessions = new RoleSessions({ service: "redshift-serverless.amazonaws.com", gatewayUrl });
  const python = process.env.PYTHON;
  if (!python) throw new Error("Redshift needs PYTHON in its environment: the interpreter that checks SQL");
  const { server, stop } = await redshift(stateDir, {
    objects: s3Objects(gatewayUrl, sessions),
    secrets: secretsManager(gatewayUrl),
    python,
  });
  await runService(server, port, stop);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
