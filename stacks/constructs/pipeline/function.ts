import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../../config";
import type { Bundle, HandlerName } from "../../functions/bundle";
import { policy, type Statement, trust } from "../policy";

export interface HandlerFunctionProps {
  readonly environment: Environment;
  readonly handler: HandlerName;
  readonly description: string;
  readonly bundle: Bundle;
  /** The key of its logs. */
  readonly keyArn: string;
  /** MiB; CPU grows with it, 1,769 are one core. */
  readonly memorySize: number;
  readonly timeoutSeconds: number;
  /** How many of it run at once, at most; so many of the account's are its own. @default as many as there are */
  readonly reservedConcurrency?: number;
  /** What the handler must be given: checked against its own contract where it is written down. */
  readonly variables: Readonly<Record<string, string>>;
  /** What its role may do, besides writing its own logs. */
  readonly permissions: readonly Statement[];
  /** ARNs of the layers that it finds under /opt. @default none */
  readonly layers?: readonly string[];
}

/** A function with a role and a log group of its own. */
export class HandlerFunction extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const { environment, handler, bundle, keyArn, reservedConcurrency } = props;
    const { names, retentionDays, systemLogLevel } = environment;
    const functionName = names.functions[handler];
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/lambda/${functionName}`,
      retentionInDays: retentionDays,
      kmsKeyId: keyArn,
    });
    const role = new IamRole(this, "role", {
      name: functionName,
      description: `The function ${functionName} runs as it`,
      assumeRolePolicy: trust("lambda.amazonaws.com"),
    });
    const permissions = new IamRolePolicy(this, "policy", {
      name: handler,
      role: role.id,
      policy: policy(
        { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logs.arn}:*`] },
        ...props.permissions,
      ),
    });
    const code = new TerraformAsset(this, "code", { path: bundle.path, type: AssetType.FILE });
    const lambda = new LambdaFunction(this, "function", {
      functionName,
      description: props.description,
      role: role.arn,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: code.path,
      sourceCodeHash: bundle.sha256,
      memorySize: props.memorySize,
      timeout: props.timeoutSeconds,
      ...(props.layers === undefined ? {} : { layers: [...props.layers] }),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
      environment: { variables: { ...props.variables } },
      loggingConfig: {
        logFormat: "JSON",
        applicationLogLevel: "INFO",
        systemLogLevel,
        logGroup: logs.name,
      },
      // Without them the first runs would fail, and Terraform may invoke it the moment it is there.
      dependsOn: [permissions],
    });
    this.name = lambda.functionName;
    this.arn = lambda.arn;
  }
}
