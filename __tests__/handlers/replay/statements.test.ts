import { join } from "node:path";
import { readReplaySql } from "../../../handlers/replay/statements";

const sql = readReplaySql(join(__dirname, "..", "..", "..", "sql"));

describe("the replay's statements", () => {
  it("fit a batch, the copies and the question for bounds included", () => {
    expect(sql.stage.length + 3).toBeLessThanOrEqual(40);
    for (const batch of [sql.missing, sql.renew, sql.settle, sql.clear, sql.sessions])
      expect(batch.length).toBeLessThanOrEqual(40);
  });

  it("lock before anything else where they change something", () => {
    for (const [first] of [sql.renew, sql.settle, sql.clear, sql.sessions])
      expect(first).toBe("lock table load_lock");
  });

  it("name bounds wherever they look for copies, so that a replay costs what it replays", () => {
    for (const statement of [...sql.missing, ...sql.renew].filter((each) =>
      /\bjoin events\b|from events\b/.test(each),
    ))
      expect(statement).toContain("events.received_at >= cast(:".replace("events.", ""));
  });

  it("renew every column that a load fills, and no others", () => {
    const inserts = sql.renew.filter((statement) => statement.startsWith("insert into events ("));
    expect(inserts).toHaveLength(1);
    expect(inserts[0]).toMatch(/from staged_events$/);
  });
});
