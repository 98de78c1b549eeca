import type { Server } from "node:http";
import { join } from "node:path";
import { ACCOUNT_ID, awsJson } from "../service/aws";
import { type Handler, httpServer, type Request } from "../service/http";
import { serviceModel } from "../service/model/load";
import { Store } from "../service/store";
import { Checker } from "./check/checker";
import { Journal } from "./data/journal";
import { dataOperations } from "./data/operations";
import { Sessions } from "./data/sessions";
import { Statements } from "./data/statements";
import type { ObjectSources } from "./engine/copy/objects";
import { Warehouse } from "./engine/warehouse";
import { serverlessOperations } from "./serverless/operations";
import type { Secrets } from "./serverless/secrets";
import { Serverless } from "./serverless/serverless";
import { NOTHING } from "./serverless/state";

/** What Redshift reaches outside of itself. */
export interface RedshiftOutside {
  readonly objects: ObjectSources;
  readonly secrets: Secrets;
  /** The Python that checks SQL. */
  readonly python: string;
}

/** Redshift Serverless and its Data API as one HTTP service. */
export interface Redshift {
  readonly server: Server;
  /** What the server serves. */
  readonly handler: Handler;
  readonly stop: () => Promise<void>;
}

/**
 * Opens the warehouse under `stateDir` and makes the service; it does not listen yet.
 * The control plane's state is `redshift.json`, the data `warehouse.duckdb`.
 */
export async function redshift(stateDir: string, outside: RedshiftOutside): Promise<Redshift> {
  const checker = new Checker(outside.python);
  checker.check("select 1").catch(() => undefined); // it starts now; should it not, each statement will say so
  const warehouse = await Warehouse.open(stateDir, outside.objects, checker);
  const serverless = new Serverless(
    new Store(stateDir, "redshift", structuredClone(NOTHING)),
    outside.secrets,
  );
  const control = awsJson(
    serviceModel("redshift-serverless"),
    serverlessOperations(serverless, () => warehouse.empty()),
  );
  const now = Date.now();
  const journal = new Journal(join(stateDir, "statements"));
  const statements = new Statements(journal, await warehouse.committed(), now);
  const sessions = new Sessions(
    new Store(stateDir, "sessions", { sessions: {} }),
    (engine) => warehouse.disconnect(engine),
    now,
  );
  const api = { serverless, warehouse, statements, sessions };
  const handler: Handler = (request) => {
    const target = request.headers["x-amz-target"];
    if (typeof target === "string" && target.startsWith("RedshiftServerless.")) return control(request);
    return awsJson(serviceModel("redshift-data"), dataOperations(api, principalOf(request)))(request);
  };
  const stop = async (): Promise<void> => {
    sessions.stop();
    await statements.stop();
    await warehouse.close();
    await checker.stop();
  };
  return { server: httpServer(handler), handler, stop };
}

/** The caller, as the gateway knows it; who does not come through it is the account's root. */
function principalOf({ headers }: Request): string {
  const principal = headers["x-local-principal"];
  return typeof principal === "string" ? principal : `arn:aws:iam::${ACCOUNT_ID}:root`;
}
