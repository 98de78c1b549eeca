import type { CollectEnv } from "../collect/env";
import type { LoadEnv } from "../load/env";
import type { RulesEnv } from "../transform/env";

/** What the replay must be given: where things lie, as the loader knows it, and who may send what, and how events are transformed. */
export type ReplayEnv = Pick<
  LoadEnv,
  "LAKE_BUCKET" | "WORKGROUP_NAME" | "DATABASE_NAME" | "COPY_ROLE_ARN" | "DEDUPLICATION_HOURS"
> &
  Pick<CollectEnv, "SOURCES" | "MAX_EVENT_BYTES" | "MAX_BODY_BYTES"> &
  RulesEnv;
