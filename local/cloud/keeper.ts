import type { ChildProcess } from "node:child_process";
import { ServiceFailed } from "./errors";
import { startOf } from "./identity";
import { lastLines } from "./log";
import type { ProcessInfo } from "./record";
import type { Service } from "./services";
import { logFile, type Place, spawnService } from "./spawn";

/** What happens to a service while the cloud runs. */
export interface CloudEvent {
  readonly service: string;
  /**
   * `started`: its process runs; `ready`: it serves; `exited`: it died and will be started again; `restarted`: it
   * serves again; `failed`: it died too often and stays down; `notice`: it has something to say.
   */
  readonly kind: "started" | "ready" | "exited" | "restarted" | "failed" | "notice";
  /** How it ended, and what it last wrote; or what it says. */
  readonly detail?: string;
}

const READY_MILLISECONDS = 60_000;
const STOP_MILLISECONDS = 7_000;
const FIRST_DELAY_MILLISECONDS = 100;
const LONGEST_DELAY_MILLISECONDS = 3_000;
const LOG_LINES = 20;
const NOT_READY = `was not ready within ${READY_MILLISECONDS / 1_000} s`;

/** A service that dies this often within this time is broken, and is left alone. */
const DEATHS = 5;
const DEATHS_WITHIN_MILLISECONDS = 30_000;

/** Keeps one service running: starts it, starts it again when it dies, ends it. */
export class Keeper {
  readonly service: Service;
  readonly #place: Place;
  readonly #tell: (event: CloudEvent) => void;
  #child: ChildProcess | undefined;
  #started: string | undefined;
  #state: ProcessInfo["state"] = "stopped";
  #deaths: readonly number[] = [];
  #restart: NodeJS.Timeout | undefined;

  /** @param tell is called after every change of `info` */
  constructor(service: Service, place: Place, tell: (event: CloudEvent) => void) {
    this.service = service;
    this.#place = place;
    this.#tell = tell;
  }

  get layer(): number {
    return this.service.layer;
  }

  get info(): ProcessInfo {
    const pid = this.#child?.pid;
    const started = this.#started;
    return {
      name: this.service.name,
      port: this.#place.ports[this.service.name] ?? 0,
      state: this.#state,
      ...(pid === undefined || started === undefined ? {} : { pid, started }),
    };
  }

  /**
   * Starts the service for the first time; resolves when it is ready.
   * @throws ServiceFailed when it ends, or is not ready in time
   */
  async start(): Promise<void> {
    this.#state = "starting";
    await this.#run();
    this.#state = "ready";
    this.#tell({ service: this.service.name, kind: "ready" });
  }

  /** Ends the service, with SIGTERM and, when that takes too long, SIGKILL; resolves when it is gone. */
  async stop(): Promise<void> {
    clearTimeout(this.#restart);
    this.#state = "stopped";
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_MILLISECONDS);
    await gone;
    clearTimeout(kill);
  }

  /** Runs the process; resolves when it is ready, and from then on sees to its death. */
  #run(): Promise<void> {
    return new Promise((resolve, reject) => {
      let ready = false;
      let late = false;
      const became = (): void => {
        ready = true;
        clearTimeout(patience);
        resolve();
      };
      const child = spawnService(this.service, this.#place, became, (detail) =>
        this.#tell({ service: this.service.name, kind: "notice", detail }),
      );
      const patience = setTimeout(() => {
        late = true;
        child.kill("SIGKILL");
      }, READY_MILLISECONDS);
      const ended = (how: string, killed = false): void => {
        clearTimeout(patience);
        this.#child = undefined;
        if (ready) this.#died(how, killed);
        else reject(new ServiceFailed(this.service.name, late ? NOT_READY : how, this.#lastLines()));
      };
      this.#child = child;
      this.#started = child.pid === undefined ? undefined : startOf(child.pid);
      this.#tell({ service: this.service.name, kind: "started" });
      child.on("error", (error) => {
        if (child.pid === undefined) ended(`cannot be started (${error.message})`);
      });
      child.once("exit", (code, signal) =>
        ended(signal === null ? `ended with code ${code}` : `was ended by ${signal}`, signal === "SIGKILL"),
      );
    });
  }

  /** @param killed by someone else: that says nothing of the service, and does not count against it. */
  #died(end: string, killed: boolean): void {
    if (this.#state === "stopped") return;
    const now = Date.now();
    const recent = this.#deaths.filter((time) => now - time < DEATHS_WITHIN_MILLISECONDS);
    this.#deaths = killed ? recent : [...recent, now];
    const detail = [end, ...this.#lastLines()].join("\n");
    if (this.#deaths.length >= DEATHS) {
      this.#state = "failed";
      this.#tell({ service: this.service.name, kind: "failed", detail });
      return;
    }
    this.#state = "restarting";
    this.#tell({ service: this.service.name, kind: "exited", detail });
    const delay = FIRST_DELAY_MILLISECONDS * 2 ** Math.max(this.#deaths.length - 1, 0);
    this.#restart = setTimeout(() => void this.#again(), Math.min(delay, LONGEST_DELAY_MILLISECONDS));
  }

  async #again(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      this.#died(error instanceof Error ? error.message : String(error), false);
      return;
    }
    if (this.#state === "stopped") return;
    this.#state = "ready";
    this.#tell({ service: this.service.name, kind: "restarted" });
  }

  #lastLines(): readonly string[] {
    return lastLines(logFile(this.#place, this.service), LOG_LINES);
  }
}
