import { randomBytes } from "node:crypto";
import { FaultListener } from "../faults/client";
import { calledTwice } from "../faults/scheduler";
import { httpServer } from "../service/http";
import { runService, serviceEnv } from "../service/process";
import { RoleSessions } from "../service/role";
import { systemClock } from "./clock";
import { awsTargets } from "./invocation/targets";
import { openScheduler } from "./scheduler";

/** Amazon EventBridge Scheduler, with Lambda functions and SQS queues as targets. */
const { port, stateDir, gatewayUrl } = serviceEnv();
const chance = { fraction: Math.random, executionId: () => randomBytes(8).toString("hex") };
const sessions = new RoleSessions({ service: "scheduler.amazonaws.com", gatewayUrl });
const faults = new FaultListener(gatewayUrl, "scheduler");
const targets = calledTwice(awsTargets(gatewayUrl, sessions), faults);
const scheduler = openScheduler({ stateDir, targets, clock: systemClock, chance });
void runService(httpServer(scheduler.handler), port, () => {
  faults.close();
  scheduler.stop();
});
