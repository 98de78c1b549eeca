import { answer } from "../../../handlers/load/handler";
import { fileOf, World } from "./world";

const HOUR = "events/dt=2026-11-23/hour=09";
const object = (key: string, createdAt = "2026-11-23T09:30:00Z") => ({
  key,
  etag: "e",
  sizeBytes: 1,
  createdAt: new Date(createdAt),
});

describe("a sweep", () => {
  it("asks the warehouse nothing when the lake has no files of these days", async () => {
    const world = new World();
    world.lake.push(object("events/dt=2026-11-01/hour=09/old.gz", "2026-11-01T09:30:00Z"));
    expect(await answer({ sweep: true }, world.deps)).toMatchObject({ swept: { listed: 0, missing: 0 } });
    expect(world.calls).toEqual([]);
  });

  it("loads a file whose notification was lost, and no other", async () => {
    const world = new World();
    world.lake.push(
      object(`${HOUR}/known.gz`),
      object(`${HOUR}/lost one.gz`),
      object("failed/dt=2026-11-21/hour=12/lost.gz", "2026-11-21T12:30:00Z"),
      object("events/dt=2026-11-23/hour=12/fresh.gz", "2026-11-23T12:20:00Z"),
    );
    world.ledger.add(`${HOUR}/known.gz`);
    expect(await answer({ sweep: true }, world.deps)).toMatchObject({
      files: 2,
      swept: { listed: 3, missing: 2 },
    });
    expect(world.loads).toEqual([["failed/dt=2026-11-21/hour=12/lost.gz", `${HOUR}/lost one.gz`]]);
  });

  it("leaves files alone that are set aside", async () => {
    const world = new World();
    world.lake.push(object(`${HOUR}/bad.gz`));
    for (let tries = 0; tries < 3; tries += 1) world.failures.push([`${HOUR}/bad.gz`, "events", "no"]);
    expect(await answer({ sweep: 6 }, world.deps)).toMatchObject({ swept: { listed: 1, missing: 0 } });
    expect(world.loads).toEqual([]);
  });
});

describe("files that failed", () => {
  const world = (): World => {
    const made = new World();
    for (let tries = 0; tries < 3; tries += 1)
      made.failures.push(["events/bad.gz", "events", `reason ${tries}`]);
    made.failures.push(["failed/new.gz", "failed", "once"]);
    for (const key of ["events/bad.gz", "events/given-up.gz"])
      made.deadLetters.add(
        JSON.stringify({ Records: [{ eventName: "ObjectCreated:Put", s3: { object: { key } } }] }),
      );
    return made;
  };

  it("are listed with their last reason, those that are set aside first", async () => {
    const made = world();
    expect(await answer({ failedFiles: "list" }, made.deps)).toEqual({
      failed: [
        expect.objectContaining({ key: "events/bad.gz", tries: 3, reason: "reason 2", setAside: true }),
        expect.objectContaining({ key: "events/given-up.gz", tries: 0, setAside: true, firstFailedAt: null }),
        expect.objectContaining({ key: "failed/new.gz", stream: "failed", tries: 1, setAside: false }),
      ],
    });
    expect(made.deadLetters.waiting).toHaveLength(2);
  });

  it("are tried anew, all of them", async () => {
    const made = world();
    expect(await answer({ failedFiles: "retry" }, made.deps)).toEqual({
      retried: ["events/bad.gz", "events/given-up.gz", "failed/new.gz"],
    });
    expect(made.failures).toEqual([]);
    expect(made.deadLetters.waiting).toEqual([]);
    expect(await made.run()).toMatchObject({ files: 3 });
  });

  it("are tried anew, those that are named", async () => {
    const made = world();
    expect(
      await answer({ failedFiles: "retry", keys: ["events/bad.gz", "events/unknown.gz"] }, made.deps),
    ).toEqual({ retried: ["events/bad.gz"] });
    expect(made.failures.map(([key]) => key)).toEqual(["failed/new.gz"]);
    expect(made.deadLetters.waiting).toHaveLength(1);
  });
});

describe("an event", () => {
  it.each([undefined, null, {}, { sweep: false }])("of %j loads", async (event) => {
    const world = new World("events/a.gz");
    expect(await answer(event, world.deps)).toMatchObject({ files: 1 });
    expect(world.ledger).toEqual(new Set([fileOf("events/a.gz").key]));
  });

  it.each([
    [{ sweeep: true }, "sweep, failedFiles and keys, got sweeep"],
    [{ sweep: "yes" }, 'sweep must be true or a number of hours from 1 to 8760, got "yes"'],
    [{ sweep: 0 }, "from 1 to 8760, got 0"],
    [{ failedFiles: "drop" }, 'failedFiles must be "list" or "retry", got "drop"'],
    [{ failedFiles: "retry", keys: "a" }, 'keys must be a list of texts, got "a"'],
  ])("of %j is refused", async (event, message) => {
    await expect(answer(event, new World().deps)).rejects.toThrow(message);
  });
});
