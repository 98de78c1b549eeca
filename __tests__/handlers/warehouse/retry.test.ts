import { StatementFailed } from "../../../handlers/warehouse/failure";
import { retryConflicts } from "../../../handlers/warehouse/retry";
import { patience } from "../patience";

const conflict = new StatementFailed(
  "ERROR: 1023 DETAIL: Serializable isolation violation on table",
  undefined,
);

/** Fails so often with an error, and then succeeds. */
function failing(times: number, error: Error) {
  let left = times;
  return async () => {
    if (left-- > 0) throw error;
    return "done";
  };
}

describe("a transaction that meets another", () => {
  it("is run again after longer and longer pauses", async () => {
    const waiting = patience(60_000);
    expect(await retryConflicts(failing(4, conflict), waiting, () => 1)).toBe("done");
    expect(waiting.slept).toEqual([500, 1_000, 2_000, 4_000]);
  });

  it("fails when the time is over", async () => {
    await expect(retryConflicts(failing(99, conflict), patience(3_000), () => 1)).rejects.toBe(conflict);
  });

  it.each([
    ["ERROR: 1023 DETAIL: Serializable isolation violation on table in Redshift", true],
    ["ERROR: could not serialize access due to concurrent update", true],
    ["ERROR: deadlock detected", true],
    ['ERROR: relation "events" does not exist', false],
    ["ERROR: Load into table 'staged_events' failed", false],
  ])("says %s: a conflict, %s", async (reason, isConflict) => {
    const error = new StatementFailed(reason, undefined);
    expect(error.isConflict).toBe(isConflict);
    const run = retryConflicts(failing(1, error), patience(60_000), () => 0);
    if (isConflict) expect(await run).toBe("done");
    else await expect(run).rejects.toBe(error);
  });
});
