import { GetAccountSettingsCommand, type LambdaClient } from "@aws-sdk/client-lambda";

/** What became of looking at the account's quota. */
export interface QuotaReport {
  /** Whether somebody should do something about it, or it could not be looked at. */
  readonly warning: boolean;
  readonly detail: string;
}

/**
 * What Lambda leaves to all functions without a reservation of their own: it refuses one that goes below.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const UNRESERVED = 100;

/**
 * Looks at how many executions at once the account's quota in a Region allows. New accounts have few, and none to
 * reserve.
 * @param reserved what an environment reserves for its collector. @default nothing
 */
export async function concurrencyQuota(
  client: Pick<LambdaClient, "send">,
  reserved: number | undefined,
): Promise<QuotaReport> {
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    const quota = AccountLimit?.ConcurrentExecutions;
    if (quota === undefined) return { warning: true, detail: "Lambda does not say how large the quota is" };
    return judged(quota, reserved);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { warning: true, detail: `the account's quota could not be asked for: ${why}` };
  }
}

function judged(quota: number, reserved: number | undefined): QuotaReport {
  const allowed = `${quota} executions at once`;
  const most = Math.max(0, quota - UNRESERVED);
  const raise = "ask Service Quotas for more concurrent executions of Lambda";
  if (reserved !== undefined && reserved > most)
    return {
      warning: true,
      detail: `${allowed}: reservedConcurrency may be at most ${most}, as ${UNRESERVED} stay unreserved, and is ${reserved}; lower it, or ${raise}`,
    };
  if (quota <= UNRESERVED)
    return { warning: true, detail: `${allowed}, a new account's quota: ${raise} before traffic comes` };
  const share = reserved === undefined ? "none reserved" : `${reserved} of them the collector's`;
  return { warning: false, detail: `${allowed}, ${share}` };
}
