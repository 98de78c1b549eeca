import { connect } from "node:net";
import type { Routes } from "./route";

/** How long a service may take to accept a connection before it counts as down. */
const PATIENCE_MILLISECONDS = 1_000;

/** What `GET /_local/health` answers: the state of every route. */
export interface Health {
  readonly healthy: boolean;
  readonly routes: Readonly<Record<string, { readonly url: string; readonly up: boolean }>>;
}

/** Asks every route whether something accepts connections there. */
export async function health(routes: Routes): Promise<Health> {
  const states = await Promise.all(
    Object.entries(routes).map(
      async ([service, origin]) => [service, { url: origin.origin, up: await accepts(origin) }] as const,
    ),
  );
  return { healthy: states.every(([, { up }]) => up), routes: Object.fromEntries(states) };
}

function accepts(origin: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: origin.hostname, port: Number(origin.port) });
    const answer = (up: boolean) => () => {
      socket.destroy();
      resolve(up);
    };
    socket.setTimeout(PATIENCE_MILLISECONDS, answer(false));
    socket.on("connect", answer(true));
    socket.on("error", answer(false));
  });
}
