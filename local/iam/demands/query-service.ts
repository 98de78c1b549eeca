import { one } from "../request";
import type { DemandsOf, Input, ServiceMap } from "./service-map";

/**
 * Maps a service of the Query protocol: `Action=<Operation>` among parameters, in the body or the URL.
 * @param fromPath what the path says, where a path other than / is allowed. @default none is
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function queryService(
  prefix: string,
  operations: Readonly<Record<string, DemandsOf>>,
  fromPath?: (path: string) => Input,
): ServiceMap {
  return {
    readsBody: () => true,
    async operation({ headers, path, query, body }, world, caller) {
      if (one(headers["x-amz-target"]) !== undefined) return undefined; // another protocol: another operation
      if (path !== "/" && fromPath === undefined) return undefined;
      const given = [...query, ...new URLSearchParams(body.toString("utf8"))];
      const parameters = Object.fromEntries(given);
      const name = parameters.Action ?? "";
      const demandsOf = Object.hasOwn(operations, name) ? operations[name] : undefined;
      // Something named twice could be one thing here and another where it is served.
      if (demandsOf === undefined || given.length !== Object.keys(parameters).length) return undefined;
      const input: Input = { ...(path === "/" ? {} : fromPath?.(path)), ...parameters };
      return { name, demands: await demandsOf(input, `${prefix}:${name}`, world, caller) };
    },
  };
}
