import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { type Cloud, startCloud } from "../../local/cloud";
import { sendTraffic } from "../../local/traffic/traffic";
import type { Outputs } from "../../stacks/outputs";
import { useLocalCloud } from "../environment";
import { projectRoot, stateRoot } from "../paths";
import { UserError } from "../terminal";
import { watchSources } from "../watching/watch";

/** A collector and a key that it takes. */
export interface TrafficTarget {
  readonly url: string;
  readonly writeKey: string;
}

/** Whoever holds the running cloud: this process, or one in the background. */
export interface CloudHost {
  readonly gatewayUrl: string;
  /** Begins demo traffic; it ends with the cloud. */
  startTraffic(target: TrafficTarget): void;
  /** Begins to apply changes of the sources to what is deployed; it ends with the cloud. */
  startWatching(outputs: Outputs): void;
  /** Lets a cloud in the background go on by itself, so that this process may end. */
  release(): void;
  /** Ends the cloud. */
  stop(): Promise<void>;
}

/** What the background process says to the one that started it. */
export type HostMessage = { readonly ready: string } | { readonly failed: string };

/** What the process that started it asks of the background process. */
export type HostRequest = { readonly traffic: TrafficTarget } | { readonly watch: Outputs };

/** How one restarts a cloud that runs in the terminal. */
const RESTART_HERE = "Ctrl-C, then npm start";

/**
 * Holds the cloud in this process: it ends with it.
 * @param restart how a person restarts it. @default for a cloud that runs in the terminal
 */
export async function hostHere(python: string, restart = RESTART_HERE): Promise<CloudHost> {
  const traffic = new AbortController();
  let stopWatching: (() => Promise<void>) | undefined;
  let cloud: Cloud;
  try {
    cloud = await startCloud({ stateRoot, python, onEvent: (event) => report(event) });
  } catch (error) {
    throw new UserError(
      `The local cloud did not start: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return {
    gatewayUrl: cloud.gatewayUrl,
    startTraffic: (target) => void sendTraffic(target, traffic.signal),
    startWatching(outputs) {
      useLocalCloud();
      try {
        stopWatching ??= watchSources({
          root: projectRoot,
          outputs,
          restart,
          say: (line) => console.error(line),
        });
      } catch (error) {
        // Some systems allow only so many watchers; all else goes on.
        console.error(`Files are not watched: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    release: () => undefined,
    async stop() {
      traffic.abort();
      await stopWatching?.();
      await cloud.stop();
    },
  };
}

/** Holds the cloud in a process in the background, which outlives this one; its log is `.local/logs/cloud.log`. */
export async function hostInBackground(python: string): Promise<CloudHost> {
  mkdirSync(join(stateRoot, "logs"), { recursive: true });
  const log = openSync(join(stateRoot, "logs", "cloud.log"), "a");
  const child = fork(join(projectRoot, "cli", "launch.mjs"), ["supervise", python], {
    cwd: projectRoot,
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
  });
  const message = await firstMessage(child);
  if ("failed" in message) throw new UserError(message.failed);
  return {
    gatewayUrl: message.ready,
    startTraffic: (traffic) => void child.send({ traffic } satisfies HostRequest),
    startWatching: (watch) => void child.send({ watch } satisfies HostRequest),
    release() {
      child.disconnect();
      child.unref();
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function firstMessage(child: ChildProcess): Promise<HostMessage> {
  return new Promise((resolve) => {
    child.once("message", (message) => resolve(message as HostMessage));
    child.once("exit", (code) =>
      resolve({
        failed: `The local cloud's process ended at once (${code ?? "killed"}). See .local/logs/cloud.log`,
      }),
    );
    child.once("error", (error) => resolve({ failed: error.message }));
  });
}

function report(event: { readonly service: string; readonly kind: string; readonly detail?: string }): void {
  if (event.kind === "exited")
    console.error(`The local ${event.service} service ended and is started again.`);
  if (event.kind === "notice") console.error(event.detail ?? "");
  if (event.kind === "failed")
    console.error(`The local ${event.service} service keeps failing and stays down:\n${event.detail ?? ""}`);
}
