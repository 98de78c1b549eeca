import type { LogForwarder } from "../execution/sink";
import { CallError, callJson } from "./signed";

/** How often lines are sent, ms. */
const SEND_MS = 1_000;
/** Lines kept for a stream between two sends; what a chatty function prints beyond is only in its file. */
const MAX_LINES = 2_000;
/** A call's limit is 1 MB, each event counting 26 bytes more than its message. */
const MAX_BYTES = 900_000;

type Line = { timestamp: number; message: string };

/**
 * Sends log lines to CloudWatch Logs, on a best effort: lines are dropped when the group does not exist (it is
 * never created here: Terraform owns it) or the call fails; the function's file has them all.
 */
export class LogGroups implements LogForwarder {
  readonly #pending = new Map<string, { group: string; stream: string; lines: Line[] }>();
  readonly #created = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly gatewayUrl: string) {}

  forward(group: string, stream: string, lines: readonly Line[]): void {
    const key = `${group}:${stream}`;
    let pending = this.#pending.get(key);
    if (pending === undefined) {
      pending = { group, stream, lines: [] };
      this.#pending.set(key, pending);
    }
    for (const line of lines.slice(0, MAX_LINES - pending.lines.length)) pending.lines.push(line);
    this.#timer ??= setTimeout(() => void this.#send(), SEND_MS).unref();
  }

  async #send(): Promise<void> {
    const batches = [...this.#pending.values()];
    this.#pending.clear();
    for (const { group, stream, lines } of batches)
      try {
        await this.#put(group, stream, lines);
      } catch (error) {
        if (!(error instanceof CallError)) break; // nothing answers: so will it be with the others
      }
    this.#timer = undefined;
    if (this.#pending.size > 0) this.#timer = setTimeout(() => void this.#send(), SEND_MS).unref();
  }

  async #put(logGroupName: string, logStreamName: string, lines: readonly Line[]): Promise<void> {
    const key = `${logGroupName}:${logStreamName}`;
    if (!this.#created.has(key)) {
      await this.#call("CreateLogStream", { logGroupName, logStreamName }).catch((error: unknown) => {
        if (!(error instanceof CallError && error.code === "ResourceAlreadyExistsException")) throw error;
      });
      this.#created.add(key);
    }
    let bytes = 0;
    const logEvents = lines.filter(({ message }) => {
      bytes += Buffer.byteLength(message) + 26;
      return bytes <= MAX_BYTES && message !== "";
    });
    if (logEvents.length > 0) await this.#call("PutLogEvents", { logGroupName, logStreamName, logEvents });
  }

  #call(operation: string, input: object): Promise<object> {
    return callJson(this.gatewayUrl, "logs", `Logs_20140328.${operation}`, "1.1", input);
  }
}
