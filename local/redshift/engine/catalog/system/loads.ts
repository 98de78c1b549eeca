import type { Relation } from "../../../sql/bind/queries/environment";
import { NAME, systemTable } from "./relation";

const ERRORS = `
  select rs.user_id(user_name) as user_id, query_id, query_id as transaction_id, 1073741824 as session_id, table_name, 0 as table_id,
    start_time, file_name, line_number, column_name, column_type, column_length, position, error_code, error_message, raw_line, raw_value
  from rs.sys_load_error_detail`;

/** What loads left behind. @see https://docs.aws.amazon.com/redshift/latest/dg/serverless_views-monitoring.html */
export const LOAD_RELATIONS: readonly Relation[] = [
  systemTable(
    "pg_catalog",
    "sys_load_error_detail",
    {
      user_id: "int4",
      query_id: "int8",
      transaction_id: "int8",
      session_id: "int4",
      database_name: NAME,
      table_id: "int4",
      table_name: NAME,
      start_time: "timestamp",
      file_name: "varchar",
      line_number: "int8",
      column_name: NAME,
      column_type: NAME,
      column_length: NAME,
      position: "int4",
      error_code: "int4",
      error_message: "varchar",
    },
    `select *, current_database() as database_name from (${ERRORS})`,
  ),
  systemTable(
    "pg_catalog",
    "stl_load_errors",
    {
      userid: "int4",
      slice: "int4",
      tbl: "int4",
      starttime: "timestamp",
      session: "int4",
      query: "int4",
      filename: { name: "bpchar", bytes: 256 },
      line_number: "int8",
      colname: { name: "bpchar", bytes: 127 },
      type: { name: "bpchar", bytes: 10 },
      col_length: { name: "bpchar", bytes: 10 },
      position: "int4",
      raw_line: { name: "bpchar", bytes: 1024 },
      raw_field_value: { name: "bpchar", bytes: 1024 },
      err_code: "int4",
      err_reason: { name: "bpchar", bytes: 100 },
    },
    `select user_id as userid, 0 as slice, table_id as tbl, start_time as starttime, session_id as session, query_id as query, file_name as filename,
      line_number, column_name as colname, column_type as type, column_length as col_length, position, raw_line, raw_value as raw_field_value,
      error_code as err_code, error_message as err_reason from (${ERRORS})`,
  ),
  systemTable(
    "pg_catalog",
    "sys_load_history",
    {
      user_id: "int4",
      query_id: "int8",
      database_name: NAME,
      status: NAME,
      table_name: NAME,
      start_time: "timestamp",
      end_time: "timestamp",
      data_source: "varchar",
      loaded_rows: "int8",
      source_file_count: "int8",
      error_count: "int8",
    },
    "select *, current_database() as database_name, rs.user_id(user_name) as user_id from rs.load_history",
  ),
];
