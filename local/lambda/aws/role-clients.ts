import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { REGION } from "../../service/aws";
import { type RoleCredentials, RoleRefused, type RoleSessions, type RoleUse } from "../../service/role";
import type { Endpoint } from "../../service/signed";
import { invalid } from "../control/router";

/** What Lambda calls AWS with for a function: everything as the function's role. */
export interface RoleClients extends Endpoint {
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

/** The clients of the roles that functions have, made once each. */
export class RoleClientCache {
  readonly #clients = new Map<string, RoleClients>();

  constructor(
    private readonly gatewayUrl: string,
    private readonly sessions: RoleSessions,
  ) {}

  of(use: RoleUse): RoleClients {
    const key = `${use.roleArn} ${use.sourceArn}`;
    const existing = this.#clients.get(key);
    if (existing !== undefined) return existing;
    const credentials = (): Promise<RoleCredentials> => this.sessions.credentials(use);
    const client = { endpoint: this.gatewayUrl, region: REGION, credentials };
    const made: RoleClients = {
      gatewayUrl: this.gatewayUrl,
      credentials,
      lambda: new LambdaClient(client),
      s3: new S3Client({ ...client, forcePathStyle: true }),
      sqs: new SQSClient(client),
    };
    this.#clients.set(key, made);
    return made;
  }
}

/** A queue's URL, which its ARN tells: a role needs no permission to look it up. */
export function queueUrl(gatewayUrl: string, queueArn: string): string {
  const [account, name] = queueArn.split(":").slice(4);
  return new URL(`/${account}/${name}`, gatewayUrl).href;
}

/**
 * Refuses a role that Lambda cannot take on. When STS cannot be asked the role is taken as it is: it is asked again
 * whenever the function is to run.
 * @throws InvalidParameterValueException
 * @see https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
 */
export async function checkRole(sessions: RoleSessions, use: RoleUse): Promise<void> {
  try {
    await sessions.credentials(use);
  } catch (error) {
    if (error instanceof RoleRefused)
      throw invalid("The role defined for the function cannot be assumed by Lambda.");
  }
}
