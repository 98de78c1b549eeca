import type { ServiceModel } from "./model";

const OF_THE_SERVICE = ["metadata", "operations", "shapes"];
const OF_METADATA = ["serviceId", "protocol", "targetPrefix"];
/** What people read, and what says nothing about requests and answers. */
const LEFT_OUT = new Set([
  "documentation",
  "name",
  "deprecated",
  "sensitive",
  "idempotent",
  "readonly",
  "box",
]);
/** Parts of a model whose keys are names that the API gives, not words of the model's own. */
const NAMED = new Set(["operations", "shapes", "members"]);

/** What the local services need of a model as botocore has it, in one canonical order. */
export function extract(botocore: object): ServiceModel {
  const model = kept(botocore, (key) => OF_THE_SERVICE.includes(key)) as unknown as ServiceModel;
  return { ...model, metadata: kept(model.metadata, (key) => OF_METADATA.includes(key)) } as ServiceModel;
}

function kept(part: object, wanted: (key: string) => boolean): Record<string, unknown> {
  const entries = Object.entries(part).filter(([key]) => wanted(key));
  return Object.fromEntries(
    entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [
        key,
        slim(value, NAMED.has(key) ? () => true : (inner) => !LEFT_OUT.has(inner)),
      ]),
  );
}

function slim(value: unknown, wanted: (key: string) => boolean): unknown {
  if (Array.isArray(value)) return value;
  return typeof value === "object" && value !== null ? kept(value, wanted) : value;
}
