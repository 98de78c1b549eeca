import type { CopyCommand } from "./copy";
import type { ObjectName } from "./cursor";
import type { PrincipalCommand } from "./principals";
import type { ColumnDefinition, TableDefinition } from "./tables";

/** A statement, understood: what the engine is to do. */
export type Plan =
  /** Reads; has a result set. */
  | { readonly kind: "query"; readonly sql: string }
  /** Writes rows; the engine answers their count. */
  | { readonly kind: "write"; readonly sql: string }
  /** Changes the catalog. */
  | { readonly kind: "define"; readonly sql: string }
  | { readonly kind: "create table"; readonly table: TableDefinition }
  /** A table of a query's rows; `like` is the table that its columns are taken from as they are. */
  | {
      readonly kind: "create table as";
      readonly name: ObjectName;
      readonly temporary: boolean;
      readonly sql: string;
      readonly like?: ObjectName;
    }
  /** Adds a column, or gives one another width: the engine makes the table anew. */
  | {
      readonly kind: "change column";
      readonly table: ObjectName;
      readonly column: ColumnDefinition;
      readonly add: boolean;
    }
  | { readonly kind: "copy"; readonly copy: CopyCommand }
  | { readonly kind: "principal"; readonly command: PrincipalCommand }
  | { readonly kind: "truncate"; readonly table: ObjectName }
  | { readonly kind: "lock"; readonly tables: readonly ObjectName[] }
  | { readonly kind: "transaction"; readonly verb: "begin" | "commit" | "rollback" }
  /** Accepted, and nothing to do here. `outside` names a statement that runs in no transaction block. */
  | { readonly kind: "nothing"; readonly tables: readonly ObjectName[]; readonly outside?: string };
