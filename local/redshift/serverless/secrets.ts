import { createHash, createHmac, randomBytes } from "node:crypto";
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

/** Secrets Manager, as it is reached at the gateway. */
export function secretsManager(endpoint: string): Secrets {
  const call = (operation: string, input: object) => post(endpoint, operation, input);
  return {
    async create(name, value, kmsKeyId) {
      const secret = {
        Name: name,
        SecretString: JSON.stringify(value),
        ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
      };
      try {
        return String((await call("CreateSecret", secret)).ARN);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== "ResourceExistsException") throw error;
        await call("PutSecretValue", { SecretId: name, SecretString: secret.SecretString });
        return String((await call("DescribeSecret", { SecretId: name })).ARN);
      }
    },
    async delete(arn) {
      try {
        await call("DeleteSecret", { SecretId: arn, ForceDeleteWithoutRecovery: true });
      } catch (error) {
        if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
      }
    },
  };
}

async function post(endpoint: string, operation: string, input: object): Promise<Record<string, unknown>> {
  const body = JSON.stringify(input);
  const headers = sign(new URL(endpoint).host, `secretsmanager.${operation}`, body, new Date());
  const response = await fetch(endpoint, { method: "POST", headers, body });
  const answer = (await response.json()) as Record<string, unknown>;
  if (response.ok) return answer;
  const error = new Error(`Secrets Manager ${operation}: ${String(answer.message ?? answer.Message)}`);
  error.name = String(answer.__type).split("#").at(-1) ?? "Error";
  throw error;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function sign(host: string, target: string, body: string, now: Date): Record<string, string> {
  const date = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = date.slice(0, 8);
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    host,
    "x-amz-date": date,
    "x-amz-target": target,
  };
  const names = Object.keys(headers).join(";");
  const canonical = [
    "POST",
    "/",
    "",
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
    "",
    names,
    sha256(body),
  ].join("\n");
  const scope = `${day}/${REGION}/secretsmanager/aws4_request`;
  const key = [day, REGION, "secretsmanager", "aws4_request"].reduce<Buffer>(
    (previous, part) => createHmac("sha256", previous).update(part).digest(),
    Buffer.from(`AWS4${process.env.AWS_SECRET_ACCESS_KEY ?? "test"}`),
  );
  const signature = createHmac("sha256", key)
    .update(["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n"))
    .digest("hex");
  const credential = `${process.env.AWS_ACCESS_KEY_ID ?? "test"}/${scope}`;
  const { host: _, ...sent } = headers;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
