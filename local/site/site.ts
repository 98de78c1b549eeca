import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Handler, Response } from "../service/http";

/** What a page of the site is told: where it sends events, and under which key. */
export interface Collector {
  /** The collector's address, with a slash at its end. */
  readonly url: string;
  readonly writeKey: string;
}

/** The pages: what a path begins with, the file of its content, its title. */
const pages: readonly (readonly [path: RegExp, file: string, title: string])[] = [
  [/^\/$/, "home.html", "Home"],
  [/^\/shop(\/\w+)?\/?$/, "shop.html", "Shop"],
  [/^\/account\/?$/, "account.html", "Account"],
];

const files: Readonly<Record<string, string>> = {
  "/style.css": "text/css; charset=utf-8",
  "/prices.csv": "text/csv; charset=utf-8",
};

/**
 * Serves the demo site with the snippet in its pages.
 * @param folder of the site's files.
 * @param findCollector asked for each page: the collector may be deployed while the site runs; undefined before.
 */
export function siteHandler(folder: string, findCollector: () => Promise<Collector | undefined>): Handler {
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  return async ({ method, path }) => {
    if (method !== "GET" && method !== "HEAD") return text(405, "Only GET is possible here.\n");
    const type = files[path];
    if (type !== undefined) return { status: 200, headers: { "content-type": type }, body: read(path) };
    const page = pages.find(([pattern]) => pattern.test(path));
    if (page === undefined) return text(404, `There is no page at ${path}.\n`);
    const collector = await findCollector();
    if (collector === undefined)
      return text(
        503,
        "The pipeline is not deployed yet: load this page again when npm start says it runs.\n",
      );
    const [, file, title] = page;
    const values: Readonly<Record<string, string>> = {
      title,
      script: new URL("clickstream.js", collector.url).href,
      key: collector.writeKey,
      content: read(file),
    };
    const body = read("layout.html").replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
    return {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
      body,
    };
  };
}

function text(status: number, body: string): Response {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}
