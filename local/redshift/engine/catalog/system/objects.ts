import type { Relation } from "../../../sql/bind/queries/environment";
import { NAME, systemTable } from "./relation";

/** Schemas that are no one's business. */
const OURS = "('rs', 'main', 'information_schema', 'pg_catalog')";

/** Tables and views, temporary ones among them, each with its owner. */
const TABLES = `
  select t.table_oid as id, t.schema_name as schema_name, t.table_name as table_name, 'BASE TABLE' as table_type, t.comment as remarks,
    t.estimated_size as row_count
  from duckdb_tables() t where t.database_name = 'warehouse' and t.schema_name not in ${OURS}
    and not exists (select 1 from rs.views v where v.schema_name = t.schema_name and v.view_name = t.table_name)
  union all
  select v.id, v.schema_name, v.view_name, 'VIEW', v.comment, 0 from rs.views v`;

/** Redshift's name of a column's type, in full, from what the engine and its checks say. */
const TYPE = `case
    when c.data_type = 'VARCHAR' and k.constraint_text like '%rtrim%' then 'character(' || regexp_extract(k.constraint_text, '<= (\\d+)', 1) || ')'
    when c.data_type = 'VARCHAR' and k.constraint_text is not null then 'character varying(' || regexp_extract(k.constraint_text, '<= (\\d+)', 1) || ')'
    when c.data_type = 'VARCHAR' then 'character varying(65535)'
    when c.data_type = 'JSON' then 'super'
    when c.data_type = 'DOUBLE' then 'double precision'
    when c.data_type = 'FLOAT' then 'real'
    when c.data_type = 'BLOB' and k.constraint_text like '%''%''%' then regexp_extract(k.constraint_text, '''(\\w+)''', 1)
    when c.data_type = 'BLOB' then 'binary varying(' || coalesce(nullif(regexp_extract(k.constraint_text, '<= (\\d+)', 1), ''), '64000') || ')'
    when c.data_type = 'TIME' then 'time without time zone'
    when c.data_type = 'TIMESTAMP' then 'timestamp without time zone'
    when c.data_type like 'DECIMAL%' then replace(lower(c.data_type), 'decimal', 'numeric')
    else lower(c.data_type) end`;

const COLUMNS = `
  select c.schema_name, c.table_name, c.column_name, c.column_index as ordinal_position, c.is_nullable, c.column_default,
    ${TYPE} as full_type, c.comment as remarks, c.numeric_precision, c.numeric_scale
  from duckdb_columns() c
  left join duckdb_constraints() k on k.constraint_type = 'CHECK' and k.database_name = c.database_name
    and k.schema_name = c.schema_name and k.table_name = c.table_name and k.constraint_column_names[1] = c.column_name
  where c.database_name = 'warehouse' and c.schema_name not in ${OURS}`;

const columnsOf = (database: string) => `
  select '${database}' as table_catalog, '${database}' as database_name, schema_name as table_schema, schema_name, table_name, column_name,
    cast(ordinal_position as integer) as ordinal_position, column_default, case when is_nullable then 'YES' else 'NO' end as is_nullable,
    regexp_replace(full_type, '\\(.*\\)', '') as data_type,
    case when full_type like 'character%' then cast(regexp_extract(full_type, '\\((\\d+)\\)', 1) as integer) end as character_maximum_length,
    cast(numeric_precision as integer) as numeric_precision, cast(numeric_scale as integer) as numeric_scale, remarks
  from (${COLUMNS})`;

const COLUMN_LIST = {
  column_name: NAME,
  ordinal_position: "int4",
  column_default: "varchar",
  is_nullable: { name: "varchar", bytes: 3 },
  data_type: NAME,
  character_maximum_length: "int4",
  numeric_precision: "int4",
  numeric_scale: "int4",
} as const;

/** Schemas, tables, views and their columns. @see https://docs.aws.amazon.com/redshift/latest/dg/svv_views.html */
export function objectRelations(database: string): readonly Relation[] {
  const tables = `select '${database}' as table_catalog, '${database}' as database_name, schema_name as table_schema, schema_name, table_name, table_type,
    case table_type when 'BASE TABLE' then 'TABLE' else table_type end as kind, remarks, id as table_id, row_count from (${TABLES})`;
  const schemas = `select '${database}' as database_name, '${database}' as catalog_name, s.schema_name, s.oid,
      coalesce(o.owner, 'rdsdb') as schema_owner
    from duckdb_schemas() s left join rs.owners o on o.object_kind = 'schema' and o.object_name = s.schema_name
    where s.database_name = 'warehouse' and s.schema_name not in ${OURS}`;
  const svv = (name: string, of: string, columns: Parameters<typeof systemTable>[2], sql: string): Relation =>
    systemTable(of, name, columns, sql);
  const inner = { table_catalog: NAME, table_schema: NAME, table_name: NAME } as const;
  const outer = { database_name: NAME, schema_name: NAME, table_name: NAME } as const;
  const allTables = `select database_name, schema_name, table_name, kind as table_type, null as table_acl, remarks from (${tables})`;
  const allColumns = columnsOf(database);
  return [
    svv("tables", "information_schema", { ...inner, table_type: NAME }, tables),
    svv("columns", "information_schema", { ...inner, ...COLUMN_LIST }, columnsOf(database)),
    svv(
      "schemata",
      "information_schema",
      { catalog_name: NAME, schema_name: NAME, schema_owner: NAME },
      schemas,
    ),
    svv("svv_tables", "pg_catalog", { ...inner, table_type: NAME, remarks: "varchar" }, tables),
    svv("svv_columns", "pg_catalog", { ...inner, ...COLUMN_LIST, remarks: "varchar" }, columnsOf(database)),
    ...["svv_all_tables", "svv_redshift_tables"].map((name) =>
      svv(
        name,
        "pg_catalog",
        { ...outer, table_type: NAME, table_acl: "varchar", remarks: "varchar" },
        allTables,
      ),
    ),
    ...["svv_all_columns", "svv_redshift_columns"].map((name) =>
      svv(name, "pg_catalog", { ...outer, ...COLUMN_LIST, remarks: "varchar" }, allColumns),
    ),
    ...["svv_all_schemas", "svv_redshift_schemas"].map((name) =>
      svv(
        name,
        "pg_catalog",
        { database_name: NAME, schema_name: NAME, schema_owner: "int4", schema_type: NAME },
        `select database_name, schema_name, rs.user_id(schema_owner) as schema_owner, 'local' as schema_type from (${schemas})`,
      ),
    ),
    svv(
      "svv_redshift_databases",
      "pg_catalog",
      { database_name: NAME, database_owner: "int4", database_type: NAME },
      `select '${database}' as database_name, 1 as database_owner, 'local' as database_type`,
    ),
    svv(
      "pg_database",
      "pg_catalog",
      { datname: NAME, datdba: "int4" },
      `select '${database}' as datname, 1 as datdba`,
    ),
    svv(
      "pg_namespace",
      "pg_catalog",
      { oid: "int8", nspname: NAME, nspowner: "int4" },
      `select oid, schema_name as nspname, rs.user_id(schema_owner) as nspowner from (${schemas})`,
    ),
    svv(
      "pg_tables",
      "pg_catalog",
      { schemaname: NAME, tablename: NAME, tableowner: NAME },
      `select schema_name as schemaname, table_name as tablename, rs.owner_of(schema_name || '.' || table_name) as tableowner
       from (${TABLES}) where table_type = 'BASE TABLE'`,
    ),
    svv(
      "pg_views",
      "pg_catalog",
      { schemaname: NAME, viewname: NAME, viewowner: NAME, definition: "varchar" },
      `select schema_name as schemaname, view_name as viewname, rs.owner_of(schema_name || '.' || view_name) as viewowner, definition
       from rs.views where not materialized`,
    ),
    svv(
      "svv_mv_info",
      "pg_catalog",
      { database_name: NAME, schema_name: NAME, name: NAME, is_stale: NAME },
      `select '${database}' as database_name, schema_name, view_name as name, 't' as is_stale from rs.views where materialized`,
    ),
    svv(
      "pg_class",
      "pg_catalog",
      {
        oid: "int8",
        relname: NAME,
        relnamespace: "int8",
        relowner: "int4",
        relkind: { name: "bpchar", bytes: 1 },
      },
      `select t.id as oid, t.table_name as relname, s.oid as relnamespace, rs.user_id(rs.owner_of(t.schema_name || '.' || t.table_name)) as relowner,
         case t.table_type when 'VIEW' then 'v' else 'r' end as relkind
       from (${TABLES}) t join duckdb_schemas() s on s.schema_name = t.schema_name and s.database_name = 'warehouse'`,
    ),
    svv(
      "pg_table_def",
      "pg_catalog",
      {
        schemaname: NAME,
        tablename: NAME,
        column: NAME,
        type: NAME,
        encoding: { name: "bpchar", bytes: 32 },
        distkey: "bool",
        sortkey: "int4",
        notnull: "bool",
      },
      `select schema_name as schemaname, table_name as tablename, column_name as "column", replace(full_type, ' ', ' ') as type, 'none' as encoding,
         false as distkey, 0 as sortkey, not is_nullable as "notnull" from (${COLUMNS}) where schema_name = 'public'`,
    ),
    svv(
      "svv_table_info",
      "pg_catalog",
      {
        database: NAME,
        schema: NAME,
        table_id: "int8",
        table: NAME,
        diststyle: NAME,
        tbl_rows: { name: "numeric", precision: 38, scale: 0 },
      },
      `select database_name as "database", schema_name as "schema", table_id, table_name as "table", 'AUTO(ALL)' as diststyle, cast(row_count as decimal(38, 0)) as tbl_rows
       from (${tables}) where table_type = 'BASE TABLE' and row_count > 0`,
    ),
  ];
}
