import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attributeFields, eventFields } from "../../handlers/collect/clickstream/fields";
import { contextFields, idFields } from "../../handlers/collect/segment/fields";
import { type Place, parameters } from "../../handlers/collect/snowplow/fields";

const file = join(__dirname, "..", "..", "docs", "protocols.md");

/** The rows of the code's own tables: a vendor's field and where it goes. */
const rows: Readonly<Record<string, readonly (readonly [field: string, to: string])[]>> = {
  segment: [
    ...Object.entries(idFields),
    ...Object.entries(contextFields).flatMap(([name, mapping]): [string, string][] =>
      typeof mapping === "string"
        ? [[`context.${name}`, mapping]]
        : Object.entries(mapping).map(([member, column]) => [`context.${name}.${member}`, column]),
    ),
  ],
  snowplow: Object.entries<Place>(parameters).map(([name, { to }]) => [
    name,
    to === "screen_width" ? "screen_width`, `screen_height" : to,
  ]),
  clickstream: [
    ...Object.entries(eventFields),
    ...Object.entries(attributeFields).map(([name, column]): [string, string] => [
      `attributes.${name}`,
      column,
    ]),
  ],
};

/** The document with its tables as the code has them. */
function written(document: string): string {
  return document.replace(
    /(<!-- fields of (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, protocol: string, end: string) => {
      const lines = rows[protocol]?.map(([field, to]) => `| \`${field}\` | \`${to}\` |\n`) ?? [];
      return `${begin}| field | goes to |\n|---|---|\n${lines.join("")}${end}`;
    },
  );
}

describe("docs/protocols.md", () => {
  // After a change of a table: UPDATE_DOCS=1 npx jest --selectProjects unit --testPathPatterns docs
  it("says of every field what the code does", () => {
    const document = readFileSync(file, "utf8");
    if (process.env.UPDATE_DOCS === "1") writeFileSync(file, written(document));
    expect(readFileSync(file, "utf8")).toBe(written(document));
    expect(document.match(/<!-- fields of \w+ -->/g)).toHaveLength(Object.keys(rows).length);
  });
});
