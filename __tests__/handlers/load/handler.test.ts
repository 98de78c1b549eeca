import { gunzipSync } from "node:zlib";
import { type Queue, runLoad } from "../../../handlers/load/handler";
import type { LoadDeps } from "../../../handlers/load/load";
import type { Message } from "../../../handlers/load/notification";
import { StatementFailed } from "../../../handlers/warehouse/warehouse";

/** A queue, a lake and a warehouse that load whole files: what the loader decides is real, what it moves is not. */
class World {
  readonly removed: string[] = [];
  readonly objects = new Map<string, string | Buffer>();
  readonly ledger = new Set<string>();
  readonly transactions: string[][] = [];
  readonly tokens = new Set<string>();
  wakeUps = 0;
  /** Keys of files that no load with them in it survives. */
  bad = new Set<string>();
  waiting: Message[];

  constructor(...keys: (string | readonly string[])[]) {
    this.waiting = keys.map((key, at) => ({
      receiptHandle: `m${at}`,
      body: JSON.stringify({
        Records: [key].flat().map((one) => ({
          eventName: "ObjectCreated:Put",
          s3: { object: { key: one, size: 1, eTag: "e" } },
        })),
      }),
    }));
  }

  readonly queue: Queue = {
    receive: async () => this.waiting.splice(0, 10),
    remove: async (messages) => void this.removed.push(...messages.map(({ receiptHandle }) => receiptHandle)),
  };

  readonly deps: LoadDeps = {
    put: async (key, body) => void this.objects.set(key, body),
    sql: { stage: ["lock"], merge: ["insert"] },
    bucket: "lake",
    copyRoleArn: "arn:aws:iam::0:role/copy",
    deduplicationHours: 24,
    runId: "run",
    warehouse: {
      query: async (sql) => {
        this.wakeUps += 1;
        return {
          columns: ["object_key"],
          rows: [...this.ledger].filter((key) => sql.includes(`'${key}'`)).map((key) => [key]),
        };
      },
      transaction: async (sqls, token) => {
        this.transactions.push([...sqls]);
        if (token !== undefined) this.tokens.add(token);
        const files = this.#filesOf(sqls);
        if (files.some((key) => this.bad.has(key))) throw new StatementFailed("ERROR: bad line", "copy");
        for (const key of files) this.ledger.add(key);
      },
    },
  };

  run() {
    return runLoad(this.queue, this.deps, () => undefined);
  }

  #filesOf(sqls: readonly string[]): string[] {
    const copy = sqls.find((sql) => sql.startsWith("copy staged_files")) ?? "";
    const key = /s3:\/\/lake\/([^']+)/.exec(copy)?.[1] ?? "";
    const lines = gunzipSync(this.objects.get(key) as Buffer)
      .toString()
      .split("\n");
    return lines.map((line) => (JSON.parse(line) as { object_key: string }).object_key);
  }
}

describe("a run of the loader", () => {
  it("does not wake the warehouse when there is nothing to load", async () => {
    const world = new World("raw/x.gz");
    expect(await world.run()).toEqual({ files: 0, messages: 1 });
    expect(world).toMatchObject({ wakeUps: 0, transactions: [], removed: ["m0"] });
  });

  it("loads what the queue tells of in one transaction, and only then removes the messages", async () => {
    const world = new World("events/a.gz", "events/b.gz", "failed/c.gz");
    expect(await world.run()).toEqual({ files: 3, messages: 3 });
    expect(world.transactions).toHaveLength(1);
    expect(world.transactions[0]?.map((sql) => sql.split(" ").slice(0, 2).join(" "))).toEqual([
      "lock",
      "copy staged_files",
      "copy staged_events",
      "copy staged_failed_events",
      "insert",
    ]);
    expect(world.removed).toEqual(["m0", "m1", "m2"]);
  });

  it("names the files in a manifest, all of them mandatory", async () => {
    const world = new World("events/b.gz", "events/a.gz");
    await world.run();
    const [, manifest] = [...world.objects].find(([key]) => key.endsWith("/events.json")) ?? [];
    expect(JSON.parse(String(manifest))).toEqual({
      entries: [
        { url: "s3://lake/events/b.gz", mandatory: true },
        { url: "s3://lake/events/a.gz", mandatory: true },
      ],
    });
  });

  it("loads a file once that is told of twice, in one run or in two", async () => {
    const world = new World("events/a.gz", "events/a.gz");
    expect(await world.run()).toMatchObject({ files: 1, messages: 2 });
    world.waiting = new World("events/a.gz").waiting;
    expect(await world.run()).toEqual({ files: 0, messages: 1 });
    expect(world.transactions).toHaveLength(1);
  });

  it("loads the others when one file fails, keeps that one's message, and says so", async () => {
    const world = new World("events/a.gz", "events/bad.gz", "events/c.gz", "events/d.gz", "failed/e.gz");
    world.bad.add("events/bad.gz");
    await expect(world.run()).rejects.toThrow("1 files cannot be loaded: events/bad.gz: ERROR: bad line");
    expect([...world.ledger].sort()).toEqual(["events/a.gz", "events/c.gz", "events/d.gz", "failed/e.gz"]);
    expect(world.removed).toEqual(["m0", "m2", "m3", "m4"]);
  });

  it("keeps a message until all of its files are loaded", async () => {
    const world = new World(["events/a.gz", "events/bad.gz"]);
    world.bad.add("events/bad.gz");
    await expect(world.run()).rejects.toThrow("bad line");
    expect(world.ledger).toEqual(new Set(["events/a.gz"]));
    expect(world.removed).toEqual([]);
  });

  it("stops when everything fails: it is not the files then", async () => {
    const world = new World(...Array.from({ length: 64 }, (_, at) => `events/${at}.gz`));
    for (let at = 0; at < 64; at += 1) world.bad.add(`events/${at}.gz`);
    await expect(world.run()).rejects.toThrow("bad line");
    expect(world.transactions.length).toBeLessThan(15);
    expect(world.removed).toEqual([]);
  });

  it("takes a file for loaded that another loader has loaded meanwhile", async () => {
    const world = new World("events/a.gz");
    const { transaction } = world.deps.warehouse;
    world.deps.warehouse.transaction = async (sqls, token) => {
      await transaction(sqls, token);
      throw new StatementFailed("a file of this load is loaded already", "select");
    };
    expect(await world.run()).toMatchObject({ messages: 1 });
    expect(world.removed).toEqual(["m0"]);
  });

  it("leaves a message that is not a notification", async () => {
    const world = new World("events/a.gz");
    world.waiting.push({ receiptHandle: "odd", body: "hello" });
    await world.run();
    expect(world.removed).toEqual(["m0"]);
  });

  it("removes nothing when the warehouse does not answer", async () => {
    const world = new World("events/a.gz");
    world.deps.warehouse.query = async () => {
      throw new Error("down");
    };
    await expect(world.run()).rejects.toThrow("down");
    expect(world.removed).toEqual([]);
  });
});
