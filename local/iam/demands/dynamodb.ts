import { arn } from "../../service/aws";
import type { Demand } from "../decision/evaluator";
import { jsonService } from "./json-service";
import { as, type DemandsOf, type Input, on, onAll, text } from "./service-map";

/** `arn:…:table/<name>`; operations take a table's ARN in place of its name. */
export function tableArn(nameOrArn: string): string {
  return nameOrArn.startsWith("arn:") ? nameOrArn : arn("dynamodb", `table/${nameOrArn}`);
}

const table = on((input) => {
  const name = text(input, "TableName");
  return name === undefined ? undefined : tableArn(name);
});

/** An index has a name and a resource of its own. */
const tableOrIndex = on((input) => {
  const name = text(input, "TableName");
  const index = text(input, "IndexName");
  if (name === undefined) return undefined;
  return index === undefined ? tableArn(name) : `${tableArn(name)}/index/${index}`;
});

/** Every table that a batch touches. */
const tables = on((input) => Object.keys((input.RequestItems as object | undefined) ?? {}).map(tableArn));

const byArn = (member: string): DemandsOf => on((input) => text(input, member));

/**
 * A transaction is authorized item by item, as what it does to the item.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
function transaction(enclosing: string, actions: Readonly<Record<string, string>>): DemandsOf {
  return (input) => {
    const found = new Map<string, Demand>();
    for (const item of (input.TransactItems as readonly Input[] | undefined) ?? [])
      for (const [kind, content] of Object.entries(item)) {
        const action = actions[kind];
        const name = text((content ?? {}) as Input, "TableName");
        if (action === undefined || name === undefined) continue;
        const resource = tableArn(name);
        const context = { "dynamodb:EnclosingOperation": enclosing };
        found.set(`${action} ${resource}`, { action: `dynamodb:${action}`, resource, context });
      }
    return found.size === 0 ? [{ action: `dynamodb:${enclosing}`, resource: "*" }] : [...found.values()];
  };
}

/** What a condition of a policy may ask of reads. */
function reading(demandsOf: DemandsOf): DemandsOf {
  return async (input, action, world, caller) => {
    const select = text(input, "Select");
    const demands = await demandsOf(input, action, world, caller);
    return select === undefined
      ? demands
      : demands.map((demand) => ({ ...demand, context: { "dynamodb:Select": select } }));
  };
}

/** The stream that a shard iterator was made for. An iterator is opaque; MiniStack's is JSON in base64. */
function iteratorStream(input: Input): string | undefined {
  try {
    const iterator = Buffer.from(text(input, "ShardIterator") ?? "", "base64url").toString("utf8");
    const { arn: stream } = JSON.parse(iterator) as { readonly arn?: unknown };
    return typeof stream === "string" ? stream : undefined;
  } catch {
    return undefined;
  }
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export const dynamodb = jsonService({
  prefix: "dynamodb",
  targets: {
    DynamoDB_20120810: {
      BatchGetItem: tables,
      BatchWriteItem: tables,
      DeleteItem: table,
      DescribeContinuousBackups: table,
      DescribeEndpoints: onAll,
      DescribeExport: byArn("ExportArn"),
      DescribeTable: table,
      DescribeTimeToLive: table,
      ExportTableToPointInTime: byArn("TableArn"),
      GetItem: table,
      ListTables: onAll,
      ListTagsOfResource: byArn("ResourceArn"),
      PutItem: table,
      Query: reading(tableOrIndex),
      Scan: reading(tableOrIndex),
      TransactGetItems: transaction("TransactGetItems", { Get: "GetItem" }),
      TransactWriteItems: transaction("TransactWriteItems", {
        ConditionCheck: "ConditionCheckItem",
        Delete: "DeleteItem",
        Put: "PutItem",
        Update: "UpdateItem",
      }),
      UpdateItem: table,
    },
    DynamoDBStreams_20120810: {
      DescribeStream: byArn("StreamArn"),
      GetRecords: on(iteratorStream),
      GetShardIterator: byArn("StreamArn"),
      ListStreams: as("dynamodb:ListStreams", onAll),
    },
  },
});
