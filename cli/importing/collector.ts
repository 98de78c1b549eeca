import type { SourceName } from "../../stacks/sources";
import type { Target } from "../environment";
import { UserError } from "../terminal";
import type { Collector } from "./send";

/**
 * Where an environment takes the events of a source.
 * @param name of the source. @default what is imported
 * @throws UserError when it has no such source.
 */
export function collectorOf(target: Target, name: SourceName = "import"): Collector {
  const source = target.outputs.sources.find((one) => one.name === name);
  if (source === undefined)
    throw new UserError(
      `Environment ${target.name} has no source "${name}". Add it to stacks/sources.ts and deploy.`,
    );
  return { url: target.outputs.collectorUrl, writeKey: source.writeKey };
}
