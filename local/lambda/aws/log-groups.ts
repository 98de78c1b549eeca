import { CallError, callJson, type Endpoint } from "../../service/signed";
import type { LogForwarder } from "../execution/sink";

/** How often lines are sent, ms. */
const SEND_MS = 1_000;
/** Lines kept for a stream between two sends; what a chatty function prints beyond is only in its file. */
const MAX_LINES = 2_000;
/** A call's limit is 1 MB, each event counting 26 bytes more than its message. */
const MAX_BYTES = 900_000;

type Line = { timestamp: number; message: string };

interface Pending {
  readonly functionName: string;
  readonly group: string;
  readonly stream: string;
  readonly lines: Line[];
}

/**
 * Sends log lines to CloudWatch Logs as the function's role, on a best effort: lines are dropped when the group does
 * not exist (it is never created here: Terraform owns it), the role may not write, or the call fails; the function's
 * file has them all.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html#monitoring-cloudwatchlogs-prereqs
 */
export class LogGroups implements LogForwarder {
  readonly #pending = new Map<string, Pending>();
  readonly #created = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param endpointOf where a function's calls go, as its role. */
  constructor(private readonly endpointOf: (functionName: string) => Endpoint) {}

  forward(functionName: string, group: string, stream: string, lines: readonly Line[]): void {
    const key = `${group}:${stream}`;
    let pending = this.#pending.get(key);
    if (pending === undefined) {
      pending = { functionName, group, stream, lines: [] };
      this.#pending.set(key, pending);
    }
    for (const line of lines.slice(0, MAX_LINES - pending.lines.length)) pending.lines.push(line);
    this.#timer ??= setTimeout(() => void this.#send(), SEND_MS).unref();
  }

  /** Sends what waits. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#send();
  }

  async #send(): Promise<void> {
    const batches = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of batches)
      try {
        await this.#put(pending);
      } catch (error) {
        if (!(error instanceof CallError)) break; // nothing answers: so will it be with the others
      }
    this.#timer = undefined;
    if (this.#pending.size > 0) this.#timer = setTimeout(() => void this.#send(), SEND_MS).unref();
  }

  async #put({ functionName, group: logGroupName, stream: logStreamName, lines }: Pending): Promise<void> {
    const key = `${logGroupName}:${logStreamName}`;
    const endpoint = this.endpointOf(functionName);
    const call = (operation: string, input: object): Promise<object> =>
      callJson(endpoint, "logs", `Logs_20140328.${operation}`, "1.1", input);
    if (!this.#created.has(key)) {
      await call("CreateLogStream", { logGroupName, logStreamName }).catch((error: unknown) => {
        if (!(error instanceof CallError && error.code === "ResourceAlreadyExistsException")) throw error;
      });
      this.#created.add(key);
    }
    let bytes = 0;
    const logEvents = lines.filter(({ message }) => {
      bytes += Buffer.byteLength(message) + 26;
      return bytes <= MAX_BYTES && message !== "";
    });
    if (logEvents.length > 0) await call("PutLogEvents", { logGroupName, logStreamName, logEvents });
  }
}
