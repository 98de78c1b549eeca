import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Cloud,
  CloudAlreadyRunning,
  type CloudEvent,
  environment,
  PortTaken,
  type ProcessInfo,
  readCloud,
  type Service,
  ServiceFailed,
  startCloud,
} from "../../../../local/cloud";
import { runs } from "../../../../local/cloud/identity";
import { listen } from "../../../../local/service/http";
import { broken, fixtures } from "./fixtures/services";

let stateRoot: string;
let events: CloudEvent[];
let heard: (event: CloudEvent) => void;
let cloud: Cloud | undefined;

beforeEach(() => {
  stateRoot = mkdtempSync(join(tmpdir(), "cloud-"));
  events = [];
  heard = () => undefined;
});

afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
  rmSync(stateRoot, { recursive: true, force: true });
});

describe("a local cloud", () => {
  it("starts its services from the storage up, and ends them the other way round", async () => {
    cloud = await start();
    expect(events.filter(({ kind }) => kind === "ready").map(({ service }) => service)).toEqual([
      "storage",
      "gateway",
      "worker",
    ]);
    const processes = cloud.processes();
    expect(processes.map(({ name, state }) => [name, state])).toEqual([
      ["storage", "ready"],
      ["gateway", "ready"],
      ["worker", "ready"],
    ]);
    expect(processes.every(running)).toBe(true);
    await cloud.stop();
    expect(processes.some(running)).toBe(false);
    expect(existsSync(join(stateRoot, "cloud.json"))).toBe(false);
  });

  it("tells each service where it lives, where the gateway is, and nothing of the user's own AWS", async () => {
    process.env.AWS_PROFILE = "someone";
    try {
      cloud = await start();
    } finally {
      delete process.env.AWS_PROFILE;
    }
    const { ports, gatewayUrl } = cloud;
    const gateway = await env(ports.gateway);
    expect(gateway).toMatchObject({
      ...environment({ gatewayUrl }),
      STATE_DIR: join(stateRoot, "state", "gateway"),
      LOG_DIR: join(stateRoot, "logs"),
    });
    expect(gateway).not.toHaveProperty("AWS_PROFILE");
    expect(JSON.parse(gateway.ROUTES ?? "")).toEqual({
      "*": `http://127.0.0.1:${ports.storage}`,
      lambda: `http://127.0.0.1:${ports.worker}`,
    });
    expect(await env(ports.worker)).not.toHaveProperty("ROUTES");
    expect(readFileSync(join(stateRoot, "logs", "storage.log"), "utf8")).toBe("a line of its own\n");
  });

  it("is known to other processes while it runs, and keeps its ports for the next time", async () => {
    cloud = await start();
    const { ports, gatewayUrl } = cloud;
    expect(readCloud(stateRoot)).toMatchObject({
      pid: process.pid,
      gatewayUrl,
      processes: cloud.processes(),
    });
    await cloud.stop();
    expect(readCloud(stateRoot)).toBeUndefined();
    cloud = await start();
    expect(cloud.ports).toEqual(ports);
  });

  it("refuses to start twice on one folder, and says where the first one is", async () => {
    cloud = await start();
    const refused = await start().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CloudAlreadyRunning);
    expect((refused as CloudAlreadyRunning).info).toMatchObject({
      pid: process.pid,
      gatewayUrl: cloud.gatewayUrl,
    });
    expect(readCloud(stateRoot)?.processes).toHaveLength(3);
  });

  it("names the port that another program has taken", async () => {
    cloud = await start();
    const port = cloud.ports.worker as number;
    await cloud.stop();
    const other = createServer();
    await listen(other, port);
    const refused = await start().catch((error: unknown) => error);
    await new Promise((resolve) => other.close(resolve));
    expect(refused).toBeInstanceOf(PortTaken);
    expect(refused).toMatchObject({ port, service: "worker" });
    expect((refused as Error).message).toContain("npm run reset");
    expect(readCloud(stateRoot)).toBeUndefined();
  });

  it("says what a service that cannot start last wrote, and leaves nothing running", async () => {
    const failed = await start([...fixtures, broken]).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ServiceFailed);
    expect(failed).toMatchObject({ service: "broken", reason: "ended with code 3" });
    expect((failed as ServiceFailed).log).toEqual([
      "reading the settings",
      "Error: the settings make no sense",
    ]);
    expect(readCloud(stateRoot)).toBeUndefined();
    expect(existsSync(join(stateRoot, "cloud.json"))).toBe(false);
  });

  it("says so when the interpreter is missing", async () => {
    const failed = await startCloud({ stateRoot, python: join(stateRoot, "none"), services: fixtures }).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ name: "ServiceFailed", service: "storage" });
  });

  it("starts a service that dies again, on the same port", async () => {
    cloud = await start();
    const before = named(cloud.processes(), "worker");
    const restarted = next("restarted");
    await die(cloud, "worker");
    await restarted;
    const after = named(cloud.processes(), "worker");
    expect(after).toMatchObject({ port: before.port, state: "ready" });
    expect(after.pid).not.toBe(before.pid);
    expect(named(readCloud(stateRoot)?.processes ?? [], "worker")).toEqual(after);
    expect(events.find(({ kind }) => kind === "exited")?.detail).toContain("ended with code 7");
    expect((await env(cloud.ports.worker)).PORT).toBe(String(before.port));
  });

  it("leaves a service alone that dies again and again", async () => {
    cloud = await start();
    for (let deaths = 1; deaths < 5; deaths++) {
      const restarted = next("restarted");
      await die(cloud, "worker");
      await restarted;
    }
    const failed = next("failed");
    await die(cloud, "worker");
    expect((await failed).detail).toContain("ended with code 7");
    expect(named(cloud.processes(), "worker")).toEqual({
      name: "worker",
      port: cloud.ports.worker,
      state: "failed",
    });
    expect(named(cloud.processes(), "gateway").state).toBe("ready");
  });

  it("starts a service again however often someone kills it", async () => {
    cloud = await start();
    for (let kills = 0; kills < 6; kills++) {
      const restarted = next("restarted");
      process.kill(named(cloud.processes(), "worker").pid ?? Number.NaN, "SIGKILL");
      await restarted;
    }
    expect(named(cloud.processes(), "worker").state).toBe("ready");
  });

  it("takes its services along when it is killed, and can be started again at once", async () => {
    const supervisor = fork(join(__dirname, "fixtures", "supervisor.ts"), [stateRoot], {
      execArgv: ["--import", "tsx"],
    });
    await once(supervisor, "message");
    const before = readCloud(stateRoot);
    expect(before?.processes.every(running)).toBe(true);
    supervisor.kill("SIGKILL");
    await once(supervisor, "exit");
    expect(readCloud(stateRoot)).toBeUndefined();
    cloud = await start();
    expect(cloud.gatewayUrl).toBe(before?.gatewayUrl);
    expect(before?.processes.some(running)).toBe(false);
  });
});

async function start(services: readonly Service[] = fixtures): Promise<Cloud> {
  return startCloud({
    stateRoot,
    python: process.execPath,
    services,
    onEvent: (event) => {
      events.push(event);
      heard(event);
    },
  });
}

/** The next event of a kind. */
function next(kind: CloudEvent["kind"]): Promise<CloudEvent> {
  return new Promise((resolve) => {
    heard = (event) => {
      if (event.kind === kind) resolve(event);
    };
  });
}

function running({ pid, started }: ProcessInfo): boolean {
  return pid !== undefined && started !== undefined && runs({ pid, started });
}

function named(processes: readonly ProcessInfo[], name: string): ProcessInfo {
  const found = processes.find((process) => process.name === name);
  if (found === undefined) throw new Error(`${name} is not among them`);
  return found;
}

async function die({ ports }: Cloud, service: string): Promise<void> {
  await fetch(`http://127.0.0.1:${ports[service]}/die`).catch(() => undefined);
}

async function env(port: number | undefined): Promise<Record<string, string>> {
  return (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Record<string, string>;
}
