import type { PlanEvent } from "../../tracking-plan/build/read";
import { isObjectSchema, type Schema, walk } from "../../tracking-plan/build/schema";

/** The snippet's types of planned events, under the project's folder. */
export const typesPath = "browser/plan.ts";

const HEAD = `// Written by \`npm run schema -- --types\` from tracking-plan/. Include it where \`track\` is called: calls are checked then.
import type {} from "./types";

`;

const TAIL = `
declare module "./types" {
  interface PlannedEvents extends Plan {}
}
`;

/** TypeScript types of the plan's tracked events, each by its newest version: `PlannedEvents` of browser/types.ts. */
export async function planTypes(events: readonly PlanEvent[]): Promise<string> {
  const tracked = events.filter(({ type }) => type === "track");
  const schema = {
    title: "Plan",
    description: "The events of the tracking plan, with their properties.",
    type: "object",
    additionalProperties: false,
    required: tracked.map(({ event }) => event),
    properties: Object.fromEntries(
      tracked.map(({ event }, index) => [event, { $ref: `#/definitions/e${index}` }]),
    ),
    definitions: Object.fromEntries(tracked.map((event, index) => [`e${index}`, eventSchema(event, index)])),
  };
  // Loaded when it is needed: it brings a formatter along.
  const { compile } = await import("json-schema-to-typescript");
  const types = await compile(schema as Parameters<typeof compile>[0], "Plan", {
    bannerComment: "",
    format: false,
    additionalProperties: true,
  });
  return `${HEAD}${types}${TAIL}`;
}

/** The schema of an event's properties, at home in a larger one. */
function eventSchema({ event, description, versions, numbers }: PlanEvent, index: number): object {
  const properties = versions[numbers[0] ?? 0]?.properties ?? { type: "object" };
  const own = structuredClone(properties) as Schema;
  walk(own, "", (part) => {
    if (typeof part.$ref === "string")
      (part as Record<string, unknown>).$ref = part.$ref.replace(/^#/, `#/definitions/e${index}`);
  });
  return { ...(isObjectSchema(own) ? own : {}), title: event, description };
}
