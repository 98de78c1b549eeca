import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, createWriteStream, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { NoticeMessage, ReadyMessage } from "../service/process";
import { localEnvironment } from "./environment";
import type { Ports } from "./ports";
import { GATEWAY, type Service } from "./services";

/** Where a cloud's services live and how they find each other. */
export interface Place {
  readonly stateRoot: string;
  /** The interpreter of the Python environment, which has MiniStack and what checks SQL. */
  readonly python: string;
  readonly ports: Ports;
  readonly services: readonly Service[];
}

/** The file a service writes its output to. */
export function logFile(place: Pick<Place, "stateRoot">, service: Service): string {
  return join(place.stateRoot, "logs", `${service.name}.log`);
}

/** The gateway's address. */
export function gatewayUrl(ports: Ports): string {
  return `http://127.0.0.1:${ports[GATEWAY]}`;
}

/**
 * Starts a service's process. It ends when this process does, even if that is killed: a Node service when its IPC
 * channel closes, MiniStack when its standard input does.
 * @param onReady called once, when the service says that it serves
 * @param onNotice called with what the service has to say to whoever watches
 */
export function spawnService(
  service: Service,
  place: Place,
  onReady: () => void,
  onNotice: (notice: string) => void,
): ChildProcess {
  const env = serviceEnvironment(service, place);
  const log = openSync(logFile(place, service), "a");
  try {
    return service.program === "node"
      ? spawnNode(service, env, log, onReady, onNotice)
      : spawnPython(service, place, env, log, onReady);
  } finally {
    closeSync(log); // the child has its own
  }
}

function spawnNode(
  service: Service,
  env: Record<string, string>,
  log: number,
  onReady: () => void,
  onNotice: (notice: string) => void,
): ChildProcess {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  const child = spawn(process.execPath, ["--import", loader, service.entry], {
    env,
    stdio: ["ignore", log, log, "ipc"],
  });
  child.on("message", (message) => {
    const { ready, notice } = message as Partial<ReadyMessage & NoticeMessage>;
    if (ready === true) onReady();
    if (notice !== undefined) onNotice(notice);
  });
  return child;
}

function spawnPython(
  service: Service,
  place: Place,
  env: Record<string, string>,
  log: number,
  onReady: () => void,
): ChildProcess {
  const child = spawn(place.python, [service.entry], { env, stdio: ["pipe", "pipe", log] });
  child.stdin?.on("error", () => undefined); // it ended: the exit is what counts
  if (child.stdout !== null) {
    const output = createWriteStream(logFile(place, service), { flags: "a" });
    createInterface({ input: child.stdout })
      .on("line", (line) => (line === "READY" ? onReady() : output.write(`${line}\n`)))
      .on("close", () => output.end());
  }
  return child;
}

function serviceEnvironment(service: Service, place: Place): Record<string, string> {
  const stateDir = join(place.stateRoot, "state", service.name);
  const logDir = join(place.stateRoot, "logs");
  mkdirSync(stateDir, { recursive: true });
  mkdirSync(logDir, { recursive: true });
  return {
    ...localEnvironment({ gatewayUrl: gatewayUrl(place.ports) }),
    PORT: String(place.ports[service.name]),
    STATE_DIR: stateDir,
    LOG_DIR: logDir,
    PYTHON: place.python,
    ...(service.name === GATEWAY ? { ROUTES: JSON.stringify(routes(place)) } : {}),
  };
}

function routes({ services, ports }: Place): Record<string, string> {
  return Object.fromEntries(
    services.flatMap(({ name, routes }) => routes.map((route) => [route, `http://127.0.0.1:${ports[name]}`])),
  );
}
