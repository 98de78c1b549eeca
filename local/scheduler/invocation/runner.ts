import type { Store } from "../../service/store";
import type { Clock } from "../clock";
import { nextOccurrence, parseExpression } from "../expression/expression";
import { type Invocation, type Schedule, type SchedulerState, scheduleKey } from "../state";
import { attemptInvocation } from "./invoker";
import type { Targets } from "./targets";

/** What a runner draws by chance. */
export interface Chance {
  /** 0 to 1, 1 excluded. */
  fraction(): number;
  /** 16 hexadecimal digits. */
  executionId(): string;
}

/**
 * Starts every invocation when it is due and sees it through. An invocation is saved before its first attempt
 * and removed after its last, so that one cut short is attempted again: at least once, as AWS promises. What
 * was missed while the process was down, or the machine asleep, is made up for by one invocation a schedule.
 */
export class Runner {
  #cancelTimer: () => void = () => undefined;
  #stopped = false;
  readonly #attempted = new Set<string>();

  constructor(
    private readonly store: Store<SchedulerState>,
    private readonly targets: Targets,
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  /** Looks at what is due, now and whenever something will be; called again after every change of a schedule. */
  wake(): void {
    if (this.#stopped) return;
    this.#cancelTimer();
    this.#startDue();
    for (const invocation of Object.values(this.store.state.invocations))
      if (invocation.dueMs <= this.clock.now() && !this.#attempted.has(invocation.id))
        void this.#attempt(invocation);
    this.#waitForNext();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  #startDue(): void {
    const now = this.clock.now();
    const { schedules, invocations } = this.store.state;
    const due = Object.values(schedules).filter(({ nextMs }) => nextMs !== undefined && nextMs <= now);
    for (const schedule of due) {
      const invocation = this.#invocationOf(schedule, schedule.nextMs ?? now);
      invocations[invocation.id] = invocation;
      setNext(schedule, now);
    }
    if (due.length > 0) this.store.save();
  }

  #invocationOf({ settings }: Schedule, scheduledMs: number): Invocation {
    const { Mode, MaximumWindowInMinutes: minutes = 0 } = settings.FlexibleTimeWindow;
    const windowMs = Mode === "FLEXIBLE" ? minutes * 60_000 : 0;
    const dueMs = Math.max(this.clock.now(), scheduledMs + Math.floor(this.chance.fraction() * windowMs));
    return {
      id: this.chance.executionId(),
      schedule: scheduleKey(settings.GroupName, settings.Name),
      ...{ scheduledMs, dueMs, startedMs: dueMs, attempts: 0 },
    };
  }

  async #attempt(invocation: Invocation): Promise<void> {
    const { schedules, invocations } = this.store.state;
    const schedule = schedules[invocation.schedule];
    if (schedule === undefined) {
      delete invocations[invocation.id];
      return;
    }
    this.#attempted.add(invocation.id);
    const outcome = await attemptInvocation(schedule, invocation, this.targets, this.clock.now);
    this.#attempted.delete(invocation.id);
    // Deleted in the meantime, and its invocations with it.
    if (invocations[invocation.id] === undefined) return;
    if (outcome.kind === "later") invocations[invocation.id] = outcome.invocation;
    else {
      delete invocations[invocation.id];
      this.#complete(invocation.schedule);
    }
    this.store.save();
    this.wake();
  }

  /** Deletes a schedule that asked for it once its last invocation is through. */
  #complete(key: string): void {
    const { schedules, invocations } = this.store.state;
    const schedule = schedules[key];
    if (schedule?.settings.ActionAfterCompletion !== "DELETE" || schedule.nextMs !== undefined) return;
    if (schedule.settings.State === "DISABLED") return;
    if (!Object.values(invocations).some((other) => other.schedule === key)) delete schedules[key];
  }

  #waitForNext(): void {
    const { schedules, invocations } = this.store.state;
    const moments = [
      ...Object.values(schedules).map(({ nextMs }) => nextMs ?? Number.POSITIVE_INFINITY),
      ...Object.values(invocations)
        .filter(({ id }) => !this.#attempted.has(id))
        .map(({ dueMs }) => dueMs),
    ];
    const next = Math.min(...moments);
    if (next === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = this.clock.after(Math.max(0, next - this.clock.now()), () => this.wake());
  }
}

/** Works out when a schedule is due next after a moment. */
export function setNext(schedule: Schedule, afterMs: number): void {
  const { settings, anchorMs } = schedule;
  const expression = parseExpression(settings.ScheduleExpression);
  const timing = {
    ...{ zone: settings.ScheduleExpressionTimezone, anchorMs },
    ...(settings.StartDate === undefined ? {} : { startMs: settings.StartDate * 1000 }),
    ...(settings.EndDate === undefined ? {} : { endMs: settings.EndDate * 1000 }),
  };
  const next =
    settings.State === "DISABLED" || expression === undefined
      ? undefined
      : nextOccurrence(expression, timing, afterMs);
  if (next === undefined) delete schedule.nextMs;
  else schedule.nextMs = next;
}
