import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LocalRedshift } from "./support";

/** An example of the documentation's, with the answer that stands there. */
interface Example {
  readonly url: string;
  readonly sql: string;
  readonly answer: string | null;
}

const examples = JSON.parse(
  readFileSync(join(__dirname, "documented-answers.json"), "utf8"),
) as readonly Example[];
const redshift = new LocalRedshift();

beforeAll(async () => {
  await redshift.start();
  await redshift.deploy();
});
afterAll(() => redshift.stop());

/** A value as the documentation prints it: True, and fractions with fifteen digits. */
function printed(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(15)));
  return String(value);
}

describe("functions answer what the documentation says", () => {
  it.each(examples.map(({ sql, answer, url }) => [sql, answer, url]))(
    "%s is %s (%s)",
    async (sql, answer) => {
      const ran = await redshift.sql(sql ?? "");
      expect(ran.error).toBeUndefined();
      expect(printed(ran.rows[0]?.[0])).toBe(answer);
    },
  );
});
