import { Agent, request } from "node:http";

/** Requests to send: each connection sends the next when the one before is answered. */
export interface HttpLoad {
  readonly url: string;
  readonly connections: number;
  readonly milliseconds: number;
  readonly signal: AbortSignal;
}

/**
 * Sends GET requests as fast as they are answered.
 * @returns requests/s.
 * @throws when one is answered with anything but 200.
 */
export async function requestsPerSecond({
  url,
  connections,
  milliseconds,
  signal,
}: HttpLoad): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port, pathname } = new URL(url);
  const get = () =>
    new Promise<void>((resolve, reject) => {
      const sent = request({ agent, hostname, port, path: pathname, signal }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`));
        answer.on("end", resolve).on("error", reject).resume();
      });
      sent.on("error", reject).end();
    });
  const started = performance.now();
  const end = started + milliseconds;
  let answered = 0;
  const connection = async () => {
    while (performance.now() < end) {
      await get();
      answered += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, connection));
  } finally {
    agent.destroy();
  }
  return answered / ((performance.now() - started) / 1_000);
}
