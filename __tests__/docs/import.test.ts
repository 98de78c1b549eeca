import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatNames } from "../../cli/importing/formats";
import { snowplowFields } from "../../cli/importing/formats/snowplow-fields";

const file = join(__dirname, "..", "..", "docs", "import.md");

/** The document with its table of fields as the code has it. */
function written(document: string): string {
  const rows = snowplowFields.map(
    ({ name, to }) => `| \`${name}\` | ${to === "" ? "see above" : `\`${to}\``} |\n`,
  );
  return document.replace(
    /(<!-- fields of snowplow's enriched events -->\n)[\s\S]*?(<!-- end -->)/,
    (_, begin: string, end: string) =>
      `${begin}| field | in the message |\n|---|---|\n${rows.join("")}${end}`,
  );
}

describe("docs/import.md", () => {
  // After a change of the table: UPDATE_DOCS=1 npx jest --selectProjects unit --testPathPatterns docs
  it("says of every field of an enriched event what the code does", () => {
    const document = readFileSync(file, "utf8");
    if (process.env.UPDATE_DOCS === "1") writeFileSync(file, written(document));
    expect(readFileSync(file, "utf8")).toBe(written(document));
  });

  it("names every format", () => {
    const document = readFileSync(file, "utf8");
    for (const name of formatNames) expect(document).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\| `, "m"));
  });
});
