import { StatementFailed, StillRunning } from "../../../handlers/warehouse/failure";
import { World } from "./world";

describe("a run of the loader", () => {
  it.each([
    ["no message", []],
    ["a message of nothing that is loaded", ["raw/x.gz"]],
  ])("asks the warehouse nothing when there is %s", async (_, keys) => {
    const world = new World(...keys);
    expect(await world.run()).toEqual({ files: 0, messages: keys.length, refused: 0, setAside: 0 });
    expect(world.calls).toEqual([]);
    expect(world.queue.removed).toHaveLength(keys.length);
  });

  it("loads what the queue tells of in one transaction, and only then removes the messages", async () => {
    const world = new World("events/a.gz", "events/b.gz", "failed/c.gz");
    expect(await world.run()).toMatchObject({ files: 3, messages: 3 });
    expect(world.loads).toEqual([["events/a.gz", "events/b.gz", "failed/c.gz"]]);
    expect(world.queue.removed).toEqual(["m0", "m1", "m2"]);
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

  it("goes on until the queue is empty, and begins no load when the time is short", async () => {
    const keys = Array.from({ length: 1_200 }, (_, n) => `events/${n}.gz`);
    const world = new World(...keys);
    expect(await world.run()).toMatchObject({ files: 1_200 });
    expect(world.loads.length).toBeGreaterThan(1);
    const hurried = new World(...keys);
    hurried.remainingMs = 30_000;
    await hurried.run();
    expect(hurried.loads).toHaveLength(1);
    expect(hurried.queue.removed).toHaveLength(hurried.ledger.size);
  });

  it("loads a file once that is told of twice, in one run or in two", async () => {
    const world = new World("events/a.gz", "events/a.gz");
    expect(await world.run()).toMatchObject({ files: 1, messages: 2 });
    world.tell("events/a.gz");
    expect(await world.run()).toMatchObject({ files: 0, messages: 1 });
    expect(world.loads).toHaveLength(1);
  });

  it("waits for what a run before it has left running, before it looks what is to be loaded", async () => {
    const world = new World("events/a.gz");
    world.running = ["left"];
    world.deps.warehouse.ended = async () => {
      world.ledger.add("events/a.gz");
      return { Id: "left", Status: "FINISHED" };
    };
    expect(await world.run()).toMatchObject({ files: 0, messages: 1 });
    expect(world.loads).toEqual([]);
  });

  it("leaves messages whose statement still runs at the end of the time, and says which it is", async () => {
    const world = new World("events/a.gz", "events/b.gz");
    world.mishaps.push(() => {
      throw new StillRunning("late");
    });
    expect(await world.run()).toEqual({ files: 0, messages: 0, refused: 0, setAside: 0, running: "late" });
    expect(world.queue.removed).toEqual([]);
  });

  it("loads again, with a pause, what met another transaction", async () => {
    const world = new World("events/a.gz");
    const conflict = () => {
      throw new StatementFailed("ERROR: 1023 DETAIL: Serializable isolation violation on table", "insert", 4);
    };
    world.mishaps.push(conflict, conflict);
    expect(await world.run()).toMatchObject({ files: 1 });
    expect(world.remainingMs).toBeLessThan(600_000);
    expect(world.failures).toEqual([]);
  });

  it("takes a file for loaded that another loader has loaded meanwhile", async () => {
    const world = new World("events/a.gz", "events/b.gz");
    world.mishaps.push(() => void world.ledger.add("events/a.gz"));
    expect(await world.run()).toMatchObject({ messages: 2 });
    expect(world.ledger).toEqual(new Set(["events/a.gz", "events/b.gz"]));
    expect(world.queue.removed).toHaveLength(2);
  });

  it("keeps a message until all of its files are loaded", async () => {
    const world = new World(["events/a.gz", "events/bad.gz"]);
    world.bad.add("events/bad.gz");
    expect(await world.run()).toMatchObject({ files: 1, messages: 0, refused: 1 });
    expect(world.queue.removed).toEqual([]);
  });

  it("leaves a message that is not a notification", async () => {
    const world = new World("events/a.gz");
    world.queue.add("hello");
    await world.run();
    expect(world.queue.removed).toEqual(["m0"]);
    expect(world.logged).toContainEqual(expect.objectContaining({ level: "ERROR", body: "hello" }));
  });

  it("removes nothing when the warehouse does not answer", async () => {
    const world = new World("events/a.gz");
    world.deps.warehouse.query = async () => {
      throw new Error("down");
    };
    await expect(world.run()).rejects.toThrow("down");
    expect(world.queue.removed).toEqual([]);
  });
});

describe("a file that keeps failing", () => {
  const withBad = (): World => {
    const world = new World("events/a.gz", "events/bad.gz", "events/c.gz", "events/d.gz", "failed/e.gz");
    world.bad.add("events/bad.gz");
    return world;
  };

  it("keeps no other from loading, and its failure is written down", async () => {
    const world = withBad();
    expect(await world.run()).toMatchObject({ files: 4, refused: 1, setAside: 0 });
    expect([...world.ledger].sort()).toEqual(["events/a.gz", "events/c.gz", "events/d.gz", "failed/e.gz"]);
    expect(world.queue.removed).toEqual(["m0", "m2", "m3", "m4"]);
    expect(world.failures).toEqual([["events/bad.gz", "events", "ERROR: bad line"]]);
  });

  it("is tried alone from then on, and set aside at the third failure", async () => {
    const world = withBad();
    await world.run();
    for (const setAside of [0, 1]) {
      world.queue.redeliver();
      world.tell(`events/more-${setAside}.gz`);
      world.loads.length = 0;
      expect(await world.run()).toMatchObject({ files: 1, refused: 1, setAside });
      expect(world.loads).toEqual([[`events/more-${setAside}.gz`], ["events/bad.gz"], []]);
    }
    expect(world.queue.taken.size).toBe(0);
    expect(world.deadLetters.waiting).toHaveLength(1);
    expect(world.logged).toContainEqual(
      expect.objectContaining({
        message: "a file is set aside",
        key: "events/bad.gz",
        reason: "ERROR: bad line",
      }),
    );
  });

  it("is not tried again when it is told of once more after that", async () => {
    const world = withBad();
    for (let tries = 0; tries < 3; tries += 1) {
      await world.run();
      world.queue.redeliver();
    }
    world.loads.length = 0;
    world.tell("events/bad.gz");
    expect(await world.run()).toMatchObject({ refused: 0, setAside: 1, messages: 1 });
    expect(world.loads).toEqual([]);
  });

  it("is not blamed for what fails without it as well", async () => {
    const world = new World("events/a.gz", "events/b.gz");
    world.deps.warehouse.transaction = async () => {
      throw new StatementFailed("ERROR: permission denied", "copy", 1);
    };
    await expect(world.run()).rejects.toThrow("permission denied");
    expect(world.failures).toEqual([]);
  });

  it("stops the run when it is one of many", async () => {
    const world = new World(...Array.from({ length: 64 }, (_, n) => `events/${n}.gz`));
    for (let n = 0; n < 64; n += 1) world.bad.add(`events/${n}.gz`);
    await expect(world.run()).rejects.toThrow("10 files could not be loaded, the last one: events/9.gz");
    expect(world.failures).toHaveLength(10);
  });
});

describe("messages", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("stay hidden as long as their load takes", async () => {
    const world = new World("events/a.gz");
    world.mishaps.push(async () => {
      await jest.advanceTimersByTimeAsync(65_000);
    });
    await world.run();
    expect(world.queue.renewals).toEqual([60, 60, 60]);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(world.queue.renewals).toHaveLength(3);
  });
});
