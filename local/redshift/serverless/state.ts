/** A namespace as it is kept; `GetNamespace` answers it as it stands. */
export interface Namespace {
  readonly namespaceName: string;
  readonly namespaceId: string;
  readonly namespaceArn: string;
  readonly dbName: string;
  readonly creationDate: string;
  readonly status: "AVAILABLE";
  adminUsername: string;
  adminPasswordSecretArn?: string;
  adminPasswordSecretKmsKeyId?: string;
  iamRoles: string[];
  defaultIamRoleArn?: string;
  kmsKeyId: string;
  logExports: string[];
}

export interface ConfigParameter {
  readonly parameterKey: string;
  readonly parameterValue: string;
}

/** A workgroup as it is kept; `GetWorkgroup` answers it as it stands. */
export interface Workgroup {
  readonly workgroupName: string;
  readonly workgroupId: string;
  readonly workgroupArn: string;
  readonly namespaceName: string;
  readonly creationDate: string;
  readonly status: "AVAILABLE";
  readonly workgroupVersion: string;
  readonly patchVersion: string;
  ipAddressType: string;
  baseCapacity: number;
  maxCapacity?: number;
  configParameters: ConfigParameter[];
  enhancedVpcRouting: boolean;
  publiclyAccessible: boolean;
  port: number;
  securityGroupIds: string[];
  subnetIds: string[];
  trackName: string;
  pricePerformanceTarget: { level?: number; status: string };
  endpoint: { address: string; port: number; vpcEndpoints: object[] };
}

/** A usage limit as it is kept. */
export interface UsageLimit {
  readonly usageLimitId: string;
  readonly usageLimitArn: string;
  readonly resourceArn: string;
  readonly usageType: string;
  readonly period: string;
  amount: number;
  breachAction: string;
}

/** All that the control plane keeps. */
export interface ServerlessState {
  readonly namespaces: Record<string, Namespace>;
  readonly workgroups: Record<string, Workgroup>;
  readonly usageLimits: Record<string, UsageLimit>;
  /** Tags by the resource's ARN. */
  readonly tags: Record<string, Record<string, string>>;
}

export const NOTHING: ServerlessState = { namespaces: {}, workgroups: {}, usageLimits: {}, tags: {} };
