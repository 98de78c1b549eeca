import type { Context } from "./context";
import { answer, type Call, label, notFound, type Routes } from "./router";

/** Tags of functions and event source mappings, by ARN. */
export function tagRoutes({ store }: Context): Routes {
  const TAGS = "/2017-03-31/tags/{Resource}";
  const resource = (
    call: Call,
  ): { tags: Record<string, string>; set: (tags: Record<string, string>) => void } => {
    const arn = label(call, "Resource");
    const [kind, id = ""] = arn.split(":").slice(5);
    const record = kind === "function" ? store.state.functions[id] : undefined;
    if (record !== undefined)
      return {
        tags: record.tags,
        set: (tags) => {
          record.tags = tags;
        },
      };
    const mapping = kind === "event-source-mapping" ? store.state.mappings[id] : undefined;
    if (mapping !== undefined)
      return {
        tags: { ...mapping.tags },
        set: (tags) => {
          store.state.mappings[id] = { ...mapping, tags };
        },
      };
    throw notFound(`The resource you requested does not exist: ${arn}`);
  };
  return {
    [`GET ${TAGS}`]: (call) => answer(200, { Tags: resource(call).tags }),
    [`POST ${TAGS}`]: (call) => {
      const { tags, set } = resource(call);
      set({ ...tags, ...call.body<{ Tags?: Record<string, string> }>().Tags });
      store.save();
      return answer(204);
    },
    [`DELETE ${TAGS}`]: (call) => {
      const { tags, set } = resource(call);
      const removed = new Set(call.query.getAll("tagKeys"));
      set(Object.fromEntries(Object.entries(tags).filter(([name]) => !removed.has(name))));
      store.save();
      return answer(204);
    },
  };
}
