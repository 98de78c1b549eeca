import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nothing, type ReplayAnswer } from "../../handlers/replay/task";
import type { Request } from "./request";

/** What a replay was begun with: it goes on with the same, whatever the time is then. */
export interface Begun {
  readonly started: string;
  /** ISO 8601; none where the replay takes all there is. */
  readonly from?: string;
  readonly until?: string;
}

type Line = { readonly begun: Begun } | { readonly chunk: string; readonly done: ReplayAnswer };

/** What has been done of a replay. */
export interface Ledger {
  readonly begun: Begun;
  /** Whether it goes on with what was interrupted. */
  readonly resumed: boolean;
  /** Its file; empty where there is none. */
  readonly path: string;
  /** What was done of a chunk, if it was. */
  of(chunk: string): ReplayAnswer | undefined;
  write(chunk: string, done: ReplayAnswer): void;
  /** Everything that was done. */
  total(): ReplayAnswer;
  /** The replay is through: the next one of the same words begins anew. */
  finish(): void;
}

/** What a dry run has done, which is soon done again. */
export class UnwrittenLedger implements Ledger {
  readonly #done = new Map<string, ReplayAnswer>();
  readonly resumed: boolean = false;
  readonly path: string = "";

  constructor(readonly begun: Begun) {}

  of(chunk: string): ReplayAnswer | undefined {
    return this.#done.get(chunk);
  }

  write(chunk: string, done: ReplayAnswer): void {
    this.#done.set(chunk, done);
  }

  total(): ReplayAnswer {
    return [...this.#done.values()].reduce(sumOf, nothing);
  }

  finish(): void {
    this.#done.clear();
  }
}

/**
 * What has been done of a replay that is under way, in a file that is gone when it is through: the same command goes
 * on with what was interrupted, however it was.
 */
export class ReplayLedger extends UnwrittenLedger {
  private constructor(
    override readonly path: string,
    begun: Begun,
    override readonly resumed: boolean,
  ) {
    super(begun);
  }

  /** Opens a replay's ledger, or begins it. @param folder of the environment's replays. */
  static open(folder: string, { id }: Pick<Request, "id">, begin: () => Begun): ReplayLedger {
    const path = join(folder, `${id}.ndjson`);
    const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").flatMap(parse) : [];
    const found = lines.find((line) => "begun" in line);
    const ledger = new ReplayLedger(path, found?.begun ?? begin(), found !== undefined);
    if (found === undefined) {
      rmSync(path, { force: true });
      mkdirSync(folder, { recursive: true });
      ledger.#append({ begun: ledger.begun });
    }
    for (const line of lines) if (found !== undefined && "chunk" in line) ledger.#remember(line);
    return ledger;
  }

  override write(chunk: string, done: ReplayAnswer): void {
    super.write(chunk, done);
    this.#append({ chunk, done });
  }

  override finish(): void {
    rmSync(this.path, { force: true });
  }

  #remember({ chunk, done }: { readonly chunk: string; readonly done: ReplayAnswer }): void {
    super.write(chunk, done);
  }

  #append(line: Line): void {
    // A run that was killed may have left a torn line: the next one must not stand behind it.
    appendFileSync(this.path, `\n${JSON.stringify(line)}`);
  }
}

/** What two parts of a replay come to. */
export function sumOf(one: ReplayAnswer, other: ReplayAnswer): ReplayAnswer {
  const { files, problems, ...counts } = one;
  const sums = Object.entries(counts).map(([name, count]) => [
    name,
    count + other[name as keyof typeof counts],
  ]);
  return {
    ...(Object.fromEntries(sums) as typeof counts),
    files: [...files, ...other.files],
    problems: [...problems, ...other.problems],
  };
}

function parse(text: string): Line[] {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === "object" && line !== null ? [line as Line] : [];
  } catch {
    return []; // an empty line, or the torn end of a run that was killed
  }
}
