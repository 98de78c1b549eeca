import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { REDSHIFT_SESSION, RoleRefused, type RoleSessions } from "../../../service/role";
import { SqlError } from "../../sql/error";

/** What COPY reads from and UNLOAD writes to. */
export interface ObjectSource {
  /** An object's bytes. @default undefined there is no such object */
  read(bucket: string, key: string): Promise<Uint8Array | undefined>;
  /** Keys that begin with the prefix. */
  list(bucket: string, prefix: string): Promise<string[]>;
  write(bucket: string, key: string, body: Uint8Array): Promise<void>;
  remove(bucket: string, keys: readonly string[]): Promise<void>;
}

/** A role that a namespace has, to reach other services with. */
export interface AttachedRole {
  readonly roleArn: string;
  readonly namespaceArn: string;
}

/** What each role reaches. */
export type ObjectSources = (role: AttachedRole) => ObjectSource;

/** S3 at the gateway, as the role that a statement names reaches it. */
export function s3Objects(gatewayUrl: string, sessions: RoleSessions): ObjectSources {
  const sources = new Map<string, ObjectSource>();
  return ({ roleArn, namespaceArn }) => {
    const use = { roleArn, sessionName: REDSHIFT_SESSION, sourceArn: namespaceArn };
    const client = { endpoint: gatewayUrl, forcePathStyle: true, credentials: sessions.provider(use) };
    const made = sources.get(`${roleArn} ${namespaceArn}`) ?? bucketsOf(new S3Client(client), roleArn);
    sources.set(`${roleArn} ${namespaceArn}`, made);
    return made;
  };
}

function bucketsOf(client: S3Client, roleArn: string): ObjectSource {
  const explained = (error: unknown): unknown => {
    if (!(error instanceof Error)) return error;
    const { name, message } = error;
    if (error instanceof RoleRefused)
      return new SqlError(`Not authorized to assume IAM Role ${roleArn}: ${message}`, { cause: error });
    return name === "AccessDenied"
      ? new SqlError(`S3ServiceException:${message},Status 403,Error AccessDenied`, { cause: error })
      : error;
  };
  return {
    async read(bucket, key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof Error && error.name === "NoSuchKey") return undefined;
        throw explained(error);
      }
    },
    async list(bucket, prefix) {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const command = new ListObjectsV2Command({
          ...{ Bucket: bucket, Prefix: prefix },
          ...(token === undefined ? {} : { ContinuationToken: token }),
        });
        const page = await client.send(command).catch((error: unknown) => {
          throw explained(error);
        });
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return keys;
    },
    async write(bucket, key, body) {
      await client
        .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
        .catch((error: unknown) => {
          throw explained(error);
        });
    },
    async remove(bucket, keys) {
      for (let at = 0; at < keys.length; at += 1000) {
        const Objects = keys.slice(at, at + 1000).map((Key) => ({ Key }));
        const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } });
        const { Errors = [] } = await client.send(command).catch((error: unknown) => {
          throw explained(error);
        });
        const [first] = Errors;
        if (first !== undefined)
          throw new SqlError(`S3ServiceException:${first.Message ?? first.Code}: ${first.Key}`);
      }
    },
  };
}
