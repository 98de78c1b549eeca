import { randomUUID } from "node:crypto";
import { ACCOUNT_ID, AwsError, arn, type Operation } from "../../service/aws";
import { type PageInput, paged } from "./pages";
import { type NamespaceInput, notFound, type Serverless, type Tag } from "./serverless";
import type { UsageLimit } from "./state";
import { createWorkgroup, deleteWorkgroup, updateWorkgroup, type WorkgroupInput } from "./workgroups";

/**
 * The control plane's operations, as Terraform's provider and the CLI call them.
 * @param emptyWarehouse lets go of the data, when its namespace is deleted.
 * @see https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Operations.html
 */
export function serverlessOperations(
  serverless: Serverless,
  emptyWarehouse: () => Promise<void>,
): Readonly<Record<string, Operation>> {
  const { state } = serverless.store;
  return {
    CreateNamespace: async (input: NamespaceInput) => {
      refuse(input, NOT_OF_NAMESPACES);
      return { namespace: await serverless.createNamespace(input) };
    },
    GetNamespace: ({ namespaceName }: NamespaceInput) => ({
      namespace: serverless.mustNamespace(namespaceName),
    }),
    ListNamespaces: (input: PageInput) => {
      const { page, next } = paged(Object.values(state.namespaces), input, invalid);
      return { namespaces: page, ...next };
    },
    UpdateNamespace: async (input: NamespaceInput) => {
      refuse(input, NOT_OF_NAMESPACES);
      return { namespace: await serverless.updateNamespace(input) };
    },
    DeleteNamespace: async (input: NamespaceInput) => {
      const { namespaceName } = input;
      refuse(input, NOT_OF_NAMESPACES);
      const namespace = await serverless.deleteNamespace(namespaceName);
      await emptyWarehouse();
      return { namespace: { ...namespace, status: "DELETING" } };
    },
    CreateWorkgroup: (input: WorkgroupInput) => {
      refuse(input, NOT_OF_WORKGROUPS);
      return { workgroup: createWorkgroup(serverless, input) };
    },
    GetWorkgroup: ({ workgroupName }: WorkgroupInput) => ({
      workgroup: serverless.mustWorkgroup(workgroupName),
    }),
    ListWorkgroups: (input: PageInput & { readonly ownerAccount?: string }) => {
      const { ownerAccount = ACCOUNT_ID } = input;
      const { page, next } = paged(Object.values(state.workgroups), input, invalid);
      return ownerAccount === ACCOUNT_ID ? { workgroups: page, ...next } : { workgroups: [] };
    },
    UpdateWorkgroup: (input: WorkgroupInput) => {
      refuse(input, NOT_OF_WORKGROUPS);
      return { workgroup: updateWorkgroup(serverless, input) };
    },
    DeleteWorkgroup: ({ workgroupName }: WorkgroupInput) => ({
      workgroup: { ...deleteWorkgroup(serverless, workgroupName), status: "DELETING" },
    }),
    ...usageLimits(serverless),
    ...tags(serverless),
    GetResourcePolicy: ({ resourceArn }: { readonly resourceArn: string }) => {
      throw notFound(`Resource policy of ${resourceArn} was not found.`);
    },
  };
}

/** Members of the API that are not emulated, each refused by its name. */
const NOT_OF_NAMESPACES = [
  ...["redshiftIdcApplicationArn", "finalSnapshotName", "finalSnapshotRetentionPeriod", "logDestinationType"],
  ...["s3TableAction", "s3TableGranularity", "s3TableKmsKeyId", "s3TableNames"],
];
const NOT_OF_WORKGROUPS = ["extraComputeForAutomaticOptimization"];

function refuse(input: object, members: readonly string[]): void {
  const [given] = Object.entries(input).find(([name, value]) => members.includes(name) && value) ?? [];
  if (given !== undefined) throw invalid(`${given} must not be given: the local Redshift does not have it`);
}

interface UsageLimitInput {
  readonly usageLimitId: string;
  readonly resourceArn: string;
  readonly usageType: string;
  readonly amount?: number;
  readonly period?: string;
  readonly breachAction?: string;
}

function usageLimits(serverless: Serverless): Readonly<Record<string, Operation>> {
  const { state } = serverless.store;
  const must = (id: string): UsageLimit => {
    const limit = state.usageLimits[id];
    if (limit === undefined) throw notFound(`Usage limit ${id} was not found.`);
    return limit;
  };
  return {
    CreateUsageLimit: ({ resourceArn, usageType, ...input }: UsageLimitInput) => {
      if (serverless.workgroupByArn(resourceArn) === undefined)
        throw notFound(`${resourceArn} was not found.`);
      const id = randomUUID();
      const usageLimit: UsageLimit = {
        usageLimitId: id,
        usageLimitArn: arn("redshift-serverless", `usagelimit/${id}`),
        resourceArn,
        usageType,
        period: input.period ?? "monthly",
        amount: positive(input.amount),
        breachAction: input.breachAction ?? "log",
      };
      state.usageLimits[id] = usageLimit;
      serverless.store.save();
      return { usageLimit };
    },
    GetUsageLimit: ({ usageLimitId }: UsageLimitInput) => ({ usageLimit: must(usageLimitId) }),
    ListUsageLimits: (input: Partial<UsageLimitInput> & PageInput) => {
      const { resourceArn, usageType } = input;
      const found = Object.values(state.usageLimits).filter(
        (limit) =>
          (resourceArn === undefined || limit.resourceArn === resourceArn) &&
          (usageType === undefined || limit.usageType === usageType),
      );
      const { page, next } = paged(found, input, strangePage);
      return { usageLimits: page, ...next };
    },
    UpdateUsageLimit: ({ usageLimitId, amount, breachAction }: UsageLimitInput) => {
      const usageLimit = must(usageLimitId);
      if (amount !== undefined) usageLimit.amount = positive(amount);
      if (breachAction !== undefined) usageLimit.breachAction = breachAction;
      serverless.store.save();
      return { usageLimit };
    },
    DeleteUsageLimit: ({ usageLimitId }: UsageLimitInput) => {
      const usageLimit = must(usageLimitId);
      delete state.usageLimits[usageLimitId];
      serverless.store.save();
      return { usageLimit };
    },
  };
}

function positive(amount: number | undefined): number {
  if (amount === undefined || !Number.isInteger(amount) || amount < 1)
    throw invalid(`amount must be a whole number above 0, got ${amount}`);
  return amount;
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

function strangePage(message: string): AwsError {
  return new AwsError("InvalidPaginationException", message);
}

interface TagInput {
  readonly resourceArn: string;
  readonly tags?: readonly Tag[];
  readonly tagKeys?: readonly string[];
}

function tags(serverless: Serverless): Readonly<Record<string, Operation>> {
  const { state } = serverless.store;
  const must = (resourceArn: string): void => {
    const namespaces = Object.values(state.namespaces).map(({ namespaceArn }) => namespaceArn);
    if (!namespaces.includes(resourceArn) && serverless.workgroupByArn(resourceArn) === undefined)
      throw notFound(`${resourceArn} was not found.`);
  };
  return {
    ListTagsForResource: ({ resourceArn }: TagInput) => {
      must(resourceArn);
      const kept = Object.entries(state.tags[resourceArn] ?? {});
      return { tags: kept.map(([key, value]) => ({ key, value })) };
    },
    TagResource: ({ resourceArn, tags: given }: TagInput) => {
      must(resourceArn);
      serverless.tag(resourceArn, given ?? []);
      serverless.store.save();
      return {};
    },
    UntagResource: ({ resourceArn, tagKeys }: TagInput) => {
      must(resourceArn);
      for (const key of tagKeys ?? []) delete state.tags[resourceArn]?.[key];
      serverless.store.save();
      return {};
    },
  };
}
