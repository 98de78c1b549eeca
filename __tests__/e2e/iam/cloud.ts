import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { readOutputs, useLocalCloud } from "../../../cli/environment";
import { environment } from "../../../local/cloud";
import { USAGE_FILE } from "../../../local/iam/guard";
import type { Outputs } from "../../../stacks/outputs";
import { cloud, testState, until } from "../verb";

/** A statement as a role's policy holds it. */
export interface RoleStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

/** A policy written into a role. */
export interface RolePolicy {
  readonly role: string;
  readonly name: string;
  readonly statements: readonly RoleStatement[];
}

/** What an SDK client needs to reach the tests' cloud as the account. */
export function account() {
  const { AWS_ENDPOINT_URL: endpoint = "", AWS_REGION: region = "" } = environment(cloud());
  return { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
}

/** What the verbs know of the tests' cloud. */
export function outputsOf(): Promise<Outputs> {
  useLocalCloud();
  return readOutputs("local");
}

/** The file in which the gateway notes which role used what. */
export const usageFile = join(testState, "state", "gateway", USAGE_FILE);

/** The policies of every role of the stacks, as IAM has them. */
export async function rolePolicies(): Promise<RolePolicy[]> {
  const iam = new IAMClient(account());
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const found: RolePolicy[] = [];
  for (const { RoleName = "" } of Roles.filter(({ RoleName: name }) =>
    name?.startsWith("clickstream-local-"),
  )) {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: RoleStatement[] };
      found.push({ role: RoleName, name: PolicyName, statements: Statement });
    }
  }
  return found;
}

/** Takes an action out of a role's policies, in the running cloud alone; what is given back puts it in again. */
export async function remove(role: string, action: string): Promise<() => Promise<void>> {
  const policies = (await rolePolicies()).filter((policy) => policy.role === role);
  const without = (statements: readonly RoleStatement[]): RoleStatement[] =>
    statements.flatMap((statement) => {
      const kept = [statement.Action].flat().filter((each) => each !== action);
      return kept.length === 0 ? [] : [{ ...statement, Action: kept }];
    });
  const changed = policies.filter(({ statements }) =>
    statements.some(({ Action }) => [Action].flat().includes(action)),
  );
  if (changed.length === 0) throw new Error(`${role} does not have ${action}`);
  for (const policy of changed) await write({ ...policy, statements: without(policy.statements) });
  return async () => {
    for (const policy of changed) await write(policy);
  };
}

async function write({ role: RoleName, name: PolicyName, statements: Statement }: RolePolicy): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await new IAMClient(account()).send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
}

/** How far the log of denials has come. */
export function denialsSoFar(): number {
  return gatewayLog().length;
}

/** Whether the log told, after a point, that a role was denied an action. */
export function deniedSince(point: number, role: string, action: string): boolean {
  return gatewayLog()
    .slice(point)
    .split("\n")
    .some((line) => line.startsWith(`DENIED: ${role} `) && line.includes(` may not ${action} on `));
}

function gatewayLog(): string {
  const file = join(testState, "logs", "gateway.log");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Sends an event to the collector until it is taken. */
export async function sendEvent(
  target: { readonly collectorUrl: string; readonly writeKey: string },
  event: string,
): Promise<void> {
  const body = JSON.stringify({ event, anonymousId: randomUUID(), messageId: randomUUID() });
  const headers = { authorization: `Basic ${btoa(`${target.writeKey}:`)}` };
  await until("the collector takes an event", async () => {
    const { status } = await fetch(new URL("v1/track", target.collectorUrl), {
      method: "POST",
      body,
      headers,
    });
    return status === 200;
  });
}
