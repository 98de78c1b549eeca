import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { REGION } from "../service/aws";
import type { Handler } from "../service/http";
import type { ServiceEnv } from "../service/process";
import { lambdaApi, PACKAGES_PATH } from "./api";
import { destinations } from "./aws/destinations";
import { LogGroups } from "./aws/log-groups";
import { sources } from "./aws/sources";
import { parseFunction } from "./control/names";
import { CodeStore } from "./execution/code";
import { LocalInvoker } from "./execution/invoker";
import { InvocationLog } from "./execution/log";
import { runtimeNode } from "./execution/node";
import { FileSink } from "./execution/sink";
import { AsyncQueue } from "./invocation/queue";
import { Pollers } from "./polling/pollers";
import { openState } from "./state";
import { UrlServers } from "./urls/servers";

/** The local Lambda, put together. */
export interface LambdaService {
  readonly handler: Handler;
  /** Takes up what an earlier process was doing: URLs, mappings, accepted events. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/** Wires the service from its environment. */
export function lambdaService(env: ServiceEnv): LambdaService {
  const store = openState(env.stateDir);
  const checkpoints = join(env.stateDir, "checkpoints");
  const events = join(env.stateDir, "async");
  const environmentsFolder = join(env.stateDir, "environments");
  rmSync(environmentsFolder, { recursive: true, force: true }); // of a process that was killed
  for (const folder of [checkpoints, events, environmentsFolder]) mkdirSync(folder, { recursive: true });
  const aws = { endpoint: env.gatewayUrl, region: REGION };
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  const sqs = new SQSClient(aws);
  const code = new CodeStore(join(env.stateDir, "packages"));
  const sink = new FileSink(env.logDir, new LogGroups(env.gatewayUrl));
  const node = runtimeNode((message) => console.warn(message));
  const invoker = new LocalInvoker(
    store,
    code,
    { node, gatewayUrl: env.gatewayUrl, environmentsFolder },
    new InvocationLog(sink),
  );
  const deliver = destinations(env.gatewayUrl, { s3, sqs }, async (arn, event) => {
    const { name: functionName, qualifier } = parseFunction(arn);
    await queue.accept({ functionName, ...(qualifier === undefined ? {} : { qualifier }) }, event);
  });
  const queue = new AsyncQueue(events, store, invoker, deliver);
  const urls = new UrlServers(store, invoker);
  const pollers = new Pollers({
    store,
    invoker,
    deliver,
    gatewayUrl: env.gatewayUrl,
    sqs,
    folder: checkpoints,
  });
  const handler = lambdaApi({
    store,
    code,
    invoker,
    queue,
    urls,
    pollers,
    sources: sources(env.gatewayUrl, sqs),
    readObject: async (Bucket, Key, VersionId) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    codeLocation: (sha256) => `http://127.0.0.1:${env.port}${PACKAGES_PATH}${encodeURIComponent(sha256)}`,
  });
  return {
    handler,
    async restore() {
      await code.keepOnly(usedPackages(store.state));
      await urls.restore();
      await queue.restore();
      pollers.restore();
    },
    async stop() {
      pollers.close(); // before the environments: what they are killed in must not count as done or failed
      queue.close();
      invoker.close();
      await urls.closeAll();
      await sink.flush();
    },
  };
}

function usedPackages({ functions, layers }: ReturnType<typeof openState>["state"]): Set<string> {
  const configurations = Object.values(functions).flatMap(({ latest, versions }) => [latest, ...versions]);
  return new Set([
    ...configurations.flatMap(({ CodeSha256, Layers = [] }) => [
      CodeSha256,
      ...Layers.map(({ sha256 }) => sha256),
    ]),
    ...Object.values(layers).flatMap(({ versions }) => versions.map(({ CodeSha256 }) => CodeSha256)),
  ]);
}
