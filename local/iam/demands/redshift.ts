import type { Demand } from "../decision/evaluator";
import { jsonService } from "./json-service";
import { as, type DemandsOf, on, onAll, text } from "./service-map";

/** A statement in a session is one in the session's workgroup, which the call does not name again. */
const workgroup = on((input, world) => {
  const session = text(input, "SessionId");
  const name =
    text(input, "WorkgroupName") ?? (session === undefined ? undefined : world.sessionWorkgroup(session));
  return workgroupOf(name, world);
});

/** Running statements, which a policy may limit to sessions that the caller owns. */
const run: DemandsOf = async (input, action, world, caller) => {
  const owner = world.ownerOf(text(input, "SessionId") ?? "");
  const demands = await workgroup(input, action, world, caller);
  if (owner === undefined) return demands;
  const context = { "redshift-data:session-owner-iam-userid": owner };
  return demands.map((demand) => ({ ...demand, context }));
};

/** A workgroup's ARN bears an id; operations take its ARN in place of its name. */
async function workgroupOf(
  name: string | undefined,
  world: { workgroupArn(name: string): Promise<string | undefined> },
): Promise<string | undefined> {
  if (name === undefined || name.startsWith("arn:")) return name;
  return world.workgroupArn(name);
}

/**
 * A statement has no ARN: a policy limits it to the statements that the caller owns.
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html
 */
const statement: DemandsOf = (input, action, world) => {
  const id = text(input, "Id") ?? "";
  return ownedBy(world.ownerOf(id.replace(/:\d+$/, "")), action); // <id>:<n> is the n-th of a batch
};

/** Those of the caller's own role are listed. */
const statements: DemandsOf = (_input, action, _world, { userId }) => ownedBy(userId, action);

function ownedBy(owner: string | undefined, action: string): Demand[] {
  const context = owner === undefined ? {} : { "redshift-data:statement-owner-iam-userid": owner };
  return [{ action, resource: "*", context }];
}

/**
 * `GetStatementResultV2` is authorized as `GetStatementResult`.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftdataapi.html
 */
export const redshiftData = jsonService({
  prefix: "redshift-data",
  targets: {
    RedshiftData: {
      BatchExecuteStatement: run,
      CancelStatement: statement,
      DescribeStatement: statement,
      DescribeTable: workgroup,
      ExecuteStatement: run,
      GetStatementResult: statement,
      GetStatementResultV2: as("redshift-data:GetStatementResult", statement),
      ListDatabases: workgroup,
      ListSchemas: workgroup,
      ListStatements: statements,
      ListTables: workgroup,
    },
  },
});

const lowerWorkgroup = on((input, world) => workgroupOf(text(input, "workgroupName"), world));

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftserverless.html */
export const redshiftServerless = jsonService({
  prefix: "redshift-serverless",
  targets: {
    RedshiftServerless: {
      GetCredentials: lowerWorkgroup,
      GetWorkgroup: lowerWorkgroup,
      ListNamespaces: onAll,
      ListWorkgroups: onAll,
    },
  },
});
