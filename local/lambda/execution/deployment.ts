import { delimiter, join } from "node:path";
import { ACCOUNT_ID, arn, REGION } from "../../service/aws";
import { LAMBDA_SESSION, type RoleCredentials, type RoleUse } from "../../service/role";
import type { Configuration } from "../state";
import { RUNTIME_MAJOR } from "./node";

/** One version of a function, ready to run: what an execution environment is made from. */
export interface Deployment {
  readonly configuration: Configuration;
  /** The folder of the unpacked package. */
  readonly codeFolder: string;
  /** The folder that plays /opt, if the function has layers. */
  readonly layerFolder?: string;
}

/** What one execution environment has of its own on this machine; wiped when it ends. */
export interface LocalFolders {
  /** Plays /tmp. */
  readonly tmpFolder: string;
  /** Plays /opt: the layers, or an empty folder. */
  readonly optFolder: string;
  /** Made by the process before it is ended for the memory it uses. */
  readonly outOfMemoryFile: string;
}

/**
 * What an execution environment is given of its role, in a session of its own that bears the function's name.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
export function functionRole({ FunctionName, Role }: Pick<Configuration, "FunctionName" | "Role">): RoleUse {
  return { roleArn: Role, sessionName: FunctionName, sourceArn: functionArn(FunctionName) };
}

/** The role of a function, in the session in which Lambda polls, logs and delivers for it. */
export function serviceRole({ FunctionName, Role }: Pick<Configuration, "FunctionName" | "Role">): RoleUse {
  return { roleArn: Role, sessionName: LAMBDA_SESSION, sourceArn: functionArn(FunctionName) };
}

/** Credentials as an execution environment's variables. */
export function credentialVariables(credentials: RoleCredentials): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}

/** A function's ARN, with the qualifier if there is one. */
export function functionArn(name: string, qualifier?: string): string {
  return arn("lambda", `function:${name}${qualifier === undefined ? "" : `:${qualifier}`}`);
}

/** The ARN of the runtime version that a function runs on. */
export function runtimeArn(runtime: string): string {
  return `arn:aws:lambda:${REGION}::runtime:${runtime}`;
}

/** `/aws/lambda/<function>` unless the function's logging configuration names another group. */
export function logGroup(configuration: Configuration): string {
  return configuration.LoggingConfig.LogGroup;
}

/** A log stream's name: `YYYY/MM/DD/[version]<32 hex digits>`. */
export function logStream(configuration: Configuration, startedAt: Date, id: string): string {
  return `${startedAt.toISOString().slice(0, 10).replaceAll("-", "/")}/[${configuration.Version}]${id}`;
}

/**
 * The whole environment of an execution environment's process: Lambda's own variables and the declared ones,
 * nothing of this machine's. The role's credentials follow when they are there: {@link credentialVariables}.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentVariables(
  deployment: Deployment,
  stream: string,
  gatewayUrl: string,
  folders: LocalFolders,
): Record<string, string> {
  const { configuration } = deployment;
  const { tmpFolder, optFolder } = folders;
  const logging = configuration.LoggingConfig;
  return {
    ...configuration.Environment?.Variables,
    _HANDLER: configuration.Handler,
    AWS_ACCOUNT_ID: ACCOUNT_ID,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ENDPOINT_URL: gatewayUrl,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.FunctionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize),
    AWS_LAMBDA_FUNCTION_VERSION: configuration.Version,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup(configuration),
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
    AWS_LAMBDA_LOG_FORMAT: logging.LogFormat,
    ...(logging.LogFormat === "JSON" ? { AWS_LAMBDA_LOG_LEVEL: logging.ApplicationLogLevel ?? "INFO" } : {}),
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    LAMBDA_TASK_ROOT: deployment.codeFolder,
    LAMBDA_RUNTIME_DIR: join(__dirname, "runtime"),
    LOCAL_LAMBDA_ENVIRONMENT: JSON.stringify(folders), // the runtime takes it out again
    NODE_PATH: [
      join(optFolder, `nodejs/node${RUNTIME_MAJOR}/node_modules`),
      join(optFolder, "nodejs/node_modules"),
    ].join(delimiter),
    HOME: tmpFolder, // not the developer's: their ~/.aws must not reach a function
    LANG: "en_US.UTF-8",
    PATH: [process.env.PATH ?? "", join(optFolder, "bin")].join(delimiter),
    TMPDIR: tmpFolder,
    TZ: ":UTC",
    ...(process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot }), // sockets on Windows
  };
}
