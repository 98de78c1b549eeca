import { setTimeout as sleep } from "node:timers/promises";
import { Batches } from "../../../cli/watching/batches";

describe("changes in batches", () => {
  it("come together when they come close together, one batch at a time, and none is forgotten", async () => {
    const worked: (readonly string[])[] = [];
    let working = 0;
    let release: () => void = () => undefined;
    const batches = new Batches(async ({ paths }) => {
      working += 1;
      expect(working).toBe(1);
      worked.push(paths);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      working -= 1;
    });
    const done = async (count: number): Promise<void> => {
      while (worked.length < count) await sleep(5);
    };
    batches.add("a");
    batches.add("b");
    batches.add("a");
    await done(1);
    batches.add("c");
    await sleep(150);
    expect(worked).toEqual([["a", "b"]]);
    release();
    await done(2);
    expect(worked).toEqual([["a", "b"], ["c"]]);

    let closed = false;
    const closing = batches.close().then(() => {
      closed = true;
    });
    batches.add("d");
    await sleep(0);
    expect(closed).toBe(false);
    release();
    await closing;
    await sleep(100);
    expect(worked).toHaveLength(2);
  });
});
