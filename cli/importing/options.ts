import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type SourceName, sourceKinds } from "../../stacks/sources";
import { UserError } from "../terminal";
import { MapProblem } from "./csv/expect";
import { readMap } from "./csv/map";
import { type FormatName, formatNames } from "./formats";
import { type Reading, siteless } from "./source";

/** What an import is asked to do. */
export interface Asked {
  readonly reading: Reading;
  readonly source: SourceName;
}

/**
 * Reads the options of an import.
 * @param folder that relative names are relative to.
 * @throws UserError when one is not what it must be.
 */
export function askedOf(call: Readonly<Record<string, unknown>>, folder: string): Asked {
  const mapText = call.map === undefined ? undefined : fileText(String(call.map), folder);
  const format = call.format === undefined && mapText !== undefined ? "csv" : formatNamed(call.format);
  if (format === "csv" && mapText === undefined)
    throw new UserError(
      "A CSV file needs a mapping: --map MAP, e.g. examples/e-shop.map.json (see docs/import.md).",
    );
  if (format !== "csv" && mapText !== undefined)
    throw new UserError(`--map goes with CSV, not with --format ${format}.`);
  if (call.site !== undefined && format !== undefined && !siteless.includes(format))
    throw new UserError(
      `--site goes with combined and common, not with ${format}, which names the site itself.`,
    );
  return {
    reading: {
      format,
      site: call.site === undefined ? undefined : siteOf(String(call.site)),
      mapText,
      map: mapText === undefined ? undefined : mapOf(mapText, String(call.map)),
    },
    source: sourceNamed(String(call.source ?? "import")),
  };
}

function formatNamed(value: unknown): FormatName | undefined {
  if (value === undefined) return undefined;
  const format = formatNames.find((name) => name === value);
  if (format !== undefined) return format;
  throw new UserError(`--format must be one of ${formatNames.join(", ")}, got "${String(value)}"`);
}

function siteOf(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "")
    return value.replace(/\/$/, "");
  throw new UserError(`--site must be an origin such as https://example.com, got "${value}"`);
}

/** What is imported comes from servers: a browser's source would take this machine for the visitor. */
function sourceNamed(value: string): SourceName {
  const names = (Object.keys(sourceKinds) as SourceName[]).filter((name) => sourceKinds[name] === "server");
  const source = names.find((name) => name === value);
  if (source !== undefined) return source;
  throw new UserError(`--source must be one of ${names.join(", ")}, got "${value}"`);
}

function fileText(name: string, folder: string): string {
  try {
    return readFileSync(resolve(folder, name), "utf8");
  } catch (error) {
    throw new UserError(
      `The mapping ${name} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function mapOf(json: string, name: string): ReturnType<typeof readMap> {
  try {
    return readMap(json);
  } catch (error) {
    if (!(error instanceof MapProblem)) throw error;
    throw new UserError(`The mapping ${name} is not one: ${error.message}.`);
  }
}
