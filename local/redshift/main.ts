import { S3Client } from "@aws-sdk/client-s3";
import { runService, serviceEnv } from "../service/process";
import { s3Objects } from "./engine/objects";
import { secretsManager } from "./serverless/secrets";
import { redshift } from "./service";

async function main(): Promise<void> {
  const { port, stateDir, gatewayUrl } = serviceEnv();
  const s3 = new S3Client({ endpoint: gatewayUrl, forcePathStyle: true });
  const { server, stop } = await redshift(stateDir, {
    objects: s3Objects(s3),
    secrets: secretsManager(gatewayUrl),
  });
  await runService(server, port, stop);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
