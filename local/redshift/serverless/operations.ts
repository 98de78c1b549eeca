import { randomUUID } from "node:crypto";
import { AwsError, arn, type Operation } from "../../service/aws";
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
    CreateNamespace: async (input: NamespaceInput) => ({
      namespace: await serverless.createNamespace(input),
    }),
    GetNamespace: ({ namespaceName }: NamespaceInput) => ({
      namespace: serverless.mustNamespace(namespaceName),
    }),
    ListNamespaces: () => ({ namespaces: Object.values(state.namespaces) }),
    UpdateNamespace: async (input: NamespaceInput) => ({
      namespace: await serverless.updateNamespace(input),
    }),
    DeleteNamespace: async ({ namespaceName }: NamespaceInput) => {
      const namespace = await serverless.deleteNamespace(namespaceName);
      await emptyWarehouse();
      return { namespace: { ...namespace, status: "DELETING" } };
    },
    CreateWorkgroup: (input: WorkgroupInput) => ({ workgroup: createWorkgroup(serverless, input) }),
    GetWorkgroup: ({ workgroupName }: WorkgroupInput) => ({
      workgroup: serverless.mustWorkgroup(workgroupName),
    }),
    ListWorkgroups: () => ({ workgroups: Object.values(state.workgroups) }),
    UpdateWorkgroup: (input: WorkgroupInput) => ({ workgroup: updateWorkgroup(serverless, input) }),
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
    ListUsageLimits: ({ resourceArn }: Partial<UsageLimitInput>) => ({
      usageLimits: Object.values(state.usageLimits).filter(
        (limit) => resourceArn === undefined || limit.resourceArn === resourceArn,
      ),
    }),
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
    throw new AwsError("ValidationException", `amount must be a whole number above 0, got ${amount}`);
  return amount;
}

interface TagInput {
  readonly resourceArn: string;
  readonly tags?: readonly Tag[];
  readonly tagKeys?: readonly string[];
}

function tags(serverless: Serverless): Readonly<Record<string, Operation>> {
  const { state } = serverless.store;
  return {
    ListTagsForResource: ({ resourceArn }: TagInput) => ({
      tags: Object.entries(state.tags[resourceArn] ?? {}).map(([key, value]) => ({ key, value })),
    }),
    TagResource: ({ resourceArn, tags: given }: TagInput) => {
      serverless.tag(resourceArn, given ?? []);
      serverless.store.save();
      return {};
    },
    UntagResource: ({ resourceArn, tagKeys }: TagInput) => {
      for (const key of tagKeys ?? []) delete state.tags[resourceArn]?.[key];
      serverless.store.save();
      return {};
    },
  };
}
