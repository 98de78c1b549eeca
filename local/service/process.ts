import type { Server } from "node:http";
import { listen } from "./http";

/** What the supervisor gives every local service's process, as environment variables. */
export interface ServiceEnv {
  /** The port to listen on, on 127.0.0.1. */
  readonly port: number;
  /** The service's own folder for state that survives a restart. It exists. */
  readonly stateDir: string;
  /** Where logs of what runs inside go (`.local/logs`). It exists. */
  readonly logDir: string;
  /** The gateway's address: `AWS_ENDPOINT_URL` for every AWS call, as a function sees it. */
  readonly gatewayUrl: string;
}

/** Reads the service's environment; all missing names are reported at once. */
export function serviceEnv(env: NodeJS.ProcessEnv = process.env): ServiceEnv {
  const missing = ["PORT", "STATE_DIR", "LOG_DIR", "AWS_ENDPOINT_URL"].filter((name) => !env[name]);
  if (missing.length > 0) throw new Error(`a local service needs ${missing.join(", ")} in its environment`);
  return {
    port: Number(env.PORT),
    stateDir: String(env.STATE_DIR),
    logDir: String(env.LOG_DIR),
    gatewayUrl: String(env.AWS_ENDPOINT_URL),
  };
}

/** What a service tells its supervisor once it serves. */
export interface ReadyMessage {
  readonly ready: true;
  readonly port: number;
}

/** What a service tells its supervisor for people to read. */
export interface NoticeMessage {
  readonly notice: string;
}

/**
 * Runs a service's server until the supervisor ends it: listens, says so over the IPC channel, and stops on
 * SIGTERM or when the channel closes, so that no service outlives the supervisor, even one killed with -9.
 * @param stop lets go of what the service holds (child processes, open files); it is given a second.
 */
export async function runService(
  server: Server,
  port: number,
  stop: () => Promise<void> | void,
): Promise<void> {
  let stopping = false;
  const end = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), 5_000).unref();
    server.close();
    server.closeAllConnections();
    Promise.resolve(stop()).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", () => undefined); // a terminal's Ctrl-C reaches the whole group: the supervisor decides
  process.on("disconnect", end);
  const bound = await listen(server, port);
  process.send?.({ ready: true, port: bound } satisfies ReadyMessage);
}
