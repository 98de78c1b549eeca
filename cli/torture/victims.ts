import { readCloud } from "../../local/cloud";
import { runs } from "../../local/cloud/identity";
import { type Random, shuffled } from "../../local/faults/random";
import type { RemoteFaults } from "../../local/faults/remote";
import { stateRoot } from "../paths";

/** Something that can be killed. */
export interface Victim {
  readonly name: string;
  /**
   * Kills it with SIGKILL, or sees to it that it will be.
   * @param moment which one of an invocation, from 0 to 1.
   * @returns whether it could.
   */
  kill(moment: number): Promise<boolean>;
}

/** Functions whose execution environments are killed, and about how long their invocations take, ms. */
const FUNCTIONS = { collect: 15, transform: 80, load: 1_500 } as const;

/** Everything of the local cloud that can be killed: its processes, and execution environments. */
export function victims(faults: RemoteFaults): readonly Victim[] {
  const services = (readCloud(stateRoot)?.processes ?? []).map(({ name }) => serviceVictim(name));
  return [...services, ...Object.entries(FUNCTIONS).map(([name, ms]) => environmentVictim(name, ms, faults))];
}

/** Victims without end: everyone's turn comes before anyone's second. */
export function* inTurn(all: readonly Victim[], random: Random): Generator<Victim, never> {
  for (;;) yield* shuffled(all, random);
}

/** A process of the cloud is known by its id and by when it started: an id alone may be another's by now. */
function serviceVictim(name: string): Victim {
  return {
    name,
    kill: async () => {
      const found = readCloud(stateRoot)?.processes.find((one) => one.name === name);
      const { pid, started } = found ?? {};
      if (pid === undefined || started === undefined || !runs({ pid, started })) return false;
      process.kill(pid, "SIGKILL");
      return true;
    },
  };
}

/** Lambda itself kills its environment: no one else can tell which process is whose, and which is at work. */
function environmentVictim(name: string, durationMs: number, faults: RemoteFaults): Victim {
  return {
    name: `an environment of ${name}`,
    kill: async (moment) => {
      try {
        await faults.set([`lambda:environment/${name}=kill(${Math.floor(moment * durationMs)}ms)#1`]);
        return true;
      } catch {
        return false; // the gateway is just being started again
      }
    },
  };
}

/** Resolves when every process of the cloud serves again. @throws when that takes too long. */
export async function allReady(patienceMs: number): Promise<void> {
  for (const giveUpAt = Date.now() + patienceMs; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    const down = (readCloud(stateRoot)?.processes ?? []).filter(({ state }) => state !== "ready");
    if (down.length === 0) return;
    if (Date.now() > giveUpAt)
      throw new Error(`${down.map(({ name, state }) => `${name} is ${state}`).join(", ")}`);
  }
}
