import { appendFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LogSink } from "./log";

/** How often lines are written, ms. */
const FLUSH_MS = 200;
/** Size at which a function's file is put aside as `<function>.log.1`, bytes. */
const ROTATE_BYTES = 32_000_000;

/** Sends lines onward, in order; failures are its own business. */
export interface LogForwarder {
  forward(
    functionName: string,
    group: string,
    stream: string,
    lines: readonly { timestamp: number; message: string }[],
  ): void;
}

interface Buffered {
  text: string;
  readonly streams: Map<
    string,
    { group: string; stream: string; lines: { timestamp: number; message: string }[] }
  >;
}

/** Keeps each function's log in `<folder>/<function>.log` and hands the lines to the function's log group. */
export class FileSink implements LogSink {
  #buffered = new Map<string, Buffered>();
  #timer: NodeJS.Timeout | undefined;
  #written: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly forwarder?: LogForwarder,
  ) {}

  write(functionName: string, group: string, stream: string, line: string): void {
    let buffered = this.#buffered.get(functionName);
    if (buffered === undefined) {
      buffered = { text: "", streams: new Map() };
      this.#buffered.set(functionName, buffered);
    }
    buffered.text += `${line}\n`;
    if (this.forwarder !== undefined) {
      let lines = buffered.streams.get(stream);
      if (lines === undefined) {
        lines = { group, stream, lines: [] };
        buffered.streams.set(stream, lines);
      }
      lines.lines.push({ timestamp: Date.now(), message: line });
    }
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Writes what is buffered. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const buffered = this.#buffered;
    this.#buffered = new Map();
    for (const [functionName, { streams }] of buffered)
      for (const { group, stream, lines } of streams.values())
        this.forwarder?.forward(functionName, group, stream, lines);
    this.#written = this.#written.then(async () => {
      for (const [functionName, { text }] of buffered) await this.#append(functionName, text);
    });
    return this.#written;
  }

  async #append(functionName: string, text: string): Promise<void> {
    const file = join(this.folder, `${functionName}.log`);
    try {
      const size = await stat(file).then(
        (found) => found.size,
        () => 0,
      );
      if (size > ROTATE_BYTES) await rename(file, `${file}.1`);
      await appendFile(file, text);
    } catch (error) {
      console.error(`the log of ${functionName} could not be written: ${String(error)}`);
    }
  }
}
