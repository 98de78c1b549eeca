import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type LambdaClient,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { Changes } from "../../../cli/watching/changes";
import { readSqlFiles } from "../../../handlers/migrate/files";
import { archiveHandlers, archiveOf, handlerNames } from "../../../stacks/functions/bundle";

let root: string;
/** SHA-256 by function, as it runs. */
let running: Map<string, string>;
/** The warehouse's ledger, as the migration function keeps it. */
let ledger: (readonly [number | null, string, string])[];
let refusal: string | undefined;
let said: string[];
let changes: Changes;

const handler = (text: string): string => `export const handler = async () => "${text}";\n`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "clickstream-changes-"));
  for (const name of handlerNames) {
    mkdirSync(join(root, "handlers", name), { recursive: true });
    writeFileSync(join(root, "handlers", name, "index.ts"), handler(name));
  }
  mkdirSync(join(root, "browser", "snippet"), { recursive: true });
  write("browser/snippet/index.ts", "window.clickstream = [];\n");
  for (const folder of ["load", "migrations", "models", "replay", "sessions"])
    mkdirSync(join(root, "sql", folder), { recursive: true });
  write("sql/migrations/V001__create_events.sql", "create table events (a int)");
  write("sql/models/R__daily.sql", "create view daily as select 1 as a");
  mkdirSync(join(root, "stacks"));
  write("handlers/names.ts", 'export const name = "clickstream";\n');
  write("stacks/stack.ts", 'import { name } from "../handlers/names";\nconsole.log(name);\n');
  write("main.ts", 'import "./stacks/stack";\n');
  const { functions } = archiveHandlers(root);
  running = new Map(handlerNames.map((name) => [name, functions[name].sha256]));
  ledger = [];
  refusal = undefined;
  migrate();
  said = [];
  changes = new Changes({
    root,
    functions: {
      collect: "collect",
      transform: "transform",
      load: "load",
      migrate: "migrate",
      replay: "replay",
    },
    lambda: { send: async (command: object) => lambda(command) } as LambdaClient,
    warehouse: {
      query: async () => ({
        columns: ["version", "name", "checksum"],
        rows: ledger.map((row) => [...row]),
      }),
    },
    say: (line) => said.push(stripVTControlCharacters(line)),
    restart: "restart it",
  });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string): void {
  writeFileSync(join(root, path), content);
}

/** What the migration function does, as far as its caller can see. */
function migrate(): string[] {
  const { migrations, models } = readSqlFiles(join(root, "sql"));
  const applied = new Map(ledger.map(([, name, checksum]) => [name, checksum]));
  const pending = models.filter(({ name, checksum }) => applied.get(name) !== checksum);
  ledger = [
    ...migrations.map(({ version, name, checksum }) => [version, name, checksum] as const),
    ...models.map(({ name, checksum }) => [null, name, checksum] as const),
  ];
  return pending.map(({ name }) => name);
}

function lambda(command: object): object {
  if (command instanceof GetFunctionConfigurationCommand)
    return { CodeSha256: running.get(String(command.input.FunctionName)) };
  if (command instanceof UpdateFunctionCodeCommand) {
    const { FunctionName, ZipFile } = command.input;
    running.set(String(FunctionName), archiveOf(Buffer.from(ZipFile ?? [])).sha256);
    return {};
  }
  if (!(command instanceof InvokeCommand)) throw new Error("nothing else is called");
  const answer =
    refusal === undefined
      ? { Payload: { applied: [], models: migrate(), users: [] } }
      : { FunctionError: "Unhandled", Payload: { errorMessage: refusal } };
  return { ...answer, Payload: Buffer.from(JSON.stringify(answer.Payload)) };
}

const save = (...paths: string[]): Promise<void> => changes.apply({ paths, since: performance.now() });

describe("a change of the sources", () => {
  it("gives new code to the functions whose bundle it changes, and to no others", async () => {
    const before = new Map(running);
    write("handlers/transform/index.ts", handler("another"));
    await save("handlers/transform/index.ts");
    expect(said).toEqual([
      expect.stringMatching(/^↻ transform: new code after \d+\.\d s \(handlers\/transform\/index\.ts\)$/),
    ]);
    expect([...running].filter(([name, sha256]) => before.get(name) !== sha256)).toHaveLength(1);
    expect(running.get("transform")).toBe(archiveHandlers(root).functions.transform.sha256);
  });

  it("does nothing when the bundles come out the same", async () => {
    appendFileSync(join(root, "handlers/transform/index.ts"), "// a remark\n");
    await save("handlers/transform/index.ts");
    await save();
    expect(said).toEqual([]);
  });

  it("that does not build is shown with file, line and message, and changes nothing", async () => {
    const before = new Map(running);
    appendFileSync(join(root, "handlers/transform/index.ts"), "const x: = 1;\n");
    await save("handlers/transform/index.ts");
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^✗ handlers\/transform\/index\.ts:2:10: Unexpected "="\n {4}const x: = 1;\n/);
    expect(running).toEqual(before);
  });

  it("of what a synth runs takes a restart, and says so", async () => {
    write("handlers/names.ts", 'export const name = "another";\n');
    await save("handlers/names.ts", "stacks/stack.ts");
    expect(said).toEqual(["! handlers/names.ts, stacks/stack.ts: a restart applies it (restart it)"]);
  });

  it("of a loader's statement is new code for those that run it", async () => {
    write("sql/load/1_stage.sql", "select 1");
    await save("sql/load/1_stage.sql");
    expect(said).toEqual([expect.stringMatching(/^↻ load, replay: new code/)]);
  });
});

describe("a change of a model", () => {
  it("is applied", async () => {
    write("sql/models/R__daily.sql", "create view daily as select 2 as a");
    await save("sql/models/R__daily.sql");
    expect(said).toEqual([expect.stringMatching(/^↻ R__daily\.sql: applied after/)]);
  });

  it("that the warehouse refuses is shown in its words, and tried again at the next save", async () => {
    write("sql/models/R__daily.sql", "create view daily as select b");
    refusal = 'R__daily.sql was not applied: column "b" does not exist';
    await save("sql/models/R__daily.sql");
    expect(said).toEqual([expect.stringContaining(`✗ ${refusal}`)]);
    refusal = undefined;
    await save("sql/models/R__daily.sql");
    expect(said).toHaveLength(2);
    expect(said[1]).toMatch(/^↻ R__daily\.sql: applied after/);
  });

  it("waits for a migration that is being written, which a restart applies", async () => {
    const before = running.get("migrate");
    write("sql/migrations/V002__create_half.sql", "create table");
    await save("sql/migrations/V002__create_half.sql");
    expect(said).toEqual([expect.stringMatching(/^! V002__create_half\.sql: .*restart it/)]);
    write("handlers/transform/index.ts", handler("another"));
    await save("handlers/transform/index.ts");
    expect(said).toEqual([expect.anything(), expect.stringMatching(/^↻ transform/)]);
    write("sql/models/R__daily.sql", "create view daily as select 2 as a");
    await save("sql/models/R__daily.sql");
    expect(said[2]).toMatch(/^! V002__create_half\.sql/);
    expect(running.get("migrate")).toBe(before);
    rmSync(join(root, "sql/migrations/V002__create_half.sql"));
    await save("sql/migrations/V002__create_half.sql");
    expect(said[3]).toMatch(/^↻ R__daily\.sql: applied/);
  });

  it("waits while a migration that was applied is another than it was", async () => {
    appendFileSync(join(root, "sql/migrations/V001__create_events.sql"), ";");
    await save("sql/migrations/V001__create_events.sql");
    expect(said).toEqual([
      "✗ V001__create_events.sql was changed after it was applied: undo that, and write a new migration",
    ]);
  });

  it("that is deleted leaves what it made, and says so", async () => {
    rmSync(join(root, "sql/models/R__daily.sql"));
    await save("sql/models/R__daily.sql");
    expect(said[0]).toBe("! R__daily.sql: what it made stays in the warehouse until a migration drops it");
  });
});
