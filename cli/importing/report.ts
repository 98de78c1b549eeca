import { format, step, table } from "../terminal";
import type { DryRun } from "./dry-run";
import type { Input } from "./input/files";
import type { Counts } from "./transfer";

/** What an import did. */
export interface ImportResult extends Counts {
  readonly files: number;
  /** Files of these that were imported before. */
  readonly skipped: number;
  readonly seconds: number;
}

/** What is told of the progress. */
export interface Shown {
  readonly onBytes: (bytes: number) => void;
  readonly onEvents: (events: number) => void;
}

const BAR = 24;

/** A step that shows how much of the files has been read, how many events that were, and how fast. */
export function showing<T>(
  what: string,
  inputs: readonly Input[],
  work: (shown: Shown) => Promise<T>,
): Promise<T> {
  const [first] = inputs;
  const title = `${what} ${inputs.length === 1 ? first?.name : `${format(inputs.length)} files`}`;
  const sizes = inputs.map(({ sizeBytes }) => sizeBytes);
  const total = sizes.includes(undefined)
    ? undefined
    : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  const started = Date.now();
  let bytes = 0;
  let events = 0;
  return step(title, (shown) => {
    const draw = (): void => {
      const share = total === undefined || total === 0 ? undefined : Math.min(bytes / total, 1);
      const done =
        share === undefined
          ? `${format(bytes)} bytes`
          : `${"█".repeat(Math.round(share * BAR)).padEnd(BAR, "░")} ${Math.floor(share * 100)} %`;
      const rate = Math.round(events / Math.max((Date.now() - started) / 1_000, 0.001));
      shown.update(events === 0 ? `${done} ·` : `${done} · ${format(events)} events · ${format(rate)}/s ·`);
    };
    return work({
      onBytes: (more) => {
        bytes += more;
        draw();
      },
      onEvents: (more) => {
        events += more;
        draw();
      },
    });
  });
}

/** What an import did, for a person. */
export function page(result: ImportResult, inputs: readonly Input[]): string {
  const [first] = inputs;
  const what = inputs.length === 1 ? first?.name : `${format(inputs.length)} files`;
  const rate = result.seconds === 0 ? "" : ` (${format(Math.round(result.read / result.seconds))}/s)`;
  return [
    `${what}: ${format(result.read)} lines read in ${result.seconds} s${rate}`,
    `  accepted   ${format(result.accepted)}`,
    `  failed     ${format(result.failed)}${result.failed > 0 ? "   (npm run failed)" : ""}`,
    `  duplicate  ${format(result.duplicate)}${result.duplicate > 0 ? "   (imported before: nothing changes)" : ""}`,
  ].join("\n");
}

/** What an import would do, for a person. */
export function dryPage({ read, accepted, failed, duplicate, formats, events, failing }: DryRun): string {
  const files = Object.entries(formats).map(([file, name]) => `  ${file}: ${name}`);
  const shown = failing.map(({ reason, count, message, payload }) => [reason, count, message, payload]);
  return [
    `Nothing was sent. Of ${format(read)} lines`,
    `  accepted   ${format(accepted)}`,
    `  failed     ${format(failed)}`,
    `  duplicate  ${format(duplicate)}`,
    ...(files.length === 0 ? [] : ["", "Formats:", ...files]),
    ...(events.length === 0 ? [] : ["", "The first events, as they would be stored:"]),
    ...events.map((event) => JSON.stringify(event, undefined, 2)),
    ...(shown.length === 0
      ? []
      : ["", "What would fail:", table(["reason", "events", "first message", "first line"], shown)]),
  ].join("\n");
}
