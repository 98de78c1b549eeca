import { unsupported } from "../error";
import { AGGREGATES } from "./aggregates";
import { CONDITIONAL } from "./conditional";
import { NUMBERS } from "./numbers";
import { SESSION } from "./session";
import type { Spelling, Spellings } from "./spelling";
import { SUPERS } from "./supers";
import { TEXT } from "./text";
import { TIMES } from "./times";
import { WINDOWS } from "./windows";

const ALL: Spellings = {
  ...TEXT,
  ...NUMBERS,
  ...TIMES,
  ...CONDITIONAL,
  ...SUPERS,
  ...AGGREGATES,
  ...WINDOWS,
  ...SESSION,
};

/** Functions that Redshift has and this warehouse does not. */
const ELSEWHERE = new Set(
  `change_query_priority change_session_priority change_user_priority checksum collate convert
  current_aws_account current_namespace current_schemas current_setting db_collation decimal_precision decimal_scale
  default_iam_role explain_model farmfingerprint64 farmhash64 from_base64 getbit 
  has_assumerole_privilege hll_cardinality hll_combine hll_combine_sketches hll_create_sketch
  is_super lower_attribute_names murmur3_32_hash object_transform pg_cancel_backend pg_get_cols
  pg_get_grantee_by_iam_role pg_get_iam_role_by_user pg_get_late_binding_view_cols pg_get_viewdef pg_get_session_roles
  pg_last_copy_count pg_last_copy_id pg_last_query_id pg_last_unload_count pg_last_unload_id pg_terminate_backend
  pg_timezone_abbrevs pg_timezone_names reboot_cluster role_is_member_of set_config size slice_num st_point st_astext
  to_base64 try_cast upper_attribute_names array_contains array_distinct array_except array_intersection
  array_position array_positions array_sort array_union h3_fromlonglat h3_frompoint h3_polyfill intersect_bbox
  ai_generate_embedding encrypt decrypt`
    .trim()
    .split(/\s+/),
);

/**
 * How a function of Redshift's is computed.
 * @returns undefined for what is no function of Redshift's.
 * @throws {SqlError} for one that is not to be had here.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
 */
export function functionNamed(name: string): Spelling | undefined {
  const spelling = Object.hasOwn(ALL, name) ? ALL[name] : undefined;
  if (spelling === undefined && (ELSEWHERE.has(name) || name.startsWith("st_")))
    throw unsupported(`function ${name}`);
  return spelling;
}
