import { setTimeout as sleep } from "node:timers/promises";
import { runs } from "./identity";
import { type CloudEvent, Keeper } from "./keeper";
import { choosePorts, type Ports, requireFree } from "./ports";
import { type CloudInfo, CloudRecord, type ProcessInfo } from "./record";
import { layers, SERVICES, type Service } from "./services";
import { gatewayUrl } from "./spawn";

/** How to start a local cloud. */
export interface CloudOptions {
  /** The folder of all its state: `.local`. It is made when it is missing. */
  readonly stateRoot: string;
  /** The Python interpreter that has MiniStack. */
  readonly python: string;
  /** Told of what happens to the services. @default nobody is */
  readonly onEvent?: (event: CloudEvent) => void;
  /** What to run. @default the services of the local AWS */
  readonly services?: readonly Service[];
}

/** A running local cloud, held by this process: it ends with it. */
export interface Cloud {
  /** The one endpoint: AWS_ENDPOINT_URL. */
  readonly gatewayUrl: string;
  readonly ports: Ports;
  /** The services' processes as they are now; other processes read the same with `readCloud`. */
  processes(): readonly ProcessInfo[];
  /** Ends all services, those that call others first, and lets go of the state folder. */
  stop(): Promise<void>;
}

/** How long the services of a killed supervisor have to end by themselves. */
const LEFT_MILLISECONDS = 8_000;
const LOOK_MILLISECONDS = 50;
/** A killed process is gone from the table of processes shortly before the kernel closes what it listened on. */
const FREED_MILLISECONDS = 2_000;

/**
 * Starts all services of the local cloud and keeps them running.
 * @throws CloudAlreadyRunning, PortTaken, or ServiceFailed with the last log lines of the service that did not start
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { stateRoot, python, onEvent = () => undefined, services = SERVICES } = options;
  const ports = await choosePorts(
    stateRoot,
    services.map(({ name }) => name),
  );
  const { record, left } = CloudRecord.claim(stateRoot, gatewayUrl(ports));
  const place = { stateRoot, python, ports, services };
  const keepers: readonly Keeper[] = services.map(
    (service) =>
      new Keeper(service, place, (event) => {
        record.update(keepers.map(({ info }) => info));
        onEvent(event);
      }),
  );
  try {
    await endLeft(left);
    await requireFree(ports, left === undefined ? 0 : FREED_MILLISECONDS);
    for (const layer of layers(keepers)) await Promise.all(layer.map((keeper) => keeper.start()));
  } catch (error) {
    await stop(keepers, record);
    throw error;
  }
  return {
    gatewayUrl: record.info.gatewayUrl,
    ports,
    processes: () => keepers.map(({ info }) => info),
    stop: () => stop(keepers, record),
  };
}

async function stop(keepers: readonly Keeper[], record: CloudRecord): Promise<void> {
  for (const layer of [...layers(keepers)].reverse()) await Promise.all(layer.map((keeper) => keeper.stop()));
  record.release();
}

/** The services of a killed supervisor end by themselves, but hold their ports until they have. */
async function endLeft(left: CloudInfo | undefined): Promise<void> {
  const deadline = Date.now() + LEFT_MILLISECONDS;
  for (const { pid, started } of left?.processes ?? []) {
    if (pid === undefined || started === undefined) continue;
    while (runs({ pid, started }) && Date.now() < deadline) await sleep(LOOK_MILLISECONDS);
    if (runs({ pid, started })) process.kill(pid, "SIGKILL");
    while (runs({ pid, started })) await sleep(LOOK_MILLISECONDS);
  }
}
