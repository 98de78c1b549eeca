import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudAlreadyRunning } from "./errors";
import { runs, startOf } from "./identity";
import { SITE } from "./services";

/** One service's process. */
export interface ProcessInfo {
  readonly name: string;
  readonly port: number;
  /** Undefined while it is not running. */
  readonly pid?: number;
  /** When that process started, as the system tells it: see identity.ts. */
  readonly started?: string;
  readonly state: "starting" | "ready" | "restarting" | "failed" | "stopped";
}

/** What `.local/cloud.json` says of a running cloud. */
export interface CloudInfo {
  /** The supervisor's process. */
  readonly pid: number;
  /** When the supervisor's process started, as the system tells it. */
  readonly started: string;
  /** When the cloud was started, ISO 8601. */
  readonly since: string;
  /** The one endpoint: AWS_ENDPOINT_URL. */
  readonly gatewayUrl: string;
  readonly processes: readonly ProcessInfo[];
}

const fileOf = (stateRoot: string): string => join(stateRoot, "cloud.json");

/** The cloud that runs on a state folder, or undefined. A file left by a killed supervisor counts as none. */
export function readCloud(stateRoot: string): CloudInfo | undefined {
  const info = parse(read(stateRoot));
  return info !== undefined && runs(info) ? info : undefined;
}

/** The address of the demo site of a running cloud. */
export function siteUrl({ processes }: CloudInfo): string | undefined {
  const site = processes.find(({ name }) => name === SITE);
  return site === undefined ? undefined : `http://127.0.0.1:${site.port}/`;
}

/** The record of a running cloud, which is also the lock on its state folder. */
export class CloudRecord {
  #info: CloudInfo;
  readonly #stateRoot: string;
  #held = true;

  private constructor(stateRoot: string, info: CloudInfo) {
    this.#stateRoot = stateRoot;
    this.#info = info;
  }

  get info(): CloudInfo {
    return this.#info;
  }

  /**
   * Takes the lock for this process.
   * @returns the record, and the one a killed supervisor left, if any
   * @throws CloudAlreadyRunning
   */
  static claim(stateRoot: string, gatewayUrl: string): { record: CloudRecord; left: CloudInfo | undefined } {
    mkdirSync(stateRoot, { recursive: true });
    const info: CloudInfo = {
      pid: process.pid,
      started: startOf(process.pid) ?? "unknown",
      since: new Date().toISOString(),
      gatewayUrl,
      processes: [],
    };
    const record = new CloudRecord(stateRoot, info);
    let left: CloudInfo | undefined;
    while (!record.#create()) {
      const text = read(stateRoot);
      const other = parse(text);
      if (other !== undefined && runs(other)) throw new CloudAlreadyRunning(other);
      if (text !== undefined && setAside(stateRoot, text)) left = other;
    }
    return { record, left };
  }

  /** Says how the processes are now, to whoever reads the file. */
  update(processes: readonly ProcessInfo[]): void {
    this.#info = { ...this.#info, processes };
    writeFileSync(this.#draft, JSON.stringify(this.#info, null, 2));
    renameSync(this.#draft, fileOf(this.#stateRoot));
  }

  /** Lets go of the lock; a second time does nothing, for it may be another's by then. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    rmSync(fileOf(this.#stateRoot), { force: true });
  }

  get #draft(): string {
    return `${fileOf(this.#stateRoot)}.${process.pid}.tmp`;
  }

  /** Makes the file, whole, unless there is one. */
  #create(): boolean {
    writeFileSync(this.#draft, JSON.stringify(this.#info, null, 2));
    try {
      linkSync(this.#draft, fileOf(this.#stateRoot));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    } finally {
      rmSync(this.#draft, { force: true });
    }
  }
}

/**
 * Moves a dead supervisor's file away, unless another start has replaced it in between; then that one's is put back.
 * Answers whether it was the dead one's.
 */
function setAside(stateRoot: string, expected: string): boolean {
  const aside = `${fileOf(stateRoot)}.${process.pid}.left`;
  try {
    renameSync(fileOf(stateRoot), aside);
  } catch {
    return false; // gone already
  }
  const was = readFileSync(aside, "utf8") === expected;
  if (!was) linkSync(aside, fileOf(stateRoot));
  rmSync(aside);
  return was;
}

function read(stateRoot: string): string | undefined {
  try {
    return readFileSync(fileOf(stateRoot), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parse(text: string | undefined): CloudInfo | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as CloudInfo);
  } catch {
    return undefined; // not a record of ours: nothing that runs wrote it
  }
}
