import { dynamodb } from "./dynamodb";
import { sns, sqs } from "./messaging";
import { redshiftData, redshiftServerless } from "./redshift";
import { lambda, scheduler } from "./rest-service";
import { s3 } from "./s3";
import { kms, secretsmanager, ssm, sts } from "./security";
import type { ServiceMap } from "./service-map";
import { cloudwatch, firehose, logs } from "./streams-and-logs";

/** The map of what requests need: signing name → service. What is not in it is refused to everybody but the account. */
export const SERVICE_MAPS: Readonly<Record<string, ServiceMap>> = {
  dynamodb,
  firehose,
  kms,
  lambda,
  logs,
  monitoring: cloudwatch,
  "redshift-data": redshiftData,
  "redshift-serverless": redshiftServerless,
  s3,
  scheduler,
  secretsmanager,
  sns,
  sqs,
  ssm,
  sts,
};
