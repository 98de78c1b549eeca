import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  keyOf,
  LOCK_FILE,
  PLAN_FOLDER,
  type PlanEvent,
  type VersionFile,
} from "../../tracking-plan/build/read";
import { UserError } from "../terminal";
import { breaksBetween } from "./compatibility";

/** The plan that was accepted last, which changes are held against: versions by number, by `type:event`. */
export type Lock = Readonly<Record<string, Readonly<Record<string, VersionFile>>>>;

/** The lock's file, under the project's folder. */
export const lockPath = `${PLAN_FOLDER}/${LOCK_FILE}`;

/** A change that breaks what reads or sends an event. */
export interface PlanBreak {
  /** `track:Order Completed` */
  readonly event: string;
  /** @default the event as a whole */
  readonly version?: number;
  /** JSON pointer, from the version. */
  readonly path: string;
  readonly why: string;
}

/** The lock as the plan would have it. */
export function lockOf(events: readonly PlanEvent[]): Lock {
  return Object.fromEntries(events.map((event) => [keyOf(event), event.versions]));
}

/** The lock as it stands; an empty one before anything was accepted. @throws UserError when it is no JSON. */
export function readLock(root: string): Lock {
  const path = join(root, lockPath);
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Lock;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `${lockPath} must be what npm run schema -- --accept wrote: ${message}. Take it from the last commit: git checkout ${lockPath}`,
    );
  }
}

/**
 * What the plan, as it is now, breaks of the one that was accepted. A new version may be anything; a version may go once
 * there is a higher one; an event never goes unsaid.
 * @param retired `type:event` of events that may go.
 */
export function breaksOf(
  lock: Lock,
  events: readonly PlanEvent[],
  retired: readonly string[] = [],
): PlanBreak[] {
  const now = new Map(events.map((event) => [keyOf(event), event]));
  return Object.entries(lock).flatMap(([key, versions]) => {
    const event = now.get(key);
    if (event !== undefined) return versionBreaks(key, versions, event);
    return retired.includes(key)
      ? []
      : [{ event: key, path: "", why: `the event is removed; if it is to be: --accept --retire "${key}"` }];
  });
}

function versionBreaks(key: string, before: Lock[string], event: PlanEvent): PlanBreak[] {
  const newest = event.numbers[0] ?? 0;
  return Object.entries(before).flatMap(([number, old]) => {
    const version = Number(number);
    const now = event.versions[number];
    if (now !== undefined) {
      return (["properties", "context"] as const).flatMap((part) =>
        isDeepStrictEqual(old[part], now[part])
          ? []
          : breaksBetween(old[part] ?? true, now[part] ?? true).map(({ path, why }) => ({
              event: key,
              version,
              path: `/${part}${path}`,
              why,
            })),
      );
    }
    if (newest > version) return [];
    return [{ event: key, version, path: "", why: "the version is removed, and there is no higher one" }];
  });
}

/** `Order Completed, version 2, /properties/…: why` */
export function shownBreak({ event, version, path, why }: PlanBreak): string {
  return [event, ...(version === undefined ? [] : [`version ${version}`]), ...(path === "" ? [] : [path])]
    .join(", ")
    .concat(`: ${why}`);
}
