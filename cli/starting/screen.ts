import colors from "picocolors";
import type { Outputs } from "../../stacks/outputs";

/** What a person needs to know of a cloud that runs. */
export function screen(
  outputs: Outputs,
  how: {
    readonly detached: boolean;
    readonly traffic: boolean;
    readonly watch: boolean;
    readonly demoUrl: string | undefined;
  },
): string {
  const writeKey = demoSource(outputs).writeKey;
  const body = '{"event":"Hello","anonymousId":"me"}';
  return [
    "",
    colors.bold("The pipeline runs on this machine."),
    "",
    `  Collector   ${outputs.collectorUrl}`,
    `  Write key   ${writeKey}`,
    ...(how.demoUrl === undefined ? [] : [`  Demo site   ${how.demoUrl}`]),
    ...(how.traffic
      ? ["  Traffic     made-up visits, about one a second (leave them out with --no-traffic)"]
      : []),
    ...(how.watch
      ? [
          `  Watching    handlers/, sql/ and tracking-plan/: a save is live in a second${how.detached ? " (.local/logs/cloud.log tells)" : ""}`,
        ]
      : []),
    "",
    "  Send an event",
    `    curl -u ${writeKey}: -d '${body}' ${outputs.collectorUrl}v1/track`,
    "  Ask for it (an event takes up to two minutes to the warehouse)",
    `    npm run query -- "select event_time, event_type, event_name, source from events order by event_time desc limit 10"`,
    "  Send a file, and see that nothing is lost",
    "    npm run import -- access.log.gz --wait",
    "    npm run balance",
    "",
    how.detached
      ? "  Stop it with npm stop; npm start goes on where it was."
      : "  Ctrl-C stops it; npm start goes on where it was.",
    "",
  ].join("\n");
}

/** The source whose write key is shown, and that demo traffic comes from. */
export function demoSource(outputs: Outputs): Outputs["sources"][number] {
  const source = outputs.sources.find(({ kind }) => kind === "browser") ?? outputs.sources[0];
  if (source === undefined) throw new Error("the environment has no source");
  return source;
}
