import type { ObjectName } from "./cursor";
import type { CopyCommand } from "./statements/copy";
import type { AccessCommand } from "./statements/grants";
import type { Merge } from "./statements/merge";
import type { PrincipalCommand } from "./statements/principals";
import type { ColumnDefinition, TableDefinition } from "./statements/tables";
import type { UnloadCommand } from "./statements/unload";
import type { Expression, FromItem, Query, Values } from "./syntax/ast";
import type { DataType } from "./types";

/** WITH, before a statement that writes. */
export type With = Pick<Query, "with" | "recursive">;

export interface Insert extends With {
  readonly kind: "insert";
  readonly table: ObjectName;
  /** @default all of the table's */
  readonly columns?: readonly string[];
  readonly source: Query | Values | "defaults";
}

export interface Update extends With {
  readonly kind: "update";
  readonly table: ObjectName;
  readonly alias?: string;
  readonly set: readonly { readonly column: string; readonly value: Expression }[];
  readonly from: readonly FromItem[];
  readonly where?: Expression;
}

export interface Delete extends With {
  readonly kind: "delete";
  readonly table: ObjectName;
  readonly alias?: string;
  readonly using: readonly FromItem[];
  readonly where?: Expression;
}

export interface CreateTableAs {
  readonly kind: "create table as";
  readonly name: ObjectName;
  readonly temporary: boolean;
  readonly columns?: readonly string[];
  readonly query: Query;
}

export interface CreateView {
  readonly kind: "create view";
  readonly name: ObjectName;
  readonly columns?: readonly string[];
  readonly query: Query;
  /** The query as it was written. */
  readonly definition: string;
  readonly replace: boolean;
  /** Resolved when it is read. */
  readonly late: boolean;
  /** Its rows are kept, and computed anew by REFRESH. */
  readonly materialized: boolean;
}

export interface CreateFunction {
  readonly kind: "create function";
  readonly name: ObjectName;
  readonly parameters: readonly DataType[];
  readonly returns: DataType;
  /** Its one expression; `$1` is its first parameter. */
  readonly body: Expression;
  readonly replace: boolean;
}

export type DropKind = "table" | "view" | "materialized view" | "schema" | "function";

/** A change of a table. */
export type Alteration =
  | { readonly verb: "add column" | "widen column"; readonly column: ColumnDefinition }
  | { readonly verb: "drop column"; readonly column: string; readonly cascade: boolean }
  | { readonly verb: "rename"; readonly to: string }
  | { readonly verb: "rename column"; readonly column: string; readonly to: string }
  | { readonly verb: "owner"; readonly to: string }
  | {
      readonly verb: "append";
      readonly from: ObjectName;
      readonly ignoreExtra: boolean;
      readonly fillTarget: boolean;
    }
  /** Of what only Redshift's storage knows. */
  | { readonly verb: "storage" };

/** A statement, understood; its names are not resolved yet. */
export type Plan =
  | { readonly kind: "query"; readonly query: Query }
  | { readonly kind: "explain"; readonly query: Query }
  | Insert
  | Update
  | Delete
  | Merge
  | { readonly kind: "create table"; readonly table: TableDefinition }
  | {
      readonly kind: "create table like";
      readonly name: ObjectName;
      readonly temporary: boolean;
      readonly ifNotExists: boolean;
      readonly like: ObjectName;
      readonly defaults: boolean;
    }
  | CreateTableAs
  | CreateView
  | CreateFunction
  | {
      readonly kind: "create schema";
      readonly name: string;
      readonly ifNotExists: boolean;
      readonly owner?: string;
    }
  | { readonly kind: "alter schema"; readonly name: string; readonly owner?: string; readonly to?: string }
  | {
      readonly kind: "drop";
      readonly what: DropKind;
      readonly names: readonly ObjectName[];
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | {
      readonly kind: "alter table";
      readonly table: ObjectName;
      readonly change: Alteration;
      readonly materialized?: true;
    }
  | { readonly kind: "refresh"; readonly view: ObjectName }
  | {
      readonly kind: "comment";
      readonly on: "table" | "view" | "column" | "schema";
      readonly path: readonly string[];
      readonly text: string | null;
    }
  | { readonly kind: "copy"; readonly copy: CopyCommand }
  | { readonly kind: "unload"; readonly unload: UnloadCommand }
  | { readonly kind: "principal"; readonly command: PrincipalCommand }
  | { readonly kind: "access"; readonly command: AccessCommand }
  | { readonly kind: "truncate"; readonly table: ObjectName }
  | { readonly kind: "lock"; readonly tables: readonly ObjectName[] }
  | { readonly kind: "transaction"; readonly verb: "begin" | "commit" | "rollback" }
  | { readonly kind: "set"; readonly name: string; readonly value: readonly string[] }
  | { readonly kind: "show"; readonly name: string }
  /** SHOW of what there is: names like the pattern. */
  | {
      readonly kind: "list";
      readonly what: "databases" | "schemas" | "tables" | "columns";
      readonly path: readonly string[];
      readonly pattern?: string;
      readonly limit?: number;
    }
  | {
      readonly kind: "maintenance";
      readonly verb: "ANALYZE" | "VACUUM";
      readonly tables: readonly ObjectName[];
    };
