import { ACCOUNT_ID, arn } from "../../service/aws";
import { jsonService } from "./json-service";
import { queryService } from "./query-service";
import { type DemandsOf, type Input, on, onAll, text } from "./service-map";

/** A key is authorized by its ARN, whatever names it; an alias, by the key behind it. */
function key(member: string): DemandsOf {
  return async (input, action, world) => {
    const named = text(input, member) ?? keyOfCiphertext(text(input, "CiphertextBlob"));
    const resource = (named === undefined ? undefined : await world.keyArn(named)) ?? "*";
    return [{ action, resource, context: keyContext(input) }];
  };
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function keyContext({ EncryptionContext }: Input): Record<string, string | string[]> {
  const pairs = Object.entries((EncryptionContext ?? {}) as Record<string, string>);
  return {
    "kms:CallerAccount": ACCOUNT_ID,
    ...(pairs.length === 0 ? {} : { "kms:EncryptionContextKeys": pairs.map(([name]) => name) }),
    ...Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
  };
}

/** A symmetric ciphertext tells its key; MiniStack's begins with the key's id. */
function keyOfCiphertext(blob: string | undefined): string | undefined {
  const id = Buffer.from(blob ?? "", "base64").toString("latin1", 0, 36);
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : undefined;
}

const usedKey = key("KeyId");

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
export const kms = jsonService({
  prefix: "kms",
  targets: {
    TrentService: {
      Decrypt: usedKey,
      DescribeKey: usedKey,
      Encrypt: usedKey,
      GenerateDataKey: usedKey,
      GenerateDataKeyWithoutPlaintext: usedKey,
      GenerateMac: usedKey,
      GenerateRandom: onAll,
      GetPublicKey: usedKey,
      ListAliases: onAll,
      ListKeys: onAll,
      Sign: usedKey,
      Verify: usedKey,
      VerifyMac: usedKey,
    },
  },
});

const secret = on(async (input, world) => {
  const id = text(input, "SecretId");
  return id === undefined ? undefined : ((await world.secretArn(id)) ?? id);
});

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
export const secretsmanager = jsonService({
  prefix: "secretsmanager",
  targets: {
    secretsmanager: {
      DescribeSecret: secret,
      GetSecretValue: secret,
      ListSecrets: onAll,
      ListSecretVersionIds: secret,
      PutSecretValue: secret,
    },
  },
});

/** A parameter's name is its path without the slash before it. */
function parameterArn(name: string): string {
  return name.startsWith("arn:") ? name : arn("ssm", `parameter/${name.replace(/^\//, "")}`);
}

const parameter = (member: string): DemandsOf =>
  on((input) => {
    const name = text(input, member);
    // A version or a label may follow: the policy's resource is without it.
    return name === undefined ? undefined : parameterArn(name.replace(/^(\/?[^:]+):[^:]+$/, "$1"));
  });
const parameters = on((input) => ((input.Names as string[] | undefined) ?? []).map(parameterArn));

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export const ssm = jsonService({
  prefix: "ssm",
  targets: {
    AmazonSSM: {
      DeleteParameter: parameter("Name"),
      DeleteParameters: parameters,
      DescribeParameters: onAll,
      GetParameter: parameter("Name"),
      GetParameterHistory: parameter("Name"),
      GetParameters: parameters,
      GetParametersByPath: parameter("Path"),
      PutParameter: parameter("Name"),
    },
  },
});

const role = on((input) => text(input, "RoleArn"));

/**
 * `GetCallerIdentity` needs no permission.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
export const sts = queryService("sts", {
  AssumeRole: async (input, action, world, caller) => {
    const demands = await role(input, action, world, caller);
    const context: Record<string, string> = {
      ...(text(input, "ExternalId") === undefined ? {} : { "sts:ExternalId": String(input.ExternalId) }),
      "sts:RoleSessionName": text(input, "RoleSessionName") ?? "",
    };
    const tagged = text(input, "Tags.member.1.Key") !== undefined;
    return [action, ...(tagged ? ["sts:TagSession"] : [])].flatMap((each) =>
      demands.map(({ resource }) => ({ action: each, resource, context })),
    );
  },
  GetCallerIdentity: () => [],
});
