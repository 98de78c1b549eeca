import type {
  Cors,
  DestinationConfig,
  EphemeralStorage,
  FilterCriteria,
  LoggingConfig,
  ScalingConfig,
  TracingConfig,
  VpcConfig,
} from "@aws-sdk/client-lambda";
import { Store } from "../service/store";

/** One version of a function as `FunctionConfiguration` answers it, without its ARN and state. */
export interface Configuration {
  readonly FunctionName: string;
  readonly Version: string;
  readonly Runtime: string;
  readonly Role: string;
  readonly Handler: string;
  readonly Description: string;
  /** Seconds. */
  readonly Timeout: number;
  /** MB. */
  readonly MemorySize: number;
  readonly CodeSize: number;
  /** SHA-256 of the package, in base64. */
  readonly CodeSha256: string;
  readonly LastModified: string;
  readonly RevisionId: string;
  readonly Architectures: readonly string[];
  readonly PackageType: "Zip";
  readonly LoggingConfig: LoggingConfig & { readonly LogFormat: "Text" | "JSON"; readonly LogGroup: string };
  readonly EphemeralStorage: EphemeralStorage;
  readonly TracingConfig: TracingConfig;
  readonly Environment?: { readonly Variables: Readonly<Record<string, string>> };
  readonly VpcConfig?: VpcConfig;
  readonly KMSKeyArn?: string;
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  /** Each with the hash of its package, so that a version can be deleted while functions use it. */
  readonly Layers?: readonly { readonly Arn: string; readonly CodeSize: number; readonly sha256: string }[];
}

/** A statement of a function's resource policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: "*" | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A function URL. Its address is `http://127.0.0.1:<port>/`, the same over restarts. */
export interface FunctionUrl {
  readonly port: number;
  readonly AuthType: "NONE" | "AWS_IAM";
  readonly InvokeMode: "BUFFERED";
  readonly Cors?: Cors;
  readonly CreationTime: string;
  readonly LastModifiedTime: string;
}

/** How a function is invoked asynchronously; absent members have AWS's defaults. */
export interface EventInvokeConfig {
  /** Unix time, seconds. */
  readonly LastModified: number;
  readonly MaximumRetryAttempts?: number;
  readonly MaximumEventAgeInSeconds?: number;
  readonly DestinationConfig?: DestinationConfig;
}

/** A pointer to a version. */
export interface Alias {
  readonly Name: string;
  readonly FunctionVersion: string;
  readonly Description: string;
  readonly RevisionId: string;
}

/** All that is known of one function; the records of a qualifier are keyed by it, `$LATEST` for none. */
export interface FunctionRecord {
  latest: Configuration;
  readonly versions: Configuration[];
  lastVersion: number;
  readonly aliases: Record<string, Alias>;
  readonly policies: Record<string, PolicyStatement[]>;
  policyRevision: string;
  readonly urls: Record<string, FunctionUrl>;
  readonly eventInvoke: Record<string, EventInvokeConfig>;
  tags: Record<string, string>;
  reservedConcurrency?: number;
  recursiveLoop: "Allow" | "Terminate";
}

/** An event source mapping as it is configured. */
export interface Mapping {
  readonly UUID: string;
  readonly FunctionArn: string;
  readonly EventSourceArn: string;
  readonly enabled: boolean;
  readonly StartingPosition?: "TRIM_HORIZON" | "LATEST";
  /** When a stream's mapping was made, Unix time in ms: LATEST begins there, whenever it comes to reading. */
  readonly createdMs?: number;
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly ParallelizationFactor?: number;
  readonly MaximumRecordAgeInSeconds?: number;
  readonly BisectBatchOnFunctionError?: boolean;
  readonly MaximumRetryAttempts?: number;
  readonly TumblingWindowInSeconds?: number;
  readonly DestinationConfig?: DestinationConfig;
  readonly FilterCriteria?: FilterCriteria;
  readonly FunctionResponseTypes: readonly string[];
  readonly ScalingConfig?: ScalingConfig;
  readonly KMSKeyArn?: string;
  readonly MetricsConfig?: object;
  readonly LoggingConfig?: object;
  /** Unix time, seconds. */
  readonly LastModified: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A published layer version. */
export interface LayerVersion {
  readonly LayerName: string;
  readonly Version: number;
  readonly Description: string;
  readonly CreatedDate: string;
  readonly CodeSha256: string;
  readonly CodeSize: number;
  readonly CompatibleRuntimes: readonly string[];
  readonly CompatibleArchitectures: readonly string[];
  readonly LicenseInfo?: string;
}

/** The control plane's state. */
export interface LambdaState {
  readonly functions: Record<string, FunctionRecord>;
  readonly mappings: Record<string, Mapping>;
  /** By layer name, oldest version first; a deleted version's number is never used again. */
  readonly layers: Record<string, { lastVersion: number; versions: LayerVersion[] }>;
}

export type LambdaStore = Store<LambdaState>;

/** Opens the state kept in a folder. */
export function openState(folder: string): LambdaStore {
  return new Store<LambdaState>(folder, "lambda", { functions: {}, mappings: {}, layers: {} });
}
