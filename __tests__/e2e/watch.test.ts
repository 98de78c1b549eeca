import { randomUUID } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { outdated, synthesizedCode } from "../../cli/deployment/functions";
import { readOutputs, useLocalCloud } from "../../cli/environment";
import { localSynth, restoreCode } from "../../cli/starting/deploy";
import { synthModules, watchedNames } from "../../cli/watching/sources";
import { watchSources } from "../../cli/watching/watch";
import { archiveHandlers } from "../../stacks/functions/bundle";
import type { Outputs } from "../../stacks/outputs";
import { count, json, projectRoot, testState, until } from "./verb";

const MINUTES = 60_000;
let root: string;
let outputs: Outputs;
let said: string[];
let stopWatching: () => Promise<void>;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "clickstream-watch-"));
  // The checkout itself stays as it is: what would be watched of it is copied.
  const modules = [...synthModules(projectRoot), ...archiveHandlers(projectRoot).modules];
  for (const name of watchedNames(projectRoot, modules))
    cpSync(join(projectRoot, name), join(root, name), { recursive: true });
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"), "junction");
  useLocalCloud();
  outputs = await readOutputs("local");
  said = [];
  stopWatching = watchSources({
    root,
    outputs,
    say: (line) => said.push(stripVTControlCharacters(line)),
    restart: "restart it",
  });
}, MINUTES);
afterAll(async () => {
  await stopWatching?.();
  await restoreCode(outputs);
  rmSync(root, { recursive: true, force: true });
}, 2 * MINUTES);

/** Makes a handler do something before each invocation, whatever it is that it does. */
function alsoDo(handler: string, code: string): void {
  const path = join(root, "handlers", handler, "index.ts");
  const source = readFileSync(path, "utf8");
  expect(source).toContain("export const handler =");
  writeFileSync(
    path,
    `${source.replace("export const handler =", "const original =")}
export const handler = async (...given: Parameters<typeof original>) => { ${code} };\n`,
  );
}

async function sayOf(pattern: RegExp): Promise<string> {
  let line: string | undefined;
  await until(`a line like ${pattern}`, () => {
    line = said.find((each) => pattern.test(each));
    return line !== undefined;
  });
  return line ?? "";
}

/** Everything that functions have written to their logs. */
function logs(): string {
  const folder = join(testState, "logs");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".log"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("");
}

async function send(eventName: string): Promise<Response> {
  return fetch(new URL("v1/track", outputs.collectorUrl), {
    method: "POST",
    body: JSON.stringify({
      type: "track",
      event: eventName,
      anonymousId: randomUUID(),
      messageId: randomUUID(),
      writeKey: outputs.sources[0]?.writeKey,
    }),
  });
}

describe("saving a file while the cloud runs", () => {
  it(
    "changes nothing as long as the files are those that were deployed",
    async () => {
      await sleep(3_000); // the watch begins by comparing
      expect(said).toEqual([]);
    },
    MINUTES,
  );

  it(
    "changes what a function does while events flow, and loses none of them",
    async () => {
      const mark = randomUUID();
      let acknowledged = 0;
      let changed = false;
      let stop = false;
      const flow = (async () => {
        while (!stop) {
          const answer = await send(mark);
          changed ||= answer.headers.get("x-changed") === mark;
          if (answer.status === 200) acknowledged += 1;
          await answer.arrayBuffer();
          await sleep(5);
        }
      })();
      try {
        await until("events flow", () => acknowledged > 20);
        alsoDo(
          "collect",
          `const answer = await original(...given); return { ...answer, headers: { ...answer.headers, "x-changed": "${mark}" } };`,
        );
        alsoDo("transform", `console.log("changed ${mark}"); return original(...given);`);
        await until("the collector answers as changed", () => changed);
        const changedAt = acknowledged;
        await until("events flow on", () => acknowledged > changedAt + 20);
      } finally {
        stop = true;
        await flow;
      }
      await until("the transform runs as changed", () => logs().includes(`changed ${mark}`));
      expect(await sayOf(/^↻ .*collect.*: new code/)).toMatch(
        /after \d+\.\d s \(.*handlers\/collect\/index\.ts/,
      );
      await until(
        "every acknowledged event is in the warehouse",
        async () => (await count(`select count(*) from events where event_name = '${mark}'`)) >= acknowledged,
        180,
      );
      expect(await count(`select count(distinct event_id) from events where event_name = '${mark}'`)).toBe(
        acknowledged,
      );
      expect(await count(`select count(*) from events where event_name = '${mark}'`)).toBe(acknowledged);
    },
    6 * MINUTES,
  );

  it(
    "that does not build is shown, and the old code stays",
    async () => {
      const path = join(root, "handlers", "collect", "index.ts");
      const lines = readFileSync(path, "utf8").split("\n").length;
      appendFileSync(path, "const x: = 1;\n");
      await sayOf(new RegExp(`^✗ handlers/collect/index\\.ts:${lines}:10: Unexpected`));
      const answer = await send("after a broken build");
      expect([answer.status, answer.headers.has("x-changed")]).toEqual([200, true]);
    },
    2 * MINUTES,
  );

  it(
    "of a model applies it; one that fails changes nothing at all",
    async () => {
      cpSync(join(projectRoot, "handlers", "collect"), join(root, "handlers", "collect"), {
        recursive: true,
      });
      const path = join(root, "sql", "models", "R__watched.sql");
      writeFileSync(path, "create or replace view watched as select 1 as a;\n");
      await sayOf(/^↻ R__watched\.sql: applied/);
      writeFileSync(
        path,
        "create or replace view watched as select 2 as a;\ncreate view watched_more as select no_column from events;\n",
      );
      expect(await sayOf(/^✗ R__watched\.sql was not applied/)).toContain("no_column");
      const { rows } = await json<{ rows: unknown[][] }>("query", "select a from watched");
      expect(rows).toEqual([[1]]);
      rmSync(path);
      await sayOf(/^! R__watched\.sql: what it made stays/);
    },
    3 * MINUTES,
  );

  it(
    "is taken back by a start, where the files are those that were deployed",
    async () => {
      await stopWatching();
      const lambda = new LambdaClient({});
      const code = synthesizedCode(localSynth);
      expect(await outdated(lambda, outputs.functions, code)).toContain("transform");
      await restoreCode(outputs);
      expect(await outdated(lambda, outputs.functions, code)).toEqual([]);
    },
    MINUTES,
  );
});
