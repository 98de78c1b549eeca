import { isIP } from "node:net";
import type { Json } from "../event/event";
import type { JsonObject } from "../event/json";

/**
 * The network of an address, which is all that is stored of it: /24 for IPv4, /48 for IPv6.
 * @returns for example `203.0.113.0/24` or `2001:db8:1::/48`; undefined for what is no address, and for
 * 0.0.0.0, by which clients say that they want none recorded.
 */
export function networkOf(address: unknown): string | undefined {
  if (typeof address !== "string") return undefined;
  const text = address.trim();
  const version = isIP(text);
  if (version === 4) return networkOf4(text);
  if (version !== 6) return undefined;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1];
  if (mapped !== undefined) return networkOf4(mapped);
  // URL writes an IPv6 address in its one shortest form, which leaves one "::" to expand.
  const zoneless = text.replace(/%.*$/, "");
  const [head = "", tail] = new URL(`http://[${zoneless}]`).hostname.slice(1, -1).split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...after].slice(0, 3);
  while (groups.at(-1) === "0") groups.pop();
  return `${groups.join(":")}::/48`;
}

function networkOf4(address: string): string | undefined {
  if (address === "0.0.0.0") return undefined;
  return `${address.slice(0, address.lastIndexOf("."))}.0/24`;
}

/** Where clients, and servers in between, put a visitor's full address. */
const addressFields = ["ip", "request_ip"] as const;

/** An object without full addresses in its fields for them: networks stand there instead. */
export function withoutAddress(object: JsonObject): JsonObject {
  if (!addressFields.some((field) => Object.hasOwn(object, field))) return object;
  const masked: { [name: string]: Json } = { ...object };
  for (const field of addressFields)
    if (Object.hasOwn(masked, field)) masked[field] = networkOf(masked[field]) ?? null;
  return masked;
}
