/** An operation of a service's API. */
export interface OperationModel {
  readonly name: string;
  /** Of a REST protocol: the method, and the path template with the parts of the query that name the operation. */
  readonly http?: { readonly method: string; readonly path: string };
}

/** The packages whose models say which operations a service has. */
const packages: Readonly<Record<string, string>> = {
  dynamodb: "@aws-sdk/client-dynamodb",
  dynamodbstreams: "@aws-sdk/client-dynamodb-streams",
  firehose: "@aws-sdk/client-firehose",
  iam: "@aws-sdk/client-iam",
  lambda: "@aws-sdk/client-lambda",
  "redshift-data": "@aws-sdk/client-redshift-data",
  "redshift-serverless": "@aws-sdk/client-redshift-serverless",
  s3: "@aws-sdk/client-s3",
  scheduler: "@aws-sdk/client-scheduler",
  secretsmanager: "@aws-sdk/client-secrets-manager",
  sqs: "@aws-sdk/client-sqs",
  ssm: "@aws-sdk/client-ssm",
};

/** Of services that the project has no client of: what the local services and Terraform call. */
const listed: Readonly<Record<string, string>> = {
  kms: `CancelKeyDeletion CreateAlias CreateGrant CreateKey Decrypt DeleteAlias DescribeKey DisableKey
    DisableKeyRotation EnableKey EnableKeyRotation Encrypt GenerateDataKey GenerateDataKeyPair
    GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac GenerateRandom GetKeyPolicy
    GetKeyRotationStatus GetParametersForImport GetPublicKey ListAliases ListGrants ListKeyPolicies
    ListKeyRotations ListKeys ListResourceTags ListRetirableGrants PutKeyPolicy ReEncrypt RetireGrant
    RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion Sign TagResource UntagResource UpdateAlias
    UpdateKeyDescription Verify VerifyMac`,
  logs: `CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DeleteMetricFilter DeleteRetentionPolicy
    DescribeLogGroups DescribeLogStreams DescribeMetricFilters FilterLogEvents GetLogEvents GetQueryResults
    ListTagsForResource ListTagsLogGroup PutLogEvents PutMetricFilter PutRetentionPolicy StartQuery StopQuery
    TagLogGroup TagResource UntagLogGroup UntagResource`,
  sns: `ConfirmSubscription CreateTopic DeleteTopic GetSubscriptionAttributes GetTopicAttributes
    ListSubscriptions ListSubscriptionsByTopic ListTagsForResource ListTopics Publish PublishBatch
    SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource Unsubscribe UntagResource`,
  sts: `AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot DecodeAuthorizationMessage
    GetAccessKeyInfo GetCallerIdentity GetFederationToken GetSessionToken GetWebIdentityToken`,
};

const known = new Map<string, readonly OperationModel[]>();

/** The operations of a service's API. They are read when they are first asked for: faults are off by default. */
export function operationsOf(service: string): readonly OperationModel[] {
  let operations = known.get(service);
  if (operations === undefined) {
    operations = packages[service] === undefined ? namesOf(listed[service]) : modelled(packages[service]);
    known.set(service, operations);
  }
  return operations;
}

function namesOf(names = ""): OperationModel[] {
  return names.split(/\s+/).map((name) => ({ name }));
}

/** An SDK's client exports the model of each operation as `[9, namespace, name, traits, …]`. */
type OperationSchema = readonly [9, string, string, Traits];
type Traits = 0 | { readonly http?: readonly [method: string, path: string, status: number] };

function modelled(name: string): OperationModel[] {
  const exported = Object.values(require(name) as Record<string, unknown>);
  return exported.filter(isOperation).map(([, , name, traits]) => {
    const http = traits === 0 ? undefined : traits.http;
    return http === undefined ? { name } : { name, http: { method: http[0], path: http[1] } };
  });
}

function isOperation(value: unknown): value is OperationSchema {
  return Array.isArray(value) && value[0] === 9;
}
