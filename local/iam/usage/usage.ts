import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Demand } from "../decision/evaluator";

/** A use of a permission: one line of the record. */
export interface Use {
  /** The ARN of the role. */
  readonly identity: string;
  readonly action: string;
  /** The first resource of its kind that it was used on. */
  readonly resource: string;
  /** When that was, ISO 8601. */
  readonly first: string;
}

/**
 * Which role used which action on which resource. Of resources that are endlessly many (objects, log streams) one of
 * each folder or group is kept, so that the record stays small.
 */
export class UsageRecord {
  readonly #seen = new Set<string>();

  /** @param file one JSON object a line. What an earlier process wrote is gone on with. */
  constructor(private readonly file: string) {
    for (const use of readUsage(file)) this.#seen.add(keyOf(use));
  }

  add(identity: string, { action, resource }: Pick<Demand, "action" | "resource">): void {
    const key = keyOf({ identity, action, resource });
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const use: Use = { identity, action, resource, first: new Date().toISOString() };
    appendFileSync(this.file, `${JSON.stringify(use)}\n`);
  }
}

/** Everything that was used, as the record holds it. */
export function readUsage(file: string): Use[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return line === "" ? [] : [JSON.parse(line) as Use];
      } catch {
        return []; // the last line of a process that was killed
      }
    });
}

function keyOf({ identity, action, resource }: Pick<Use, "identity" | "action" | "resource">): string {
  return `${identity} ${action} ${kindOf(resource)}`;
}

/** An object's bucket and named folders, a log stream's group, and any other resource as it is. */
function kindOf(resource: string): string {
  if (resource.startsWith("arn:aws:s3:::")) {
    const [bucket, ...parts] = resource.split("/");
    const counted = parts.findIndex((part) => /[\d=]/.test(part)); // a date, an id: there will be others
    return [bucket, ...(counted < 0 ? parts : parts.slice(0, counted))].join("/");
  }
  return resource.replace(/:log-stream:.*$/s, ":log-stream:");
}
