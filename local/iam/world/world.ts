import type { Agent } from "node:http";
import { type Origins, post } from "./calls";
import type { Remembered } from "./remembered";

/** What must be known of the cloud to say what a request needs. Look-ups reject when a service cannot be reached. */
export interface World {
  /** The ARN of a key, by its id, ARN, alias or alias's ARN. */
  keyArn(named: string): Promise<string | undefined>;
  /** The ARN of a secret, by its name or ARN. */
  secretArn(named: string): Promise<string | undefined>;
  workgroupArn(name: string): Promise<string | undefined>;
  /** `aws:userid` of whoever had the Data API run a statement, or open a session. */
  ownerOf(id: string): string | undefined;
  /** Name of the workgroup that a session of the Data API is in. */
  sessionWorkgroup(id: string): string | undefined;
  /** The key of the account's own that encrypts something; undefined when AWS's do. */
  tableKey(tableName: string): Promise<string | undefined>;
  bucketKey(bucket: string): Promise<BucketKey | undefined>;
  queueKey(queueArn: string): Promise<string | undefined>;
  secretKey(named: string): Promise<string | undefined>;
}

/** A bucket's default encryption with a key of the account's own. */
export interface BucketKey {
  readonly keyArn: string;
  /** Whether the key is asked for the bucket rather than for each object. */
  readonly perBucket: boolean;
}

/** How long a workgroup's ARN is remembered, ms: it changes when one is made anew, which no policy tells. */
const WORKGROUP_MS = 5_000;

/** The world as the services tell it, remembered until a policy or a definition changes. */
export class LiveWorld implements World {
  #memory = new Map<string, Promise<unknown>>();
  readonly #workgroups = new Map<
    string,
    { readonly arn: Promise<string | undefined>; readonly until: number }
  >();

  /** @param owners who had statements run, by their ids. @param sessions workgroups of sessions, by their ids. */
  constructor(
    private readonly origins: Origins,
    private readonly agent: Agent,
    private readonly owners: Remembered,
    private readonly sessions: Remembered,
  ) {}

  /** Forgets what it knows: definitions have changed. */
  forget(): void {
    this.#memory = new Map();
  }

  keyArn(named: string): Promise<string | undefined> {
    return this.#remembered(`key ${named}`, async () => {
      const { KeyMetadata } = await this.#call<{ KeyMetadata?: { Arn: string } }>(
        "kms",
        "TrentService.DescribeKey",
        {
          KeyId: named,
        },
      );
      return KeyMetadata?.Arn;
    });
  }

  async secretArn(named: string): Promise<string | undefined> {
    return (await this.#secret(named)).ARN;
  }

  async secretKey(named: string): Promise<string | undefined> {
    const { KmsKeyId } = await this.#secret(named);
    return KmsKeyId ? this.#ownKey(KmsKeyId) : undefined;
  }

  workgroupArn(name: string): Promise<string | undefined> {
    const held = this.#workgroups.get(name);
    if (held !== undefined && held.until > Date.now()) return held.arn;
    const target = "RedshiftServerless.GetWorkgroup";
    const arn = this.#call<{ workgroup?: { workgroupArn: string } }>("redshift-serverless", target, {
      workgroupName: name,
    }).then(({ workgroup }) => workgroup?.workgroupArn);
    this.#workgroups.set(name, { arn, until: Date.now() + WORKGROUP_MS });
    arn.catch(() => this.#workgroups.delete(name));
    return arn;
  }

  ownerOf(id: string): string | undefined {
    return this.owners.of(id);
  }

  sessionWorkgroup(id: string): string | undefined {
    return this.sessions.of(id);
  }

  tableKey(tableName: string): Promise<string | undefined> {
    return this.#remembered(`table ${tableName}`, async () => {
      const target = "DynamoDB_20120810.DescribeTable";
      const { Table } = await this.#call<{ Table?: { SSEDescription?: { KMSMasterKeyArn?: string } } }>(
        ...(["dynamodb", target, { TableName: tableName }] as const),
      );
      const key = Table?.SSEDescription?.KMSMasterKeyArn;
      return key ? this.#ownKey(key) : undefined;
    });
  }

  bucketKey(bucket: string): Promise<BucketKey | undefined> {
    return this.#remembered(`bucket ${bucket}`, async () => {
      const path = `/${encodeURIComponent(bucket)}?encryption`;
      const { status, body } = await post(this.origins["*"], this.agent, { method: "GET", path });
      if (status !== 200) return undefined;
      const named = /<KMSMasterKeyID>([^<]+)</.exec(body)?.[1];
      if (named === undefined || !body.includes("<SSEAlgorithm>aws:kms")) return undefined;
      const keyArn = await this.#ownKey(named);
      if (keyArn === undefined) return undefined;
      return { keyArn, perBucket: body.includes("<BucketKeyEnabled>true") };
    });
  }

  queueKey(queueArn: string): Promise<string | undefined> {
    return this.#remembered(`queue ${queueArn}`, async () => {
      const [account, name] = queueArn.split(":").slice(4);
      const { Attributes } = await this.#call<{ Attributes?: { KmsMasterKeyId?: string } }>(
        ...(["sqs", "AmazonSQS.GetQueueAttributes"] as const),
        {
          QueueUrl: new URL(`/${account}/${name}`, this.origins["*"]).href,
          AttributeNames: ["KmsMasterKeyId"],
        },
      );
      const key = Attributes?.KmsMasterKeyId;
      return key ? this.#ownKey(key) : undefined;
    });
  }

  #secret(named: string): Promise<{ readonly ARN?: string; readonly KmsKeyId?: string }> {
    return this.#remembered(`secret ${named}`, () =>
      this.#call("secretsmanager", "secretsmanager.DescribeSecret", { SecretId: named }),
    );
  }

  /** Keys that AWS manages (`alias/aws/…`) may be used by everybody through their service. */
  async #ownKey(named: string): Promise<string | undefined> {
    return /(^|:)alias\/aws\//.test(named) ? undefined : ((await this.keyArn(named)) ?? named);
  }

  #remembered<Value>(key: string, lookUp: () => Promise<Value>): Promise<Value> {
    const held = this.#memory.get(key);
    if (held !== undefined) return held as Promise<Value>;
    const memory = this.#memory;
    const value = lookUp();
    memory.set(key, value);
    value.catch(() => memory.delete(key));
    return value;
  }

  /** An operation of an AWS JSON service, as the account; an error of the service is an answer without members. */
  async #call<Output extends object>(
    service: string,
    target: string,
    input: object,
  ): Promise<Partial<Output>> {
    const { status, body } = await post(this.origins[service] ?? this.origins["*"], this.agent, {
      method: "POST",
      path: "/",
      target,
      body: JSON.stringify(input),
    });
    if (status >= 500) throw new Error(`${target} answered ${status}: ${body}`);
    return status === 200 ? (JSON.parse(body) as Output) : {};
  }
}
