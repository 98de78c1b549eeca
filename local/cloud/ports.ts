import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isFree, lastingPort } from "../service/port";
import { PortTaken } from "./errors";

/** Each service's port, by name. */
export type Ports = Readonly<Record<string, number>>;

/**
 * The ports of the services: chosen once and kept in `ports.json`, because addresses made of them live on in queue
 * URLs, in Terraform's state and in SDK configurations.
 */
export async function choosePorts(stateRoot: string, names: readonly string[]): Promise<Ports> {
  mkdirSync(stateRoot, { recursive: true });
  const file = join(stateRoot, "ports.json");
  const saved = read(file);
  const missing = names.filter((name) => saved?.[name] === undefined);
  if (missing.length > 0) {
    const chosen = { ...saved, ...(await chooseFree(missing, new Set(Object.values(saved ?? {})))) };
    const draft = `${file}.${process.pid}.tmp`;
    writeFileSync(draft, JSON.stringify(chosen, null, 2));
    if (saved === undefined) place(draft, file);
    else renameSync(draft, file);
  }
  const kept = read(file) ?? {};
  return Object.fromEntries(names.map((name) => [name, kept[name] as number]));
}

const LOOK_MILLISECONDS = 50;

/**
 * Waits until nothing listens on the ports.
 * @throws PortTaken for the first port that something still listens on after the time given
 */
export async function requireFree(ports: Ports, waitMilliseconds = 0): Promise<void> {
  const deadline = Date.now() + waitMilliseconds;
  for (const [service, port] of Object.entries(ports)) {
    while (!(await isFree(port))) {
      if (Date.now() >= deadline) throw new PortTaken(port, service);
      await sleep(LOOK_MILLISECONDS);
    }
  }
}

async function chooseFree(names: readonly string[], taken: ReadonlySet<number>): Promise<Ports> {
  const chosen: Record<string, number> = {};
  const used = new Set(taken);
  for (const name of names) {
    const port = await lastingPort(used);
    chosen[name] = port;
    used.add(port);
  }
  return chosen;
}

/** Gives a new file its name, unless a start at the same time was first: its ports are then the ports. */
function place(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
}

function read(file: string): Ports | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Ports) : undefined;
}
