import { isIP } from "node:net";
import type { InternalTraffic } from "./env";

/** A rule as `internal_traffic` holds it: values from the lowest to the highest are internal. */
export interface InternalRule {
  readonly kind: "host" | "network" | "user";
  readonly lowest: string;
  readonly highest: string;
}

/**
 * The rules of internal traffic. Those of one kind do not overlap, so that an event meets one of a kind at most.
 * @throws for a network that is none, naming it and what is allowed.
 */
export function rulesOf({ hosts = [], networks = [], users = [] }: InternalTraffic): InternalRule[] {
  const one = (kind: "host" | "user", values: readonly string[]): InternalRule[] =>
    [...new Set(values)].sort().map((value) => ({ kind, lowest: value, highest: value }));
  return [
    ...one(
      "host",
      hosts.map((host) => host.toLowerCase()),
    ),
    ...joined(networks.map(rangeOf)).map((range) => ({ kind: "network" as const, ...range })),
    ...one("user", users),
  ];
}

interface Range {
  readonly lowest: string;
  readonly highest: string;
}

/** What is stored of an address, in bits: see `networkOf`. */
const STORED_BITS = { 4: 24, 6: 48 } as const;

/** How a network's three stored parts are written in its sort key. */
const PARTS = {
  4: { bits: 8, radix: 10, width: 3 },
  6: { bits: 16, radix: 16, width: 4 },
} as const;

/** The lowest and highest sort key of a network, in the order that `marked_events` writes them in. */
export function rangeOf(network: string): Range {
  const [address = "", length = "", ...more] = network.split("/");
  const version = isIP(address);
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (more.length > 0 || (version !== 4 && version !== 6) || !(bits <= STORED_BITS[version]))
    throw new Error(
      `an internal network must be written as 203.0.113.0/24 or 2001:db8:1::/48, or be wider: no more of an address is stored; got ${JSON.stringify(network)}`,
    );
  const { bits: partBits } = PARTS[version];
  const value = partsOf(address, version).reduce((sum, part) => sum * 2 ** partBits + part, 0);
  const size = 2 ** (STORED_BITS[version] - bits);
  const first = value - (value % size);
  return { lowest: sortKey(first, version), highest: sortKey(first + size - 1, version) };
}

/** The parts of an address that are stored. */
function partsOf(address: string, version: 4 | 6): number[] {
  if (version === 4) return address.split(".").slice(0, 3).map(Number);
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(zeros).fill("0"), ...after]
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16));
}

function sortKey(value: number, version: 4 | 6): string {
  const { bits, radix, width } = PARTS[version];
  const parts: string[] = [];
  for (let rest = value; parts.length < 3; rest = Math.floor(rest / 2 ** bits))
    parts.unshift((rest % 2 ** bits).toString(radix).padStart(width, "0"));
  return `${version}${parts.join("")}`;
}

/** Ranges without those that lie in others: networks overlap only so. */
function joined(ranges: readonly Range[]): Range[] {
  const kept: Range[] = [];
  const widestFirst = [...ranges].sort(
    (one, other) => compare(one.lowest, other.lowest) || compare(other.highest, one.highest),
  );
  for (const range of widestFirst) {
    const before = kept.at(-1);
    if (before === undefined || range.lowest > before.highest) kept.push(range);
  }
  return kept;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
