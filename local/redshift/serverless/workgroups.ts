import { randomUUID } from "node:crypto";
import { ACCOUNT_ID, AwsError, arn, REGION } from "../../service/aws";
import { conflict, type Serverless, type Tag, validName } from "./serverless";
import type { ConfigParameter, Workgroup } from "./state";

/** What CreateWorkgroup and UpdateWorkgroup take. */
export interface WorkgroupInput {
  readonly workgroupName: string;
  readonly namespaceName?: string;
  readonly baseCapacity?: number;
  readonly maxCapacity?: number;
  readonly configParameters?: readonly ConfigParameter[];
  readonly enhancedVpcRouting?: boolean;
  readonly publiclyAccessible?: boolean;
  readonly port?: number;
  readonly securityGroupIds?: readonly string[];
  readonly subnetIds?: readonly string[];
  readonly trackName?: string;
  readonly pricePerformanceTarget?: { readonly level?: number; readonly status?: string };
  readonly ipAddressType?: string;
  readonly tags?: readonly Tag[];
}

/** What a workgroup has when nothing is said, as the service answers it. */
const DEFAULT_PARAMETERS: readonly ConfigParameter[] = [
  { parameterKey: "auto_mv", parameterValue: "true" },
  { parameterKey: "datestyle", parameterValue: "ISO, MDY" },
  { parameterKey: "enable_case_sensitive_identifier", parameterValue: "false" },
  { parameterKey: "enable_user_activity_logging", parameterValue: "true" },
  { parameterKey: "query_group", parameterValue: "default" },
  { parameterKey: "require_ssl", parameterValue: "true" },
  { parameterKey: "search_path", parameterValue: "$user, public" },
  { parameterKey: "use_fips_ssl", parameterValue: "false" },
  { parameterKey: "max_query_execution_time", parameterValue: "14400" },
];

export function createWorkgroup(serverless: Serverless, input: WorkgroupInput): Workgroup {
  const name = validName(input.workgroupName);
  if (serverless.workgroup(name) !== undefined) throw conflict(`Workgroup ${name} already exists.`);
  const { namespaceName } = serverless.mustNamespace(input.namespaceName ?? "");
  const used = Object.values(serverless.store.state.workgroups).find(
    (one) => one.namespaceName === namespaceName,
  );
  if (used !== undefined)
    throw conflict(`Namespace ${namespaceName} is used by workgroup ${used.workgroupName}.`);
  const id = randomUUID();
  const port = input.port ?? 5439;
  const workgroup: Workgroup = {
    workgroupName: name,
    workgroupId: id,
    workgroupArn: arn("redshift-serverless", `workgroup/${id}`),
    namespaceName,
    creationDate: new Date().toISOString(),
    status: "AVAILABLE",
    workgroupVersion: "1.0",
    patchVersion: "1.0.0",
    ipAddressType: "ipv4",
    baseCapacity: 128,
    configParameters: DEFAULT_PARAMETERS.map((parameter) => ({ ...parameter })),
    enhancedVpcRouting: false,
    publiclyAccessible: false,
    port,
    securityGroupIds: [],
    subnetIds: [],
    trackName: "current",
    pricePerformanceTarget: { status: "DISABLED" },
    endpoint: {
      address: `${name}.${ACCOUNT_ID}.${REGION}.redshift-serverless.amazonaws.com`,
      port,
      vpcEndpoints: [],
    },
  };
  change(workgroup, input);
  serverless.store.state.workgroups[name] = workgroup;
  serverless.tag(workgroup.workgroupArn, input.tags ?? []);
  serverless.store.save();
  return workgroup;
}

export function updateWorkgroup(serverless: Serverless, input: WorkgroupInput): Workgroup {
  const workgroup = serverless.mustWorkgroup(input.workgroupName);
  change(workgroup, input);
  serverless.store.save();
  return workgroup;
}

export function deleteWorkgroup(serverless: Serverless, name: string): Workgroup {
  const workgroup = serverless.mustWorkgroup(name);
  delete serverless.store.state.workgroups[name];
  delete serverless.store.state.tags[workgroup.workgroupArn];
  serverless.store.save();
  return workgroup;
}

function change(workgroup: Workgroup, input: WorkgroupInput): void {
  if (input.baseCapacity !== undefined) workgroup.baseCapacity = capacity("baseCapacity", input.baseCapacity);
  if (input.maxCapacity !== undefined) {
    if (input.maxCapacity === 0) delete workgroup.maxCapacity;
    else workgroup.maxCapacity = capacity("maxCapacity", input.maxCapacity);
  }
  if (workgroup.maxCapacity !== undefined && workgroup.maxCapacity < workgroup.baseCapacity)
    throw new AwsError("ValidationException", "maxCapacity must be at least baseCapacity");
  for (const given of input.configParameters ?? []) {
    const kept = workgroup.configParameters.filter(({ parameterKey }) => parameterKey !== given.parameterKey);
    workgroup.configParameters = [...kept, given];
  }
  if (input.enhancedVpcRouting !== undefined) workgroup.enhancedVpcRouting = input.enhancedVpcRouting;
  if (input.publiclyAccessible !== undefined) workgroup.publiclyAccessible = input.publiclyAccessible;
  if (input.securityGroupIds !== undefined) workgroup.securityGroupIds = [...input.securityGroupIds];
  if (input.subnetIds !== undefined) workgroup.subnetIds = [...input.subnetIds];
  if (input.ipAddressType !== undefined) workgroup.ipAddressType = input.ipAddressType;
  if (input.trackName !== undefined) workgroup.trackName = input.trackName;
  if (input.pricePerformanceTarget !== undefined)
    workgroup.pricePerformanceTarget = { status: "ENABLED", ...input.pricePerformanceTarget };
  if (input.port !== undefined) {
    workgroup.port = input.port;
    workgroup.endpoint = { ...workgroup.endpoint, port: input.port };
  }
}

/**
 * 4 RPU, or steps of 8 up to 512 and of 32 up to 1,024.
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html
 */
function capacity(name: string, rpu: number): number {
  const step = rpu > 512 ? 32 : rpu > 4 ? 8 : 4;
  if (!Number.isInteger(rpu) || rpu < 4 || rpu > 1024 || rpu % step !== 0)
    throw new AwsError(
      "ValidationException",
      `${name} must be 4, a multiple of 8 up to 512 or a multiple of 32 up to 1024 RPU, got ${rpu}`,
    );
  return rpu;
}
