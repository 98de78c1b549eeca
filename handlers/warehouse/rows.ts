import type { Field } from "@aws-sdk/client-redshift-data";

/** A value as the Data API gives it; SUPER is its JSON text. */
export type Value = string | number | boolean | null;

export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** A field of the Data API as a value. */
export function plainValue(field: Field): Value {
  if (field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}
