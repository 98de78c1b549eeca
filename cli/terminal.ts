import colors from "picocolors";

/** Something a person can mend: it is shown as a sentence, without a stack. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** Whether a person watches: only then are lines rewritten. */
export const interactive = process.stderr.isTTY === true && process.env.CI === undefined;

/** One line of progress on standard error, which never mixes with a verb's result on standard output. */
export interface Step {
  /** Says how far the step has come. */
  update(detail: string): void;
}

const FRAME_MS = 120;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * Runs a step of some seconds and shows it: a line that moves where a person watches, else a line when it
 * begins and one when it ends.
 */
export async function step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T> {
  const started = Date.now();
  let detail = "";
  let frame = 0;
  const seconds = (): string => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const draw = (): void => {
    const mark = colors.cyan(frames[frame++ % frames.length] ?? "");
    rewrite(`${mark} ${title} ${colors.dim(`${detail} ${seconds()}`)}`);
  };
  const timer = interactive ? setInterval(draw, FRAME_MS) : undefined;
  if (!interactive) console.error(`… ${title}`);
  try {
    const result = await work({
      update: (text) => {
        detail = text;
      },
    });
    finish(timer, `${colors.green("✓")} ${title} ${colors.dim(seconds())}`);
    return result;
  } catch (error) {
    finish(timer, `${colors.red("✗")} ${title} ${colors.dim(seconds())}`);
    throw error;
  }
}

/** A step whose total is known: shows a bar, how far it is, and how fast. */
export async function progress<T>(
  title: string,
  total: number,
  unit: string,
  work: (advance: (amount: number) => void) => Promise<T>,
): Promise<T> {
  const started = Date.now();
  let done = 0;
  return step(title, (shown) =>
    work((amount) => {
      done += amount;
      const share = total === 0 ? 1 : Math.min(done / total, 1);
      const width = 24;
      const bar = "█".repeat(Math.round(share * width)).padEnd(width, "░");
      const rate = Math.round(done / Math.max((Date.now() - started) / 1000, 0.001));
      shown.update(`${bar} ${Math.floor(share * 100)} % · ${format(done)} ${unit} · ${format(rate)}/s ·`);
    }),
  );
}

/** A number with its thousands apart. */
export function format(value: number): string {
  return value.toLocaleString("en-US");
}

/** Rows as a table with a header, columns as wide as they need to be; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => row.map(cell));
  const widths = header.map((name, column) =>
    Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const numeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number"),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) =>
        numeric[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [
    colors.bold(line(header)),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...cells.map(line),
  ].join("\n");
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? format(value) : String(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value).replaceAll("\n", "⏎");
}

function rewrite(line: string): void {
  process.stderr.write(`\r\u001b[2K${line}`);
}

function finish(timer: NodeJS.Timeout | undefined, line: string): void {
  if (timer === undefined) {
    console.error(line);
    return;
  }
  clearInterval(timer);
  rewrite(`${line}\n`);
}
