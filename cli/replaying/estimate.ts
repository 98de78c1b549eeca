import { priceOf } from "../prices";
import type { LakeObject } from "./lake";

/** What a replay is expected to cost, in US dollars. */
export interface Estimate {
  readonly usd: number;
  readonly warehouse_usd: number;
  readonly function_usd: number;
  readonly storage_usd: number;
}

/** What an estimate is made from. */
export interface Extent {
  /** Objects that are read. */
  readonly objects: readonly Pick<LakeObject, "sizeBytes" | "cold">[];
  /** Calls of the function. */
  readonly calls: number;
  /** Calls at once. */
  readonly concurrency: number;
  /** Capacity of the warehouse, in RPU. */
  readonly baseRpu: number;
}

/** Guesses, on the safe side: a call's own time, and bytes of gzip that a second of the function gets through. */
const CALL_SECONDS = 15;
const BYTES_A_SECOND = 500_000;
const FUNCTION_GB = 1_769 / 1_024;

/** Each wake-up of the warehouse is billed for a minute; what a replay writes is loaded in a second one. */
const LEAST_WAREHOUSE_SECONDS = 120;
/** What a call writes: a staging file of each kind, and files for the loader. */
const PUTS_A_CALL = 5;

const GIB = 1024 ** 3;

/** Estimates from list prices. The loader's own run comes out of its schedule, and is not counted. */
export function estimateOf({ objects, calls, concurrency, baseRpu }: Extent): Estimate {
  const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const cold = objects.filter((object) => object.cold);
  const coldBytes = cold.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const functionSeconds = calls * CALL_SECONDS + bytes / BYTES_A_SECOND;
  const warehouseSeconds =
    calls === 0 ? 0 : Math.max(LEAST_WAREHOUSE_SECONDS, functionSeconds / Math.max(1, concurrency));
  const warehouse = (warehouseSeconds / 3_600) * baseRpu * priceOf("redshift_rpu_hour");
  const lambda =
    functionSeconds * FUNCTION_GB * priceOf("lambda_arm_gb_second") + calls * priceOf("lambda_request");
  const storage =
    (objects.length - cold.length) * priceOf("s3_get") +
    cold.length * priceOf("s3_glacier_ir_get") +
    (coldBytes / GIB) * priceOf("s3_glacier_ir_gb_retrieved") +
    (calls * PUTS_A_CALL + objects.length / 1_000) * priceOf("s3_put");
  const round = (usd: number): number => Math.ceil(usd * 10_000) / 10_000;
  return {
    usd: round(warehouse + lambda + storage),
    warehouse_usd: round(warehouse),
    function_usd: round(lambda),
    storage_usd: round(storage),
  };
}
