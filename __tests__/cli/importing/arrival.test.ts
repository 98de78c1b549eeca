import { type Sent, waitForArrival } from "../../../cli/importing/arrival";

const sent = (batch: string, events: number): Sent => ({
  receipt: { accepted: events, failed: 0, duplicate: 0, batches: [batch] },
  messageIds: Array.from({ length: events }, (_, at) => `${batch}-${at}`),
});

/** A warehouse that answers what is in it: rows by batch, and which events it knows. */
function warehouse(rows: Map<string, number>, known: readonly string[] = []) {
  const wakes: number[] = [];
  return {
    wakes,
    query: async (sql: string) =>
      sql.startsWith("select distinct")
        ? known.filter((id) => sql.includes(`'${id}'`)).map((id) => [id])
        : [...rows].filter(([batch]) => sql.includes(`'${batch}'`)),
    wakeLoader: async () => void wakes.push(1),
  };
}

describe("waiting for arrival", () => {
  it("ends when every batch is whole in the warehouse, and counts what came", async () => {
    const rows = new Map([["a", 2]]);
    const of = warehouse(rows);
    let arrived = 0;
    const waiting = waitForArrival(
      of,
      [sent("a", 2), sent("b", 3)],
      (more) => {
        arrived += more;
        rows.set("b", 3);
      },
      1,
    );
    await waiting;
    expect(arrived).toBe(5);
    expect(of.wakes.length).toBeGreaterThan(0);
  });

  it("takes an event for arrived that the warehouse has from another batch", async () => {
    const of = warehouse(
      new Map([
        ["a", 2],
        ["b", 1],
      ]),
      ["b-0", "b-1"],
    );
    await waitForArrival(of, [sent("a", 2), sent("b", 2)], () => undefined, 1);
  });

  it("does not ask for identities while events still come", async () => {
    const rows = new Map<string, number>();
    const of = warehouse(rows);
    const { query } = of;
    let byId = 0;
    let looks = 0;
    of.query = async (sql) => {
      if (sql.startsWith("select distinct")) byId += 1;
      else rows.set(`b${looks++}`, 1);
      return query(sql);
    };
    const batches = Array.from({ length: 30 }, (_, at) => sent(`b${at}`, 1));
    await waitForArrival(of, batches, () => undefined, 1);
    expect([byId, looks]).toEqual([0, 30]);
  });

  it("asks for an identity as it is, whatever is in it", async () => {
    const of = warehouse(new Map([["a", 1]]));
    const asked: string[] = [];
    const { query } = of;
    of.query = async (sql) => {
      asked.push(sql);
      return sql.startsWith("select distinct") ? [["it's \\ odd"]] : query(sql);
    };
    const odd = { ...sent("b", 1), messageIds: ["it's \\ odd"] };
    await waitForArrival(of, [sent("a", 1), odd], () => undefined, 1);
    expect(asked.at(-1)).toContain("in ('it''s \\\\ odd')");
  });

  it("goes on when the warehouse does not answer for a while", async () => {
    const of = warehouse(new Map([["a", 1]]));
    const { query } = of;
    let calls = 0;
    of.query = async (sql) => {
      calls += 1;
      if (calls < 3) throw new Error("down");
      return query(sql);
    };
    await waitForArrival(of, [sent("a", 1)], () => undefined, 1);
    expect(calls).toBe(3);
  });
});
