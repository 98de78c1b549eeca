import { createHash } from "node:crypto";
import type { Message } from "../message";

/** A request as a server's log tells of it. What a log does not say is absent. */
export interface LoggedRequest {
  readonly messageId: string;
  /** Name of the log's format. */
  readonly format: string;
  readonly time: Date;
  /** The visitor's. */
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  readonly user?: string | undefined;
  readonly method: string | undefined;
  /** Path and query, as they were asked for. */
  readonly target: string | undefined;
  /** Of HTTP. */
  readonly version: string | undefined;
  /** What the page's path stands behind: `https://example.com`. */
  readonly site: string | undefined;
  /** 0 where the visitor went before there was an answer; NaN where there was none. */
  readonly status: number;
  readonly bytes: number | undefined;
  readonly referrer: string | undefined;
  readonly country?: string | undefined;
  /** Whether a page could be asked for so; a WebSocket is none. @default true */
  readonly canBePage?: boolean;
  /** What else the log says. Undefined members are left out. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** What a browser loads for a page rather than a person looks at. */
const ASSET = /\.(?:avif|css|eot|gif|ico|jpe?g|js|map|mjs|otf|png|svg|ttf|webp|woff2?)$/i;

/**
 * The message that a request is: a successful GET of something a person looks at is a page view, anything else a
 * tracked "Request"; the visitor is a hash of address and user agent.
 */
export function requestMessage(request: LoggedRequest): Message {
  const { messageId, format, time, address, userAgent, user, method, target, version, site } = request;
  const { status, bytes, referrer, country, canBePage = true, more } = request;
  const [path, search] = split(target ?? "");
  const viewed = canBePage && method === "GET" && isSuccess(status) && !ASSET.test(path);
  return {
    messageId,
    ...(viewed ? { type: "page" } : { type: "track", event: "Request" }),
    anonymousId: createHash("sha256")
      .update(`${address ?? ""}\n${userAgent ?? ""}`)
      .digest("hex")
      .slice(0, 32),
    ...(user === undefined ? {} : { userId: user }),
    timestamp: time.toISOString(),
    properties: {
      ...(method === undefined ? {} : { method, target, version }),
      ...(Number.isNaN(status) ? {} : { status }),
      ...(bytes === undefined ? {} : { bytes }),
      ...more,
    },
    context: {
      ...(address === undefined ? {} : { ip: address }),
      ...(userAgent === undefined ? {} : { userAgent }),
      page: {
        ...(path === "" ? {} : { path }),
        ...(search === "" ? {} : { search }),
        ...(site === undefined || !path.startsWith("/") ? {} : { url: `${site}${target}` }),
        ...(referrer === undefined ? {} : { referrer }),
      },
      ...(country === undefined ? {} : { location: { country } }),
      library: { name: "import", version: format },
    },
  };
}

/** A field of a log; "-" and nothing say that there is none. */
export function given(field: string | undefined): string | undefined {
  return field === undefined || field === "-" || field === "" ? undefined : field;
}

/** A field that is a number; what is written as none stays text. */
export function numberIn(field: string | undefined): number | string | undefined {
  const text = given(field);
  return text !== undefined && /^-?\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : text;
}

/** A field that is a number of bytes, if it is one. */
export function countIn(field: string | undefined): number | undefined {
  return field !== undefined && /^\d{1,15}$/.test(field) ? Number(field) : undefined;
}

function isSuccess(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

function split(target: string): [path: string, search: string] {
  const mark = target.indexOf("?");
  return mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark)];
}
