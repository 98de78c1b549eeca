import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { type Cloud, startCloud } from "../../local/cloud";
import { sendTraffic } from "../../local/traffic/traffic";
import { projectRoot, stateRoot } from "../paths";
import { UserError } from "../terminal";

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
  /** Lets a cloud in the background go on by itself, so that this process may end. */
  release(): void;
  /** Ends the cloud. */
  stop(): Promise<void>;
}

/** What the background process says to the one that started it. */
export type HostMessage = { readonly ready: string } | { readonly failed: string };

/** Holds the cloud in this process: it ends with it. */
export async function hostHere(python: string): Promise<CloudHost> {
  const traffic = new AbortController();
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
    release: () => undefined,
    async stop() {
      traffic.abort();
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
    startTraffic: (target) => void child.send(target),
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
  if (event.kind === "failed")
    console.error(`The local ${event.service} service keeps failing and stays down:\n${event.detail ?? ""}`);
}
