import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { lineIds } from "../../../cli/importing/message";
import { isBot } from "../../../handlers/enrich/client/bot";

/** A request of the access log, read without any of the product's own code but what names its lines and knows crawlers. */
export interface Hit {
  readonly id: string;
  readonly visitor: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly viewed: boolean;
  /** Without its query string. */
  readonly path: string;
  readonly referrerHost: string | undefined;
}

/** Hits with no pause of more than half an hour between them. */
export interface Visit {
  readonly visitor: string;
  readonly hits: readonly [Hit, ...Hit[]];
  /** From 1, of the visitor's. */
  readonly number: number;
}

const LINE = /^(\S+) \S+ \S+ \[([^\]]+)\] "(.*?)(?<!\\)" (\d+) \S+ "(.*?)(?<!\\)" "(.*)"\s*$/;
const PAUSE_MS = 30 * 60_000;

export function readLog(path: string): string[] {
  return gunzipSync(readFileSync(path)).toString().trimEnd().split("\n");
}

/** What people asked for; crawlers are left out, and so is the line that is no request. */
export function hitsOf(lines: readonly string[]): Hit[] {
  const idOf = lineIds();
  return lines.flatMap((line): Hit[] => {
    const id = idOf(line);
    const match = LINE.exec(line);
    if (match === null) return [];
    const [, address = "", written = "", request = "", status = "", referrer = "-", agent = "-"] = match;
    if (agent !== "-" && isBot(agent)) return [];
    const [method, target = ""] = request.split(" ");
    const path = target.split("?")[0] ?? "";
    const asset = /\.(avif|css|eot|gif|ico|jpe?g|js|map|mjs|otf|png|svg|ttf|webp|woff2?)$/i.test(path);
    const visitor = createHash("sha256")
      .update(`${address}\n${agent === "-" ? "" : agent}`)
      .digest("hex");
    return [
      {
        id,
        visitor: visitor.slice(0, 32),
        time: Date.parse(written.replaceAll("/", " ").replace(":", " ")),
        viewed: method === "GET" && (Number(status) < 300 || status === "304") && !asset,
        path,
        referrerHost: URL.canParse(referrer) ? new URL(referrer).hostname : undefined,
      },
    ];
  });
}

/** Walks along each visitor's hits in order. */
export function visitsOf(hits: readonly Hit[]): Visit[] {
  return [...groups(hits, ({ visitor }) => visitor)].flatMap(([visitor, own]) => {
    const visits: [Hit, ...Hit[]][] = [];
    for (const hit of inOrder(own)) {
      const last = visits.at(-1)?.at(-1);
      if (last === undefined || hit.time - last.time > PAUSE_MS) visits.push([hit]);
      else visits.at(-1)?.push(hit);
    }
    return visits.map((of, at) => ({ visitor, hits: of, number: at + 1 }));
  });
}

/** Lists of what has the same key, in order of their first. */
export function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = found.get(key);
    if (list === undefined) found.set(key, [item]);
    else list.push(item);
  }
  return found;
}

export function inOrder(hits: readonly Hit[]): Hit[] {
  return [...hits].sort((one, other) => one.time - other.time || (one.id < other.id ? -1 : 1));
}

/** As the warehouse writes it. */
export function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
