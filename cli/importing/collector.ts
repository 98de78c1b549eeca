import type { Target } from "../environment";
import { UserError } from "../terminal";
import type { Collector } from "./send";

/** Where an environment takes what is imported. @throws UserError when it has no source for it. */
export function collectorOf(target: Target): Collector {
  const source = target.outputs.sources.find(({ name }) => name === "import");
  if (source === undefined)
    throw new UserError(
      `Environment ${target.name} has no source "import". Add it to stacks/sources.ts and deploy.`,
    );
  return { url: target.outputs.collectorUrl, writeKey: source.writeKey };
}
