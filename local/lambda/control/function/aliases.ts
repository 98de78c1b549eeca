import { randomUUID } from "node:crypto";
import { functionArn } from "../../execution/deployment";
import { findVersion } from "../../execution/invoker";
import type { Alias, FunctionRecord } from "../../state";
import type { Context } from "../context";
import { calledFunction } from "../names";
import { answer, checkRevision, conflict, invalid, label, notFound, page, type Routes } from "../router";

interface Input {
  readonly Name?: string;
  readonly FunctionVersion?: string;
  readonly Description?: string;
  readonly RevisionId?: string;
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: object };
}

/** Aliases, each pointing to one version (weighted routing is refused). */
export function aliasRoutes({ store }: Context): Routes {
  const ALIASES = "/2015-03-31/functions/{FunctionName}/aliases";
  const shown = (name: string, alias: Alias): object => ({
    ...alias,
    AliasArn: functionArn(name, alias.Name),
  });
  return {
    [`POST ${ALIASES}`]: (call) => {
      const { record, name } = calledFunction(store, call);
      const input = call.body<Input>();
      if (!input.Name || !input.FunctionVersion) throw invalid("Name and FunctionVersion must be given");
      check(record, name, input);
      if (record.aliases[input.Name] !== undefined)
        throw conflict(`Alias already exists: ${functionArn(name, input.Name)}`);
      const alias: Alias = {
        Name: input.Name,
        FunctionVersion: input.FunctionVersion,
        Description: input.Description ?? "",
        RevisionId: randomUUID(),
      };
      record.aliases[alias.Name] = alias;
      store.save();
      return answer(201, shown(name, alias));
    },
    [`GET ${ALIASES}`]: (call) => {
      const { record, name } = calledFunction(store, call);
      const version = call.query.get("FunctionVersion");
      const found = Object.values(record.aliases).filter(
        ({ FunctionVersion }) => version === null || FunctionVersion === version,
      );
      const [aliases, next] = page(call, found);
      return answer(200, { Aliases: aliases.map((alias) => shown(name, alias)), ...next });
    },
    [`GET ${ALIASES}/{Name}`]: (call) => {
      const { record, name } = calledFunction(store, call);
      return answer(200, shown(name, existing(record, name, label(call, "Name"))));
    },
    [`PUT ${ALIASES}/{Name}`]: (call) => {
      const { record, name } = calledFunction(store, call);
      const input = call.body<Input>();
      const alias = existing(record, name, label(call, "Name"));
      check(record, name, input);
      checkRevision(alias.RevisionId, input.RevisionId);
      const updated: Alias = {
        ...alias,
        FunctionVersion: input.FunctionVersion ?? alias.FunctionVersion,
        Description: input.Description ?? alias.Description,
        RevisionId: randomUUID(),
      };
      record.aliases[alias.Name] = updated;
      store.save();
      return answer(200, shown(name, updated));
    },
    [`DELETE ${ALIASES}/{Name}`]: (call) => {
      const { record } = calledFunction(store, call);
      delete record.aliases[label(call, "Name")];
      store.save();
      return answer(204);
    },
  };
}

function existing(record: FunctionRecord, name: string, alias: string): Alias {
  const found = record.aliases[alias];
  if (found === undefined) throw notFound(`Cannot find alias arn: ${functionArn(name, alias)}`);
  return found;
}

function check(record: FunctionRecord, name: string, { FunctionVersion, RoutingConfig }: Input): void {
  if (Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0)
    throw invalid("RoutingConfig must be empty: the local Lambda has no weighted aliases");
  if (FunctionVersion !== undefined && findVersion(record, FunctionVersion) === undefined)
    throw notFound(`Function not found: ${functionArn(name, FunctionVersion)}`);
}
