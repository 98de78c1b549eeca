import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { enrichments } from "../../handlers/enrich/list";
import { clickIds } from "../../handlers/enrich/web/click-ids";

const file = join(__dirname, "..", "..", "docs", "enrichment.md");

const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

/** The tables of the document, as the code has them. */
const tables: Readonly<Record<string, string>> = {
  enrichments: [
    "| switch | what it does | columns |\n|---|---|---|\n",
    ...Object.entries(enrichments).map(
      ([name, { does, adds }]) => `| \`${name}\` | ${does} | ${codes(adds)} |\n`,
    ),
  ].join(""),
  "click ids": [
    "| parameter | network | means |\n|---|---|---|\n",
    ...[...clickIds].map(
      ([name, { network, paid }]) =>
        `| \`${name}\` | ${network} | ${paid ? "an ad" : "a link, perhaps an ad"} |\n`,
    ),
  ].join(""),
};

function written(document: string): string {
  return document.replace(
    /(<!-- (enrichments|click ids) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}${tables[name]}${end}`,
  );
}

describe("docs/enrichment.md", () => {
  // After a change of a table: UPDATE_DOCS=1 npx jest --selectProjects unit --testPathPatterns docs
  it("lists what there is", () => {
    const document = readFileSync(file, "utf8");
    if (process.env.UPDATE_DOCS === "1") writeFileSync(file, written(document));
    expect(readFileSync(file, "utf8")).toBe(written(document));
    for (const name of Object.keys(tables)) expect(document).toContain(`<!-- ${name} -->`);
  });
});
