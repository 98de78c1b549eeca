import type { Configuration } from "../../../local/lambda/state";

/** A function's configuration, with what a test needs to be different. */
export function configuration(more: Partial<Configuration> = {}): Configuration {
  return {
    FunctionName: "probe",
    Version: "$LATEST",
    Runtime: "nodejs22.x",
    Role: "arn:aws:iam::000000000000:role/probe",
    Handler: "index.handler",
    Description: "",
    Timeout: 3,
    MemorySize: 256,
    CodeSize: 1,
    CodeSha256: "AAAA",
    LastModified: "2026-11-23T00:00:00.000+0000",
    RevisionId: "1",
    Architectures: ["arm64"],
    PackageType: "Zip",
    LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/probe" },
    EphemeralStorage: { Size: 512 },
    TracingConfig: { Mode: "PassThrough" },
    ...more,
  };
}
