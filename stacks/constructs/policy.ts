/** One statement of an IAM policy. */
export interface Statement {
  /** What the statement is for, letters and digits. */
  readonly sid?: string;
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  /** Who, where the policy is a resource's or a role's trust. @default nobody is named: the policy is a role's */
  readonly principal?: "*" | { readonly AWS: string } | { readonly Service: string | readonly string[] };
  readonly actions: readonly string[];
  /** @default none are named, as in a role's trust */
  readonly resources?: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** An IAM policy as JSON. */
export function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, effect = "Allow", principal, actions, resources, conditions }) => ({
      ...(sid === undefined ? {} : { Sid: sid }),
      Effect: effect,
      ...(principal === undefined ? {} : { Principal: principal }),
      Action: oneOrMany(actions),
      ...(resources === undefined ? {} : { Resource: oneOrMany(resources) }),
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  });
}

/**
 * The trust policy of a role that a service takes on.
 * @param account limits it to what the service does for this account's resources, where the service says whose
 *   they are. @default not limited: only a resource that the role was given to can have the service take it on
 */
export function trust(services: string | readonly string[], account?: string): string {
  return policy({
    actions: ["sts:AssumeRole"],
    principal: { Service: services },
    ...(account === undefined ? {} : { conditions: { StringEquals: { "aws:SourceAccount": account } } }),
  });
}

/**
 * What a service asks of its caller's role when data is encrypted with the key: DynamoDB decrypts the table's own key
 * for whoever uses its items, S3 wants a data key for a new object and decrypts the one of an old.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function useKey(
  keyArn: string,
  { region }: { readonly region: string },
  through: "dynamodb" | "s3",
  ...actions: readonly ("kms:Decrypt" | "kms:GenerateDataKey")[]
): Statement {
  const service = `${through}.${region}.amazonaws.com`;
  return { actions, resources: [keyArn], conditions: { StringEquals: { "kms:ViaService": service } } };
}

// AWS hands a list of one back as the element alone; written so, no plan shows a difference.
function oneOrMany(values: readonly string[]): string | readonly string[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}
