import type { Plan } from "../../sql/plan";
import { ANYTHING, type Change } from "../catalog/known";
import type { StatementContext } from "./context";

/** Notes what a statement that has run has changed of the definitions. */
export async function noteEffects(context: StatementContext, step: Plan): Promise<void> {
  const change = changeOf(step, context);
  if (change === "temporary") await context.session.temporaryChanged();
  else if (change !== undefined) context.session.defined(change);
}

/** @default undefined nothing that is not known already */
function changeOf(step: Plan, { catalog, session }: StatementContext): Change | "temporary" | undefined {
  const made = (name: string): Change | undefined =>
    session.temporary.get(name) === catalog.temporary.get(name)
      ? { relations: [name], grants: true }
      : undefined; // a temporary one, which the session has noted
  switch (step.kind) {
    case "create table":
      return made(step.table.name.name);
    case "create table as":
    case "create table like":
      return made(step.name.name);
    case "create view":
      return { relations: [step.name.name], grants: true };
    case "alter table": {
      const relation = catalog.find(step.table);
      if (relation === undefined || relation.temporary === true) return "temporary";
      const to = step.change.verb === "rename" ? [step.change.to] : [];
      return { relations: [relation.name, ...to], grants: true };
    }
    case "comment": {
      const path = step.on === "column" ? step.path.slice(0, -1) : step.path;
      const name = path.at(-1) ?? "";
      return catalog.temporary.has(name) ? "temporary" : { relations: [name] };
    }
    case "drop":
      return step.names.every((name) => catalog.find(name)?.temporary === true) ? "temporary" : ANYTHING;
    case "create function":
      return { functions: true, grants: true };
    case "create schema":
    case "alter schema":
      return ANYTHING;
    case "principal":
      return { users: true, grants: true };
    case "access":
      return { grants: true };
    default:
      return undefined;
  }
}
