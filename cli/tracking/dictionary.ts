import { type Column, columns, failedColumns, sqlType } from "../../handlers/event/columns";
import { failureReasons } from "../../handlers/event/failure";
import type { PromotedColumn } from "../../handlers/event/promoted";
import type { PlanEvent } from "../../tracking-plan/build/read";
import { isObjectSchema } from "../../tracking-plan/build/schema";

type Table = Readonly<Record<string, Column | PromotedColumn>>;

const sources: Readonly<Record<Column["from"], string>> = {
  sent: "client",
  collect: "collector",
  enrich: "enrichment",
  plan: "tracking plan",
};

/**
 * The data dictionary, Markdown: what every column and every planned event is.
 * @param table the columns of an event. @default those there are
 */
export function dataDictionary(events: readonly PlanEvent[], table: Table = columns): string {
  return [
    "# Data dictionary",
    "",
    "Written by `npm run schema -- --dictionary` from `handlers/event/columns.ts` and `tracking-plan/`; a test holds it to them.",
    "",
    "Times are UTC. Privacy: `none` says nothing of a person; `pseudonym` tells people apart without naming them; `personal` may name or describe one; `free` is whatever the sender put there.",
    "",
    "## `events`",
    "",
    "A row is an event.",
    "",
    ...columnTable(table),
    "",
    "## `failed_events`",
    "",
    "A row is an event that was rejected.",
    "",
    ...columnTable(failedColumns),
    "",
    "Its `reason` is one of these:",
    "",
    ...markdownTable(
      ["reason", "meaning"],
      Object.entries(failureReasons).map(([reason, meaning]) => [`\`${reason}\``, meaning]),
    ),
    "",
    "## Events of the tracking plan",
    "",
    "[How the plan works](tracking-plan.md). Events that it does not name are kept too.",
    ...events.flatMap((event) => ["", ...eventPage(event, table)]),
    "",
  ].join("\n");
}

function columnTable(table: Table): string[] {
  return markdownTable(
    ["column", "type", "written by", "privacy", "meaning"],
    Object.entries(table).map(([name, { type, from, privacy, required, meaning }]) => [
      `\`${name}\``,
      `${sqlType(type)}${required ? ", never null" : ""}`,
      sources[from],
      privacy,
      meaning,
    ]),
  );
}

function eventPage(event: PlanEvent, table: Table): string[] {
  const title = event.event === "" ? `any ${event.type}` : event.event;
  const about = [`\`${event.type}\``, `owner: ${event.owner}`, `mode: ${event.mode}`, `\`${event.file}\``];
  return [
    `### ${title}`,
    "",
    event.description,
    "",
    `${about.join(" · ")}`,
    ...event.numbers.flatMap((number) => versionPage(event, number, table)),
  ];
}

function versionPage(event: PlanEvent, number: number, table: Table): string[] {
  const { properties, context } = event.versions[number] ?? {};
  const rows = [...rowsOf(properties, []), ...rowsOf(context, ["context"])];
  const newest = number === event.numbers[0] && event.numbers.length > 1 ? ", the newest" : "";
  const head = ["", `Version ${number}${newest}:`, ""];
  if (rows.length === 0) return [...head, "any properties."];
  return [
    ...head,
    ...markdownTable(
      ["property", "type", "required", "column", "meaning"],
      rows.map(({ path, type, isRequired, meaning }) => [
        `\`${path.join(".")}\``,
        type,
        isRequired ? "yes" : "",
        columnsOf(event, path, table),
        meaning,
      ]),
    ),
  ];
}

interface PropertyRow {
  readonly path: readonly string[];
  readonly type: string;
  readonly isRequired: boolean;
  readonly meaning: string;
}

/** The properties of a schema, those of its objects behind them. */
function rowsOf(schema: unknown, path: readonly string[], root: unknown = schema): PropertyRow[] {
  const object = resolved(schema, root);
  const properties = isObjectSchema(object.properties) ? object.properties : {};
  const required = Array.isArray(object.required) ? object.required : [];
  return Object.entries(properties).flatMap(([name, part]) => {
    const own = resolved(part, root);
    const here = [...path, name];
    const list = own.type === "array" && isObjectSchema(own.items);
    return [
      {
        path: here,
        type: typeOf(own, root),
        isRequired: required.includes(name),
        meaning: String(own.description ?? ""),
      },
      ...(here.length > DEEPEST
        ? []
        : list
          ? rowsOf(own.items, [...path, `${name}[]`], root)
          : rowsOf(own, here, root)),
    ];
  });
}

/** A schema may contain itself; so deep is it shown. */
const DEEPEST = 4;

function resolved(schema: unknown, root: unknown): Readonly<Record<string, unknown>> {
  if (!isObjectSchema(schema)) return {};
  const { $ref, ...own } = schema;
  if (typeof $ref !== "string") return own;
  const target = $ref
    .split("/")
    .slice(1)
    .reduce<unknown>((here, name) => (isObjectSchema(here) ? here[name] : undefined), root);
  return { ...(isObjectSchema(target) ? target : {}), ...own };
}

function typeOf(schema: Readonly<Record<string, unknown>>, root: unknown): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(", ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const type = [schema.type ?? "any"].flat().join(" or ");
  if (type === "array" && isObjectSchema(schema.items))
    return `array of ${typeOf(resolved(schema.items, root), root)}`;
  const hints = [schema.format, schema.pattern === undefined ? undefined : `like ${String(schema.pattern)}`];
  return [type, ...hints.filter((hint) => hint !== undefined)].join(", ");
}

function columnsOf({ type, event }: PlanEvent, path: readonly string[], table: Table): string {
  return Object.entries(table)
    .filter(([, column]) => "of" in column && column.of.type === type && column.of.event === event)
    .filter(([, column]) => "of" in column && column.of.path.join() === path.join())
    .map(([name]) => `\`${name}\``)
    .join(", ");
}

function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(header), `|${header.map(() => "---").join("|")}|`, ...rows.map(line)];
}
