import type { LambdaClient } from "@aws-sdk/client-lambda";
import { concurrencyQuota } from "../../../cli/deployment/quota";

/** An account whose quota is this. */
function account(quota: number | undefined): Pick<LambdaClient, "send"> {
  const answer = { AccountLimit: quota === undefined ? {} : { ConcurrentExecutions: quota } };
  return { send: async () => answer } as unknown as Pick<LambdaClient, "send">;
}

describe("the account's quota of executions at once", () => {
  it.each([
    [1_000, undefined, "1000 executions at once, none reserved"],
    [1_000, 50, "1000 executions at once, 50 of them the collector's"],
    [1_000, 900, "1000 executions at once, 900 of them the collector's"],
  ])("has room (%s, reserved %s)", async (quota, reserved, detail) => {
    expect(await concurrencyQuota(account(quota), reserved)).toEqual({ warning: false, detail });
  });

  it.each([
    [1_000, 901, "reservedConcurrency may be at most 900, as 100 stay unreserved, and is 901"],
    [50, 20, "reservedConcurrency may be at most 0, as 100 stay unreserved, and is 20"],
    [10, undefined, "10 executions at once, a new account's quota: ask Service Quotas"],
    [100, undefined, "a new account's quota"],
    [undefined, 20, "Lambda does not say how large the quota is"],
  ])("is warned of (%s, reserved %s)", async (quota, reserved, detail) => {
    expect(await concurrencyQuota(account(quota), reserved)).toEqual({
      warning: true,
      detail: expect.stringContaining(detail),
    });
  });

  it("is not taken for large enough when it cannot be asked for", async () => {
    const client = { send: () => Promise.reject(new Error("not authorized to perform GetAccountSettings")) };
    expect(await concurrencyQuota(client as unknown as Pick<LambdaClient, "send">, undefined)).toEqual({
      warning: true,
      detail: "the account's quota could not be asked for: not authorized to perform GetAccountSettings",
    });
  });
});
