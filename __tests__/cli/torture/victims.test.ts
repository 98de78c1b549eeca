import { inTurn, type Victim } from "../../../cli/torture/victims";
import { seeded } from "../../../local/faults/random";

const all: Victim[] = ["a", "b", "c", "d", "e"].map((name) => ({ name, kill: async () => true }));
const first = (count: number, seed: number): string[] => {
  const turns = inTurn(all, seeded(seed));
  return Array.from({ length: count }, () => turns.next().value.name);
};

describe("who is killed", () => {
  it("is everyone once before anyone's second turn", () => {
    const names = first(15, 3);
    for (const from of [0, 5, 10])
      expect(names.slice(from, from + 5).sort()).toEqual(all.map(({ name }) => name));
  });

  it("follows from the seed", () => {
    expect(first(20, 3)).toEqual(first(20, 3));
    expect(first(20, 3)).not.toEqual(first(20, 4));
  });
});
