import { batchesOf } from "../../../cli/torture/traffic";
import { seeded } from "../../../local/faults/random";

const NOW = new Date("2026-11-23T10:00:00Z");
const idsOf = (run: string, seed = 1) =>
  batchesOf(run, 6, seeded(seed), NOW).flatMap(({ messages }) => messages.map(({ messageId }) => messageId));

describe("the traffic of a torture round", () => {
  it("has messages with identities of their own, which no other run has", () => {
    const ids = idsOf("a");
    expect(ids.length).toBeGreaterThanOrEqual(300);
    expect(new Set([...ids, ...idsOf("b")]).size).toBe(ids.length + idsOf("b").length);
    expect(idsOf("a")).toEqual(ids);
  });

  it("is the same visits for the same seed, and says that it is made up", () => {
    const shape = (seed: number) =>
      batchesOf("a", 2, seeded(seed), NOW).flatMap(({ messages }) =>
        messages.map(({ type, event }) => [type, event]),
      );
    expect(shape(1)).toEqual(shape(1));
    expect(shape(1)).not.toEqual(shape(2));
    const [batch] = batchesOf("a", 1, seeded(1), NOW);
    expect(batch?.messages[0]?.properties).toMatchObject({ made_up: true });
    expect(JSON.parse(batch?.body ?? "")).toEqual({ batch: batch?.messages });
  });

  it("has some messages that are to be rejected", () => {
    const types = batchesOf("a", 6, seeded(1), NOW).flatMap(({ messages }) =>
      messages.map(({ type }) => type),
    );
    expect(types.filter((type) => type === "unreadable").length).toBe(Math.floor(types.length / 97));
  });
});
