import { type HostMessage, type HostRequest, hostHere } from "../../starting/host";
import type { Verb } from "../verb";

/** Holds the local cloud in the background for `npm start -- --detach`, until SIGTERM. */
export const supervise: Verb = {
  summary: "Hold the local cloud in the background",
  hidden: true,
  async run(call) {
    const [python = ""] = call.arguments;
    const say = (message: HostMessage): void => void process.send?.(message);
    const ended = new Promise<void>((resolve) => {
      process.on("SIGTERM", () => resolve());
      process.on("SIGINT", () => resolve());
      process.on("SIGHUP", () => undefined); // closing the terminal that started it does not end it
    });
    let host: Awaited<ReturnType<typeof hostHere>>;
    try {
      host = await hostHere(python, "npm stop, then npm start");
    } catch (error) {
      say({ failed: error instanceof Error ? error.message : String(error) });
      process.disconnect?.();
      return 1;
    }
    process.on("message", (message) => {
      const request = message as HostRequest;
      if ("traffic" in request) host.startTraffic(request.traffic);
      else host.startWatching(request.watch);
    });
    say({ ready: host.gatewayUrl });
    await ended;
    await host.stop();
    process.exit(0);
  },
};
