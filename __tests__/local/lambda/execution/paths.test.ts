import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Concurrency } from "../../../../local/lambda/execution/concurrency";
import { InvocationLog } from "../../../../local/lambda/execution/log";
import { runtimeNode } from "../../../../local/lambda/execution/node";
import { FunctionPool, LAPTOP_LIMITS } from "../../../../local/lambda/execution/pool";
import { roleCredentials } from "../../credentials";
import { configuration } from "../configuration";

let folder: string;
const pools: FunctionPool[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lambda-paths-"));
});
afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
  rmSync(folder, { recursive: true });
});

/** Starts a function whose handler has the given body; `fs` and `fsp` are at hand. */
function start(body: string, layer?: Readonly<Record<string, string>>): FunctionPool {
  const codeFolder = join(folder, "code");
  const layerFolder = join(folder, "layer");
  mkdirSync(codeFolder, { recursive: true });
  writeFileSync(
    join(codeFolder, "index.mjs"),
    `import fs from "node:fs"; import fsp from "node:fs/promises"; import os from "node:os";
     import { readFileSync } from "node:fs"; import { createRequire } from "node:module";
     const require = createRequire(import.meta.url);
     const code = async (call) => { try { await call(); return "done"; } catch (error) { return error.code; } };
     export const handler = async (event) => { ${body} };`,
  );
  for (const [path, text] of Object.entries(layer ?? {})) {
    mkdirSync(join(layerFolder, path, ".."), { recursive: true });
    writeFileSync(join(layerFolder, path), text);
  }
  const pool = new FunctionPool(
    { configuration: configuration(), codeFolder, ...(layer === undefined ? {} : { layerFolder }) },
    {
      ...{ node: runtimeNode(() => undefined), gatewayUrl: "http://127.0.0.1:1" },
      environmentsFolder: join(folder, "environments"),
      credentials: async () => roleCredentials,
    },
    new InvocationLog({ write: () => undefined }),
    new Concurrency(() => undefined),
  );
  pools.push(pool);
  return pool;
}

async function run(pool: FunctionPool, event: unknown = {}): Promise<unknown> {
  const head = { requestId: "r", arn: "arn", traceId: "t" };
  const { payload } = await pool.invoke({ head, event: JSON.stringify(event) });
  return JSON.parse(payload.toString("utf8"));
}

test("every environment has a /tmp of its own, which lasts as long as it does", async () => {
  const body = `
    if (event.write) fs.writeFileSync("/tmp/note", "mine");
    return [fs.existsSync("/tmp/note"), fs.existsSync(os.tmpdir() + "/note"), fs.readdirSync("/tmp").length];`;
  const [pool, other] = [start(body), start(body)];
  expect(await run(pool, { write: true })).toEqual([true, true, 1]);
  expect(await run(pool)).toEqual([true, true, 1]);
  expect(await run(other)).toEqual([false, false, 0]);
  expect(existsSync("/tmp/note")).toBe(false);
  const environments = join(folder, "environments");
  expect(readdirSync(environments)).toHaveLength(2);
  pool.sweep(performance.now() + LAPTOP_LIMITS.idleMs + 1);
  while (readdirSync(environments).length > 1) await new Promise((r) => setTimeout(r, 10));
  expect(await run(pool)).toEqual([false, false, 0]);
});

test("everything but /tmp is read-only", async () => {
  const pool = start(`
    const stream = (path) => new Promise((resolve, reject) =>
      fs.createWriteStream(path).on("error", reject).on("finish", resolve).end("x"));
    return Promise.all([
      code(() => fs.writeFileSync("beside-the-code", "x")),
      code(() => fsp.mkdir("/opt/more")),
      code(() => fs.promises.rename("/tmp/none", "/var/elsewhere")),
      code(() => new Promise((resolve, reject) => fs.appendFile("/etc/x", "x", (e) => (e ? reject(e) : resolve())))),
      code(() => fs.openSync(process.cwd() + "/new", "w")),
      code(() => stream("/home/x")),
      code(() => stream("/tmp/x")),
      code(() => fsp.cp(process.cwd(), "/tmp/copy", { recursive: true })),
      code(() => fsp.open("index.mjs", "r").then((file) => file.close())),
    ]);`);
  expect(await run(pool)).toEqual([...Array(6).fill("EROFS"), "done", "done", "done"]);
});

test("layers lie under /opt: for files, for modules by name and for modules by path", async () => {
  const pool = start(
    `return [
       readFileSync("/opt/geo/land.txt", "utf8"), (await fsp.readFile(new URL("file:///opt/geo/land.txt"), "utf8")).length,
       fs.existsSync("/opt/none"), fs.readdirSync("/opt").sort(),
       require("named"), require("/opt/tools/common.cjs"), (await import("/opt/tools/esm.mjs")).default,
     ];`,
    {
      ...{ "geo/land.txt": "terra", "nodejs/node_modules/named/index.js": "module.exports = 'by name'" },
      ...{ "tools/common.cjs": "module.exports = 'required'", "tools/esm.mjs": "export default 'imported'" },
    },
  );
  const files = ["geo", "nodejs", "tools"];
  expect(await run(pool)).toEqual(["terra", 5, false, files, "by name", "required", "imported"]);
});

test("without layers /opt is empty, whatever this machine has there", async () => {
  expect(await run(start(`return fs.readdirSync("/opt");`))).toEqual([]);
});
