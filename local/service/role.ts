import { REGION } from "./aws";

/** Temporary credentials of a role. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** What a service takes a role on for. */
export interface RoleUse {
  readonly roleArn: string;
  /** Ends the ARN of whoever calls with the credentials: `assumed-role/<role>/<session>`. */
  readonly sessionName: string;
  /** The resource that the role was given to: what its trust policy may demand as `aws:SourceArn`. */
  readonly sourceArn: string;
}

/** The role does not exist, or does not trust the service. A policy that is mended mends this too. */
export class RoleRefused extends Error {
  override readonly name = "AccessDeniedException";
}

/** The sessions in which Lambda itself acts for a function, beside those of its execution environments. */
export const LAMBDA_SESSION = "awslambda";
/** The sessions in which Data Firehose delivers. */
export const FIREHOSE_SESSION = "AWSFirehoseToS3";
/** The sessions in which EventBridge Scheduler reaches its targets. */
export const SCHEDULER_SESSION = "EventBridgeScheduler";
/** The sessions in which Redshift loads and unloads. */
export const REDSHIFT_SESSION = "RedshiftIamRoleSession";

/** As long as a session may last: services are not bound by the role's own maximum. */
const SESSION_SECONDS = 12 * 3600;
/** A session is replaced so long before it ends, ms: whatever was begun with it can be finished. */
const MARGIN_MS = 30 * 60_000;

/** Where a service presents itself. */
export interface ServiceIdentity {
  /** The service principal, as trust policies name it: `lambda.amazonaws.com`. */
  readonly service: string;
  readonly gatewayUrl: string;
}

/**
 * Takes on a role as an AWS service does: with STS AssumeRole, as the service principal that the role's trust policy
 * must name. The services of the local cloud have no secret of their own; only the loopback interface reaches STS.
 * @throws RoleRefused when the role is not there or does not trust the service; Error when STS does not answer
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
 */
export async function assumeRole(
  { service, gatewayUrl }: ServiceIdentity,
  { roleArn, sessionName, sourceArn }: RoleUse,
): Promise<RoleCredentials> {
  const scope = `${new Date().toISOString().slice(0, 10).replaceAll("-", "")}/${REGION}/sts/aws4_request`;
  const response = await fetch(gatewayUrl, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=${service}/${scope}, SignedHeaders=host, Signature=none`,
      "x-local-source-arn": sourceArn,
    },
    body: new URLSearchParams({
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      DurationSeconds: String(SESSION_SECONDS),
    }),
  });
  const answer = await response.text();
  const member = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer)?.[1] ?? "";
  if (response.status === 403) throw new RoleRefused(member("Message"));
  if (!response.ok) throw new Error(`AssumeRole of ${roleArn} answered ${response.status}: ${answer}`);
  return {
    accessKeyId: member("AccessKeyId"),
    secretAccessKey: member("SecretAccessKey"),
    sessionToken: member("SessionToken"),
    expiration: new Date(member("Expiration")),
  };
}

/** Whether credentials last for what is begun with them now. */
export function lasts({ expiration }: Pick<RoleCredentials, "expiration">, now = Date.now()): boolean {
  return expiration.getTime() - now > MARGIN_MS;
}

/** Sessions of roles that a service uses again and again: one a role, replaced before it ends. */
export class RoleSessions {
  readonly #sessions = new Map<string, Promise<RoleCredentials>>();

  constructor(private readonly identity: ServiceIdentity) {}

  /** The credentials of a use; what it throws is what {@link assumeRole} does, and is tried again by the next call. */
  async credentials(use: RoleUse): Promise<RoleCredentials> {
    const key = `${use.roleArn} ${use.sessionName} ${use.sourceArn}`;
    const held = await this.#sessions.get(key)?.catch(() => undefined);
    if (held !== undefined && lasts(held)) return held;
    const session = assumeRole(this.identity, use);
    this.#sessions.set(key, session);
    return session;
  }

  /** The same as a provider for SDK clients, which ask it before every call. */
  provider(use: RoleUse): () => Promise<RoleCredentials> {
    return () => this.credentials(use);
  }
}
