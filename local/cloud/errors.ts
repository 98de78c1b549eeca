import type { CloudInfo } from "./record";

/** A local cloud of the same state folder is running already; `info` says where. */
export class CloudAlreadyRunning extends Error {
  constructor(readonly info: CloudInfo) {
    super(`the local cloud is already running (process ${info.pid}) at ${info.gatewayUrl}`);
    this.name = "CloudAlreadyRunning";
  }
}

/** Another program listens on a port that the local cloud's resources are known by. */
export class PortTaken extends Error {
  constructor(
    readonly port: number,
    readonly service: string,
  ) {
    super(
      `port ${port}, which the local ${service} service keeps, is taken by another program: stop that program, or run npm run reset to start afresh on other ports`,
    );
    this.name = "PortTaken";
  }
}

/** A service ended, or did not get ready in time, while the local cloud was starting. */
export class ServiceFailed extends Error {
  constructor(
    readonly service: string,
    readonly reason: string,
    /** The last lines it wrote. */
    readonly log: readonly string[],
  ) {
    super(
      [`the local ${service} service ${reason}; it last wrote:`, ...log.map((line) => `  ${line}`)].join(
        "\n",
      ),
    );
    this.name = "ServiceFailed";
  }
}
