import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bindParameters, describe as describeQuestion, readQuestion } from "../../../cli/asking/question";
import { questionNamed, readQuestions } from "../../../cli/asking/questions";

const header = (...lines: readonly string[]) => lines.map((line) => `-- ${line}\n`).join("");
const whole = (...parameters: readonly string[]) =>
  header("What.", "Grain: one row", ...parameters.map((text) => `Parameter: ${text}`), "Example: --name q");

describe("a question's header", () => {
  it("says what it answers, its grain, its parameters and an example", () => {
    const sql = `${header("What it", "answers.", "Grain: one row a day", "Parameter: most integer(1..9) = 3: how many", "Parameter: goal text: what: for", "Example: --name q --param goal=a")}select :most, ':no', a::date -- :never\nwhere b = :goal`;
    expect(readQuestion("q", sql)).toEqual({
      name: "q",
      description: "What it answers.",
      grain: "one row a day",
      parameters: [
        {
          name: "most",
          type: { kind: "integer", lowest: 1, highest: 9 },
          default: "3",
          meaning: "how many",
        },
        { name: "goal", type: { kind: "text" }, meaning: "what: for" },
      ],
      example: "--name q --param goal=a",
      sql,
    });
  });

  it.each([
    ["select 1", "must say its grain"],
    [`${header("Grain: a", "Example: b")}select 1`, "must begin with a description"],
    [`${header("What.", "Grain: a", "Grain: b", "Example: c")}select 1`, "one grain and one example"],
    [`${header("What.", "Grain: a")}select 1`, "must give an example"],
    [`${header("What.", "Grain: a", "Note: x", "Example: c")}select 1`, "is no field"],
    [`${whole("a")}select :a`, 'not "name type = default: meaning"'],
    [`${whole("a money: b")}select :a`, 'unknown type: "money"'],
    [`${whole("a integer(1..2) = 3: b")}select :a`, "default for a"],
    [`${whole("a text: b", "a text: c")}select :a`, "declares a parameter twice"],
    [`${whole("a text: b")}select :a, :b`, "must declare the parameters it uses (a, b), got a"],
    [`${whole("a text: b")}select 1`, "must declare"],
  ])("of another form is refused: %j", (sql, reason) => {
    expect(() => readQuestion("q", sql)).toThrow(reason);
  });
});

describe("parameters", () => {
  const types = {
    text: "text",
    date: "date",
    timestamp: "timestamp",
    integer: "integer(0..90)",
    choice: "choice(day|week)",
    steps: "steps(2..3)",
  };
  const now = new Date("2026-03-01T10:00:00.123Z");
  const bind = (type: keyof typeof types, value: string) =>
    bindParameters(readQuestion("q", `${whole(`p ${types[type]}: it`)}select :p`), [`p=${value}`], now).p;

  it.each([
    ["text", "a=b", "a=b"],
    ["date", "2024-02-29", "2024-02-29"],
    ["timestamp", "now", "2026-03-01 10:00:00.123"],
    ["timestamp", "2026-03-01T10:05Z", "2026-03-01 10:05:00.000"],
    ["integer", "007", "7"],
    ["choice", "week", "week"],
    ["steps", " / >Order Completed", "/>Order Completed"],
  ] as const)("of type %s take %j", (type, value, bound) => {
    expect(bind(type, value)).toBe(bound);
  });

  it.each([
    ["text", ""],
    ["date", "2023-02-29"],
    ["date", "2026-3-1"],
    ["timestamp", "2026-02-30T10:00:00"],
    ["timestamp", "2026-03-01T25:00:00"],
    ["timestamp", "today"],
    ["integer", "91"],
    ["integer", "-1"],
    ["integer", "1.5"],
    ["integer", ""],
    ["choice", "Day"],
    ["choice", "day|week"],
    ["steps", "/"],
    ["steps", "a > > b"],
    ["steps", "a>b>c>d"],
  ] as const)("of type %s refuse %j and say what is allowed", (type, value) => {
    expect(() => bind(type, value)).toThrow(/p must be .*, got ".*"[\s\S]*Parameters, each as/);
  });

  it("that are missing, unknown, repeated or no pair are refused together", () => {
    const question = readQuestion(
      "q",
      `${whole("goal text: it", "most integer(1..9) = 3: it")}select :goal, :most`,
    );
    expect(bindParameters(question, ["goal=x"], now)).toEqual({ goal: "x", most: "3" });
    expect(() => bindParameters(question, ["most=1", "most=2", "other=1", "=1", "most"], now)).toThrow(
      /most must be given once[\s\S]*no parameter other[\s\S]*got "=1"[\s\S]*got "most"[\s\S]*goal must be given/,
    );
  });
});

describe("the project's questions", () => {
  // After a change of a header: UPDATE_DOCS=1 npx jest --selectProjects unit --testPathPatterns cli/asking
  it("stand in docs/queries.md as their headers say", () => {
    const file = join(__dirname, "..", "..", "..", "docs", "queries.md");
    const document = readFileSync(file, "utf8");
    const list = readQuestions()
      .map(
        ({ name, description, example }) =>
          `- **${name}**: ${description}\n  \`npm run query -- ${example}\`\n`,
      )
      .join("");
    const written = document.replace(
      /(<!-- questions -->\n)[\s\S]*(<!-- end -->)/,
      (_, a, b) => `${a}${list}${b}`,
    );
    if (process.env.UPDATE_DOCS === "1") writeFileSync(file, written);
    expect(readFileSync(file, "utf8")).toBe(written);
  });

  it("have examples that are calls of theirs", () => {
    for (const question of readQuestions()) {
      const words = [...question.example.matchAll(/"([^"]*)"|(\S+)/g)].map(
        ([, quoted, bare]) => quoted ?? bare ?? "",
      );
      expect(words.slice(0, 2)).toEqual(["--name", question.name]);
      const params = words.filter((_, at) => words[at - 1] === "--param");
      expect(words).toHaveLength(2 + 2 * params.length);
      expect(Object.keys(bindParameters(question, params, new Date()))).toEqual(
        question.parameters.map(({ name }) => name),
      );
      expect(describeQuestion(question)).toContain(question.example);
    }
  });

  it("are listed when one is asked for that does not exist", () => {
    expect(() => questionNamed("funel")).toThrow(/no question "funel".*attribution.*funnel.*traffic/);
  });
});
