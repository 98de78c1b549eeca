import type { Server } from "node:http";
import { awsJson } from "../service/aws";
import { httpServer } from "../service/http";
import { Store } from "../service/store";
import { dataOperations } from "./data/operations";
import { Statements } from "./data/statements";
import type { ObjectSource } from "./engine/objects";
import { Warehouse } from "./engine/warehouse";
import { serverlessOperations } from "./serverless/operations";
import type { Secrets } from "./serverless/secrets";
import { Serverless } from "./serverless/serverless";
import { NOTHING } from "./serverless/state";

/** What Redshift reaches outside of itself. */
export interface RedshiftOutside {
  readonly objects: ObjectSource;
  readonly secrets: Secrets;
}

/** Redshift Serverless and its Data API as one HTTP service. */
export interface Redshift {
  readonly server: Server;
  readonly stop: () => Promise<void>;
}

/**
 * Opens the warehouse under `stateDir` and makes the service; it does not listen yet.
 * The control plane's state is `redshift.json`, the data `warehouse.duckdb`.
 */
export async function redshift(stateDir: string, outside: RedshiftOutside): Promise<Redshift> {
  const warehouse = await Warehouse.open(stateDir, outside.objects);
  const serverless = new Serverless(
    new Store(stateDir, "redshift", structuredClone(NOTHING)),
    outside.secrets,
  );
  const control = awsJson(
    "RedshiftServerless",
    serverlessOperations(serverless, () => warehouse.empty()),
  );
  const api = { serverless, warehouse, statements: new Statements() };
  const server = httpServer((request) => {
    const target = request.headers["x-amz-target"];
    if (typeof target === "string" && target.startsWith("RedshiftServerless.")) return control(request);
    return awsJson("RedshiftData", dataOperations(api, callerUser(request.headers.authorization)))(request);
  });
  return { server, stop: () => warehouse.close() };
}

/**
 * The database user of an IAM identity. The local cloud's own key belongs to the account's root; what other keys
 * belong to is not known here.
 * @see https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetCredentials.html
 */
function callerUser(authorization: string | undefined): string {
  const key = /Credential=([^/,\s]+)\//.exec(authorization ?? "")?.[1];
  return key === undefined || key === "test" ? "IAM:root" : `IAM:${key}`;
}
