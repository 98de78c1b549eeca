import { isIP } from "node:net";
import type { Json } from "../../event/event";
import { MAX_DEPTH } from "../../event/json";
import { networkOf } from "../address";
import type { OpenJson } from "./columns";

/** How many members the objects of an event may have together: hardly more fit into 32 KB. */
export const MAX_MEMBERS = 4_096;

/** What is counted while an event's JSON is settled. */
export interface Settling {
  members: number;
  /** Whether a number was met that a double has no room for. */
  overflows: boolean;
}

/** Names that tell of an address. */
const ADDRESS_NAME = /ip|addr/i;

/**
 * Makes JSON fit to be stored, in place: an address under a name that tells of one gives way to its network.
 * @param depth how deep it may nest.
 * @param listName the name under which a list stands.
 * @returns why it cannot be stored; undefined when it can.
 */
export function settle(
  json: Json | undefined,
  state: Settling,
  depth = MAX_DEPTH - 1,
  listName = "",
): "too_deep" | "too_many_members" | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  if (depth === 0) return "too_deep";
  const names = Array.isArray(json) ? undefined : Object.keys(json);
  const length = names?.length ?? (json as readonly Json[]).length;
  state.members += length;
  if (state.members > MAX_MEMBERS) return "too_many_members";
  const object = json as OpenJson;
  for (let index = 0; index < length; index += 1) {
    const name = names?.[index] ?? index;
    const value = object[name];
    if (typeof value === "object") {
      const problem = settle(value, state, depth - 1, names === undefined ? listName : String(name));
      if (problem !== undefined) return problem;
    } else if (typeof value === "number") {
      if (Number.isFinite(value)) continue;
      state.overflows = true;
      object[name] = String(value);
    } else if (typeof value === "string" && mayBeAddress(value)) {
      if (ADDRESS_NAME.test(names === undefined ? listName : String(name)))
        object[name] = networkOf(value) ?? value;
    }
  }
  return undefined;
}

/** Whether a text is an address, told at a glance of nearly all that are none: one of its first has a separator. */
function mayBeAddress(text: string): boolean {
  if (text.length < 2 || text.length > 45) return false;
  for (let at = 0; at < 5; at += 1) {
    const code = text.charCodeAt(at);
    if (code === POINT || code === COLON) return isIP(text) !== 0;
  }
  return false;
}

const POINT = 46;
const COLON = 58;
