import { randomBytes } from "node:crypto";
import { httpServer } from "../service/http";
import { runService, serviceEnv } from "../service/process";
import { systemClock } from "./clock";
import { awsTargets } from "./invocation/targets";
import { openScheduler } from "./scheduler";

/** Amazon EventBridge Scheduler, with Lambda functions and SQS queues as targets. */
const { port, stateDir, gatewayUrl } = serviceEnv();
const chance = { fraction: Math.random, executionId: () => randomBytes(8).toString("hex") };
const scheduler = openScheduler({ stateDir, targets: awsTargets(gatewayUrl), clock: systemClock, chance });
void runService(httpServer(scheduler.handler), port, scheduler.stop);
