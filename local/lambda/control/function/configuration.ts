import { randomUUID } from "node:crypto";
import type {
  CreateFunctionCommandInput,
  FunctionConfiguration,
  UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import { functionArn, runtimeArn } from "../../execution/deployment";
import { RUNTIME_MAJOR } from "../../execution/node";
import type { Configuration, LambdaStore } from "../../state";
import { invalid } from "../router";
import { checkDestination, range } from "./checks";

/** Most bytes of all declared variables: names and values. */
const MAX_VARIABLES_BYTES = 4_096;

/** Most layers of a function. */
const MAX_LAYERS = 5;

/** Variables that Lambda sets and refuses to be given. */
const RESERVED_VARIABLES = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

/** The package of a version. */
export interface Package {
  readonly sha256: string;
  readonly sizeBytes: number;
}

type Settings = Partial<Omit<CreateFunctionCommandInput, "Code">> | UpdateFunctionConfigurationCommandInput;

/** A new function's `$LATEST`. */
export function newConfiguration(
  store: LambdaStore,
  input: Omit<CreateFunctionCommandInput, "Code">,
  code: Package,
): Configuration {
  const name = input.FunctionName ?? "";
  if (input.PackageType === "Image")
    throw invalid("PackageType must be Zip: the local Lambda runs no images");
  const initial: Configuration = {
    FunctionName: name,
    Version: "$LATEST",
    Runtime: "",
    Role: "",
    Handler: "",
    Description: "",
    Timeout: 3,
    MemorySize: 128,
    CodeSize: code.sizeBytes,
    CodeSha256: code.sha256,
    LastModified: "",
    RevisionId: "",
    Architectures: input.Architectures ?? ["x86_64"],
    PackageType: "Zip",
    LoggingConfig: { LogFormat: "Text", LogGroup: `/aws/lambda/${name}` },
    EphemeralStorage: { Size: 512 },
    TracingConfig: { Mode: "PassThrough" },
  };
  const missing = (["Role", "Handler", "Runtime"] as const).filter((member) => !input[member]);
  if (missing.length > 0) throw invalid(`${missing.join(", ")} must be given for a package of type Zip`);
  return changedConfiguration(store, initial, input);
}

/** A configuration with the settings that were given; absent ones stay. */
export function changedConfiguration(
  store: LambdaStore,
  current: Configuration,
  input: Settings,
): Configuration {
  checkSettings(input);
  const {
    Runtime,
    Role,
    Handler,
    Description,
    Timeout,
    MemorySize,
    Environment,
    VpcConfig,
    KMSKeyArn,
    TracingConfig,
    DeadLetterConfig,
    EphemeralStorage,
    LoggingConfig,
    Layers,
  } = input;
  return touched({
    ...current,
    ...given({
      Runtime,
      Role,
      Handler,
      Description,
      Timeout,
      MemorySize,
      TracingConfig,
      EphemeralStorage,
      KMSKeyArn,
    }),
    ...(Environment === undefined ? {} : { Environment: { Variables: { ...Environment.Variables } } }),
    ...(VpcConfig === undefined ? {} : { VpcConfig }),
    ...(DeadLetterConfig === undefined ? {} : { DeadLetterConfig: given(DeadLetterConfig) }),
    ...(LoggingConfig === undefined ? {} : { LoggingConfig: loggingConfig(current, LoggingConfig) }),
    ...(Layers === undefined ? {} : { Layers: Layers.map((layer) => layerReference(store, layer)) }),
  });
}

/** A configuration with the time and id of a new revision. */
export function touched(configuration: Configuration): Configuration {
  const LastModified = new Date().toISOString().replace("Z", "+0000");
  return { ...configuration, LastModified, RevisionId: randomUUID() };
}

/** A version as the API answers it. @param qualifier appended to the ARN; none for an unqualified answer. */
export function configurationAnswer(configuration: Configuration, qualifier?: string): FunctionConfiguration {
  const { Architectures, Layers, Environment, VpcConfig, DeadLetterConfig, KMSKeyArn, ...plain } =
    configuration;
  const subnets = VpcConfig?.SubnetIds ?? [];
  return {
    ...(plain as FunctionConfiguration),
    FunctionArn: functionArn(configuration.FunctionName, qualifier),
    Architectures: [...Architectures] as NonNullable<FunctionConfiguration["Architectures"]>,
    State: "Active",
    LastUpdateStatus: "Successful",
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeArn(configuration.Runtime) },
    ...(KMSKeyArn ? { KMSKeyArn } : {}),
    ...(Environment === undefined ? {} : { Environment }),
    ...(Layers === undefined || Layers.length === 0
      ? {}
      : { Layers: Layers.map(({ Arn, CodeSize }) => ({ Arn, CodeSize })) }),
    ...(DeadLetterConfig?.TargetArn ? { DeadLetterConfig } : {}),
    ...(subnets.length === 0
      ? {}
      : { VpcConfig: { Ipv6AllowedForDualStack: false, VpcId: "", ...VpcConfig } }),
  };
}

/**
 * Members of the API that are not emulated: each refused unless it says what is anyhow the case.
 * `TracingConfig` is kept, because it only adds traces.
 */
function refuseUnserved(input: Settings): void {
  const { FileSystemConfigs, ImageConfig, SnapStart, ...others } =
    input as Partial<CreateFunctionCommandInput>;
  const refused: Readonly<Record<string, boolean>> = {
    FileSystemConfigs: (FileSystemConfigs ?? []).length > 0,
    ImageConfig: Object.keys(ImageConfig ?? {}).length > 0,
    "SnapStart.ApplyOn": (SnapStart?.ApplyOn ?? "None") !== "None",
    CodeSigningConfigArn: Boolean(others.CodeSigningConfigArn),
    ...Object.fromEntries(
      ["CapacityProviderConfig", "DurableConfig", "TenancyConfig"].map((name) => [name, name in others]),
    ),
  };
  const [name] = Object.entries(refused).find(([, given]) => given) ?? [];
  if (name !== undefined) throw invalid(`${name} must not be given: the local Lambda does not have it`);
}

/** What Lambda refuses beyond its model, whose ranges are wider than what can be had here. */
function checkSettings(input: Settings): void {
  const { Runtime, Timeout, MemorySize, Environment, LoggingConfig } = input;
  const { EphemeralStorage, Layers = [], DeadLetterConfig } = input;
  refuseUnserved(input);
  range("EphemeralStorage.Size", EphemeralStorage?.Size, 512, 10_240);
  if (Layers.length > MAX_LAYERS) throw invalid(`Layers must be at most ${MAX_LAYERS}, got ${Layers.length}`);
  checkDestination("DeadLetterConfig.TargetArn", DeadLetterConfig?.TargetArn, ["sqs", "sns"]);
  if (Runtime !== undefined && Runtime !== `nodejs${RUNTIME_MAJOR}.x`)
    throw invalid(`Runtime must be nodejs${RUNTIME_MAJOR}.x, the one the local Lambda runs, got ${Runtime}`);
  range("Timeout", Timeout, 1, 900);
  range("MemorySize", MemorySize, 128, 10_240);
  const format = LoggingConfig?.LogFormat;
  if (
    format !== "JSON" &&
    (LoggingConfig?.ApplicationLogLevel ?? LoggingConfig?.SystemLogLevel) !== undefined
  )
    throw invalid("Log levels can only be set with the log format JSON");
  const variables = Object.entries(Environment?.Variables ?? {});
  const reserved = variables.map(([name]) => name).filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0)
    throw invalid(
      "Lambda was unable to configure your environment variables because the environment variables you have " +
        "provided contains reserved keys that are currently not supported for modification. " +
        `Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  const bytes = variables.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (bytes > MAX_VARIABLES_BYTES)
    throw invalid(
      "Lambda was unable to configure your environment variables because the environment variables you have " +
        `provided exceeded the 4KB limit. String measured: ${bytes} bytes`,
    );
}

function loggingConfig(
  current: Configuration,
  input: NonNullable<Settings["LoggingConfig"]>,
): Configuration["LoggingConfig"] {
  const LogFormat = input.LogFormat ?? "Text";
  const LogGroup = input.LogGroup ?? `/aws/lambda/${current.FunctionName}`;
  if (LogFormat === "Text") return { LogFormat, LogGroup };
  const { ApplicationLogLevel = "INFO", SystemLogLevel = "INFO" } = input;
  return { LogFormat, ApplicationLogLevel, SystemLogLevel, LogGroup };
}

function layerReference(store: LambdaStore, layerArn: string): NonNullable<Configuration["Layers"]>[number] {
  const [name = "", version] = layerArn.split(":").slice(-2);
  const found = store.state.layers[name]?.versions.find(({ Version }) => String(Version) === version);
  if (found === undefined) throw invalid(`Layer version ${layerArn} does not exist.`);
  return { Arn: layerArn, CodeSize: found.CodeSize, sha256: found.CodeSha256 };
}

/** The members that are not undefined. */
export function given<Members extends object>(
  members: Members,
): { [Name in keyof Members]: Exclude<Members[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Members]: Exclude<Members[Name], undefined>;
  };
}
