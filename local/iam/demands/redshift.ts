import { jsonService } from "./json-service";
import { type DemandsOf, on, onAll, text } from "./service-map";

const workgroup = on((input, world) => workgroupOf(text(input, "WorkgroupName"), world));

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
  const owner = world.statementOwner(id.replace(/:\d+$/, "")); // <id>:<n> is the n-th of a batch
  return [
    {
      action,
      resource: "*",
      ...(owner === undefined ? {} : { context: { "redshift-data:statement-owner-iam-userid": owner } }),
    },
  ];
};

/**
 * `GetStatementResultV2` is authorized as `GetStatementResult`.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftdataapi.html
 */
export const redshiftData = jsonService({
  prefix: "redshift-data",
  targets: {
    RedshiftData: {
      BatchExecuteStatement: workgroup,
      CancelStatement: statement,
      DescribeStatement: statement,
      DescribeTable: workgroup,
      ExecuteStatement: workgroup,
      GetStatementResult: statement,
      GetStatementResultV2: (input, _action, world) =>
        statement(input, "redshift-data:GetStatementResult", world),
      ListDatabases: workgroup,
      ListSchemas: workgroup,
      ListStatements: onAll,
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
