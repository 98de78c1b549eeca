import { setTimeout as sleep } from "node:timers/promises";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { Warehouse } from "../../handlers/warehouse/warehouse";
import { archiveHandlers } from "../../stacks/functions/bundle";
import type { Outputs } from "../../stacks/outputs";
import { Batches } from "./batches";
import { Changes } from "./changes";
import { FileWatch } from "./files";
import { messageOf, problemLine } from "./report";
import { watchedNames } from "./sources";

/** What to watch, and for which deployment. */
export interface WatchProps {
  /** The folder that holds `handlers/`, `sql/` and `stacks/`. */
  readonly root: string;
  /** What the deployment that runs wrote down. This process's AWS clients reach it. */
  readonly outputs: Outputs;
  /** Told a line for each thing that was done or could not be. */
  readonly say: (line: string) => void;
  /** How a restart is done here. */
  readonly restart: string;
}

/** How long a statement of the watch's own may take. */
const PATIENCE_MS = 60_000;

/**
 * Watches the sources: functions whose bundle changes get the new code, models that change are applied, and of what
 * takes a restart it says so. Begins with what has changed since the deployment was synthesized.
 * @returns a function that ends it, after what it is doing.
 */
export function watchSources({ root, outputs, say, restart }: WatchProps): () => Promise<void> {
  const changes = new Changes({
    root,
    functions: outputs.functions,
    lambda: new LambdaClient({}),
    warehouse: migrationsWarehouse(outputs),
    say,
    restart,
  });
  const batches = new Batches((batch) => changes.apply(batch));
  const files = new FileWatch({
    root,
    names: watchedNames(root, [...changes.synth, ...bundledModules(root)]),
    onChange: (path) => batches.add(path),
    onError: (error) => say(problemLine(`Some files are no longer watched: ${messageOf(error)}`)),
  });
  batches.begin();
  return async () => {
    files.close();
    await batches.close();
  };
}

/** The warehouse as the migration sees it: its ledger is the admin's. */
function migrationsWarehouse({
  workgroupName,
  databaseName,
  adminSecretArn,
}: Outputs): Pick<Warehouse, "query"> {
  const client = new RedshiftDataClient({});
  const target = { workgroupName, database: databaseName, secretArn: adminSecretArn };
  return {
    query: (sql) => {
      const giveUpAt = Date.now() + PATIENCE_MS;
      const waiting = { remainingMs: () => giveUpAt - Date.now(), sleep: (ms: number) => sleep(ms) };
      return new Warehouse(client, target, waiting).query(sql);
    },
  };
}

function bundledModules(root: string): readonly string[] {
  try {
    return archiveHandlers(root).modules;
  } catch {
    return []; // the first batch says why
  }
}
