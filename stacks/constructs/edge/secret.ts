import { DataResource, Fn } from "cdktf";
import type { Construct } from "constructs";

/**
 * A secret that Terraform makes up once and its state keeps; nobody needs to know it. `terraform apply -replace` of
 * it makes another.
 */
export function madeUpSecret(scope: Construct, id: string): string {
  const secret = new DataResource(scope, id, {
    input: { secret: Fn.sensitive(Fn.uuid()) },
    lifecycle: { ignoreChanges: ["input"] },
  });
  return Fn.sensitive(secret.output.lookup("secret")) as unknown as string;
}
