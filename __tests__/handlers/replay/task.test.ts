import { linesOf } from "../../../handlers/replay/raw";
import { taskOf } from "../../../handlers/replay/task";

const raw = {
  task: "raw",
  keys: ["raw/a.gz"],
  from: "2026-11-01T00:00:00.000Z",
  until: "2026-11-02T00:00:00.000Z",
  replace: false,
  dryRun: true,
};

describe("what the function is asked", () => {
  it.each([
    raw,
    { ...raw, task: "failed", reason: "too_deep", replace: undefined },
    { task: "undelivered", key: "aws/lambda/x", dryRun: false },
    { task: "settle", from: raw.from, until: raw.until },
    { task: "clear" },
    { task: "sessions" },
  ])("is taken when it is whole: %j", (task) => {
    const given = JSON.parse(JSON.stringify(task)) as object;
    expect(taskOf(given)).toEqual(given);
  });

  it.each([
    [undefined, "task must be one of raw, failed, undelivered, settle, clear, sessions, got undefined"],
    [{ task: "drop" }, 'got "drop"'],
    [{ task: "constructor" }, 'got "constructor"'],
    [{ ...raw, keys: "raw/a.gz" }, 'keys must be a list of texts, got "raw/a.gz"'],
    [{ ...raw, from: "soon" }, 'from must be a time, got "soon"'],
    [{ ...raw, dryRun: "yes" }, 'dryRun must be true or false, got "yes"'],
    [{ ...raw, replace: undefined }, "replace must be true or false, got undefined"],
    [{ ...raw, reason: "x" }, "the task raw takes no reason"],
    [{ task: "undelivered", key: "", dryRun: true }, "key must be a text"],
  ])("is refused when it is not: %j", (event, message) => {
    expect(() => taskOf(event)).toThrow(message);
  });
});

describe("lines", () => {
  it("end at newlines alone, wherever the bytes are parted", async () => {
    const text = '{"a":"\u2028é\r"}\n\n{"b":"\u2029"}\nlast';
    const bytes = Buffer.from(text);
    for (const size of [1, 2, 3, 100]) {
      const chunks = (async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      })();
      const lines: string[] = [];
      for await (const line of linesOf(chunks)) lines.push(line);
      expect(lines).toEqual(text.split("\n"));
    }
  });
});
