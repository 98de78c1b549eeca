import { reset } from "./cloud/reset";
import { start } from "./cloud/start";
import { status } from "./cloud/status";
import { stop } from "./cloud/stop";
import { supervise } from "./cloud/supervise";
import { balance } from "./data/balance";
import { failed } from "./data/failed";
import { importFile } from "./data/import";
import { plan } from "./data/plan";
import { query } from "./data/query";
import { replay } from "./data/replay";
import { bench } from "./project/bench";
import { check } from "./project/check";
import { lintSql } from "./project/lint-sql";
import { schema } from "./project/schema";
import { test } from "./project/test";
import { torture } from "./project/torture";
import type { Verb } from "./verb";

/** Every verb, by name. */
export const verbs: Readonly<Record<string, Verb>> = {
  start,
  stop,
  reset,
  status,
  import: importFile,
  query,
  balance,
  torture,
  failed,
  replay,
  plan,
  schema,
  check,
  "lint:sql": lintSql,
  test,
  bench,
  supervise,
};
