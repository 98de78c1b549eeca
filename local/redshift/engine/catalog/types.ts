import type { DataType, TypeName } from "../../sql/types";

const NAMES: Readonly<Record<string, TypeName>> = {
  BOOLEAN: "bool",
  SMALLINT: "int2",
  INTEGER: "int4",
  BIGINT: "int8",
  HUGEINT: "int8",
  FLOAT: "float4",
  DOUBLE: "float8",
  DATE: "date",
  TIME: "time",
  "TIME WITH TIME ZONE": "timetz",
  TIMESTAMP: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamptz",
  INTERVAL: "interval",
  JSON: "super",
  BLOB: "varbyte",
  VARCHAR: "varchar",
};

/** What holds a column to its type, beside the engine's own type: a check on the table. */
export function checkOf(column: string, { name, bytes }: DataType): string | undefined {
  if (name === "varchar" && bytes !== undefined) return `strlen(${column}) <= ${bytes}`;
  if (name === "bpchar" && bytes !== undefined) return `strlen(rtrim(${column})) <= ${bytes}`;
  if (name === "varbyte" && bytes !== undefined) return `octet_length(${column}) <= ${bytes}`;
  if (name === "geometry" || name === "geography" || name === "hllsketch")
    return `${column} is null or '${name}' = ''`;
  return undefined;
}

/**
 * A column's type in Redshift.
 * @param engine the engine's type of it.
 * @param check what {@link checkOf} made of it.
 */
export function typeOf(engine: string, check: string | undefined): DataType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(engine);
  if (decimal !== null) return { name: "numeric", precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const name = NAMES[engine] ?? "varchar";
  const unusable = /'(geometry|geography|hllsketch)'/.exec(check ?? "")?.[1];
  if (unusable !== undefined) return { name: unusable as TypeName };
  const bytes = /(?:strlen|octet_length)\(.*\) <= (\d+)/.exec(check ?? "")?.[1];
  if (bytes === undefined) return { name };
  return { name: check?.includes("rtrim") === true ? "bpchar" : name, bytes: Number(bytes) };
}

/** A type as a column of a table keeps it. */
export function kept({ name, bytes, precision = 18, scale = 0 }: DataType): DataType {
  if (name === "numeric") return { name, precision, scale };
  const limited = name === "varchar" || name === "bpchar" || name === "varbyte";
  if (limited && bytes !== undefined) return { name, bytes };
  return { name: name === "unknown" || name === "bpchar" ? "varchar" : name };
}
