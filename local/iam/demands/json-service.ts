import { one } from "../request";
import { type DemandsOf, parseInput, type ServiceMap } from "./service-map";

/** A service of the AWS JSON protocols. */
export interface JsonService {
  /** Of its actions: `dynamodb`. */
  readonly prefix: string;
  /** What stands before the operation in the target header → its operations. */
  readonly targets: Readonly<Record<string, Readonly<Record<string, DemandsOf>>>>;
}

/**
 * Maps a service whose operation is named by `X-Amz-Target: <target>.<Operation>`.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function jsonService({ prefix, targets }: JsonService): ServiceMap {
  return {
    readsBody: () => true,
    async operation(request, world, caller) {
      const [target = "", name = ""] = (one(request.headers["x-amz-target"]) ?? "").split(".");
      const operations = Object.hasOwn(targets, target) ? targets[target] : undefined;
      const demandsOf = operations && Object.hasOwn(operations, name) ? operations[name] : undefined;
      const input = parseInput(request.body);
      if (demandsOf === undefined || input === undefined || request.path !== "/") return undefined;
      return { name, demands: await demandsOf(input, `${prefix}:${name}`, world, caller) };
    },
  };
}
