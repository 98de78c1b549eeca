import type { Handler } from "../service/http";
import { Store } from "../service/store";
import { groupOperations } from "./api/groups";
import { router } from "./api/router";
import { scheduleOperations } from "./api/schedules";
import type { Clock } from "./clock";
import { type Chance, Runner } from "./invocation/runner";
import type { Targets } from "./invocation/targets";
import type { SchedulerState } from "./state";

export interface SchedulerOptions {
  /** Where groups, schedules and pending invocations are kept. */
  readonly stateDir: string;
  readonly targets: Targets;
  readonly clock: Clock;
  readonly chance: Chance;
}

export interface Scheduler {
  readonly handler: Handler;
  /** Starts nothing more. */
  stop(): void;
}

/** Opens Scheduler on its state: schedules go on, and invocations that were cut short are attempted again. */
export function openScheduler({ stateDir, targets, clock, chance }: SchedulerOptions): Scheduler {
  const store = new Store<SchedulerState>(stateDir, "scheduler", {
    ...{ groups: {}, schedules: {}, invocations: {} },
  });
  const runner = new Runner(store, targets, clock, chance);
  const changed = (): void => runner.wake();
  const handler = router({
    schedules: scheduleOperations(store, clock.now, changed),
    groups: groupOperations(store, clock.now, changed),
  });
  runner.wake();
  return { handler, stop: () => runner.stop() };
}
