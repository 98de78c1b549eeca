import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { FaultListener } from "../faults/client";
import { killDuring, twice } from "../faults/lambda";
import { REGION } from "../service/aws";
import type { Handler } from "../service/http";
import type { ServiceEnv } from "../service/process";
import { assumeRole, RoleSessions } from "../service/role";
import { lambdaApi, PACKAGES_PATH } from "./api";
import { type Deliver, destinations } from "./aws/destinations";
import { LogGroups } from "./aws/log-groups";
import { checkRole, RoleClientCache, type RoleClients } from "./aws/role-clients";
import { sources } from "./aws/sources";
import { parseFunction } from "./control/names";
import { CodeStore } from "./execution/code";
import { functionRole, serviceRole } from "./execution/deployment";
import { LocalInvoker } from "./execution/invoker";
import { InvocationLog } from "./execution/log";
import { runtimeNode } from "./execution/node";
import { FileSink } from "./execution/sink";
import { AsyncQueue } from "./invocation/queue";
import { Pollers } from "./polling/pollers";
import { type Configuration, type LambdaStore, openState } from "./state";
import { UrlServers } from "./urls/servers";

/** How long an end waits for the last log lines to be sent, ms. */
const LAST_LINES_MS = 500;

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
  const s3 = new S3Client({ endpoint: env.gatewayUrl, region: REGION, forcePathStyle: true });
  const identity = { service: "lambda.amazonaws.com", gatewayUrl: env.gatewayUrl };
  const sessions = new RoleSessions(identity);
  const roles = new RoleClientCache(env.gatewayUrl, sessions);
  const clientsOf = (functionName: string): RoleClients =>
    roles.of(serviceRole(current(store, functionName)));
  const code = new CodeStore(join(env.stateDir, "packages"));
  const logGroups = new LogGroups(clientsOf);
  const sink = new FileSink(env.logDir, logGroups);
  const faults = new FaultListener(env.gatewayUrl, "lambda", () => pollers.refresh());
  const node = runtimeNode((message) => console.warn(message));
  const invoker = new LocalInvoker(
    store,
    code,
    {
      ...{ node, gatewayUrl: env.gatewayUrl, environmentsFolder },
      invoked: killDuring(faults),
      credentials: (configuration) => assumeRole(identity, functionRole(configuration)),
    },
    new InvocationLog(sink),
  );
  const deliverAs = (functionName: string): Deliver => destinations(() => clientsOf(functionName));
  const queue = new AsyncQueue(events, store, twice(invoker, faults, "event"), deliverAs);
  const urls = new UrlServers(store, invoker);
  const pollers = new Pollers({
    ...{ store, invoker: twice(invoker, faults, "batch"), deliverAs, clientsOf },
    ...{ gatewayUrl: env.gatewayUrl, folder: checkpoints },
    paused: (functionName) => faults.holds("poller", functionName),
  });
  const handler = lambdaApi({
    store,
    code,
    invoker,
    queue,
    urls,
    pollers,
    sources: sources(clientsOf),
    checkRole: (configuration) => checkRole(sessions, serviceRole(configuration)),
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
      faults.close();
      pollers.close(); // before the environments: what they are killed in must not count as done or failed
      queue.close();
      invoker.close();
      await urls.closeAll();
      await sink.flush();
      const patience = new Promise((resolve) => setTimeout(resolve, LAST_LINES_MS).unref());
      await Promise.race([logGroups.flush(), patience]);
    },
  };
}

/** A function's configuration as it is now. @throws Error when the function is gone. */
function current({ state }: LambdaStore, functionName: string): Configuration {
  const record = state.functions[parseFunction(functionName).name];
  if (record === undefined) throw new Error(`there is no function ${functionName}`);
  return record.latest;
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
