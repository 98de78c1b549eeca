import { randomBytes } from "node:crypto";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { REGION } from "../../service/aws";

/** Where a managed admin password lives. */
export interface Secrets {
  /** @returns the secret's ARN. A secret of that name that is already there is taken. */
  create(name: string, value: object, kmsKeyId: string | undefined): Promise<string>;
  delete(arn: string): Promise<void>;
}

/** A password as Redshift makes them: no quotes, slashes or spaces. */
export function newPassword(): string {
  return `Aa1${randomBytes(24).toString("base64url")}`;
}

/** Secrets Manager, as it is reached at the gateway with the credentials of the environment. */
export function secretsManager(endpoint: string): Secrets {
  const client = new SecretsManagerClient({
    endpoint,
    region: REGION,
    credentials: {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "test",
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "test",
    },
  });
  return {
    async create(name, value, kmsKeyId) {
      const secret = { SecretString: JSON.stringify(value), ...(kmsKeyId && { KmsKeyId: kmsKeyId }) };
      try {
        const { ARN } = await client.send(new CreateSecretCommand({ Name: name, ...secret }));
        return String(ARN);
      } catch (error) {
        if (!(error instanceof ResourceExistsException)) throw error;
        await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: secret.SecretString }));
        const { ARN } = await client.send(new DescribeSecretCommand({ SecretId: name }));
        return String(ARN);
      }
    },
    async delete(arn) {
      try {
        await client.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
  };
}
