import { json } from "../verb";
import { MINUTES } from "./scene";

interface Torture {
  readonly held: boolean;
  readonly accepted: number;
  readonly missing: readonly string[];
  readonly double: readonly string[];
  readonly rounds: readonly { readonly killed: readonly string[]; readonly balanced: boolean }[];
}

describe("three rounds of torture", () => {
  it(
    "kill nine different processes and environments under load, and every accepted event is there once",
    async () => {
      const result = await json<Torture>("torture", "--rounds", "3", "--seed", "20");
      expect(result).toMatchObject({ held: true, missing: [], double: [] });
      expect(result.accepted).toBeGreaterThan(2_500);
      const killed = result.rounds.flatMap((round) => round.killed);
      expect(new Set(killed).size).toBe(9);
    },
    20 * MINUTES,
  );
});
