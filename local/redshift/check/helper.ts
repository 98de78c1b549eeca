import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const entry = join(__dirname, "helper", "main.py");

/** How many times in a row a helper may end without an answer before asking it is given up. */
const TRIES = 3;

interface Waiting {
  readonly request: object;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  tries: number;
}

/** What the helper answers to a request. */
export type Answer = Readonly<Record<string, unknown>>;

/**
 * The Python process that checks statements, asked over pipes, a line of JSON each way. It is started by the first
 * question and started again when it has been killed; what was asked of it then is asked again. It ends with its
 * standard input, so with this process, however that ends.
 */
export class Helper {
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #errors = "";
  #last = 0;

  /** @param interpreter the Python that has sqlglot. */
  constructor(readonly interpreter: string) {}

  /** The process that answers now. @default undefined none has been asked yet */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Asks. @throws Error when the helper does not start or keeps ending. */
  ask(request: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      this.#waiting.set(id, { request: { id, ...request }, resolve, reject, tries: 1 });
      this.#send(id);
    });
  }

  /** Ends the process. What is still asked is answered before. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.stdin?.end();
    await ended;
  }

  #send(id: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#child ??= this.#start();
    this.#child.stdin?.write(`${JSON.stringify(waiting.request)}\n`);
  }

  #start(): ChildProcess {
    const child = spawn(this.interpreter, [entry], {
      env: { ...process.env, PYTHONUTF8: "1" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#errors = "";
    child.stdin?.on("error", () => undefined); // it ended: the end is what counts
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-2_000);
    });
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on("line", (line) => this.#answered(line));
    child.on("error", (error) => {
      this.#errors = error.message;
    });
    child.on("close", () => this.#ended(child));
    return child;
  }

  #answered(line: string): void {
    const { id, ...answer } = JSON.parse(line) as { readonly id: number };
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.resolve(answer);
  }

  #ended(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
    for (const [id, waiting] of this.#waiting) {
      if (waiting.tries++ < TRIES) this.#send(id);
      else {
        this.#waiting.delete(id);
        waiting.reject(new Error(`the checker of Redshift's SQL does not run: ${this.#errors.trim()}`));
      }
    }
  }
}
