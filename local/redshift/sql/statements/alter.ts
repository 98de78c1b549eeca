import type { Cursor } from "../cursor";
import { SqlError, unsupported } from "../error";
import type { Alteration, Plan } from "../plan";
import { dataType } from "../types";
import { accessDefaults } from "./grants";
import { alterPrincipal } from "./principals";
import { columnDefinition } from "./tables";

/** ALTER, the cursor behind the word. */
export function alter(cursor: Cursor): Plan {
  if (cursor.takes("table")) {
    const table = cursor.objectName();
    return { kind: "alter table", table, change: tableChange(cursor) };
  }
  if (cursor.takes("materialized", "view")) return materialized(cursor);
  if (cursor.takes("schema")) {
    const name = cursor.name();
    if (cursor.takes("owner", "to")) return { kind: "alter schema", name, owner: cursor.userName() };
    if (cursor.takes("rename", "to")) return { kind: "alter schema", name, to: cursor.name() };
    throw unsupported("ALTER SCHEMA with QUOTA");
  }
  if (cursor.takes("default", "privileges")) return { kind: "access", command: accessDefaults(cursor) };
  if (["user", "role", "group"].some((word) => cursor.sees(word)))
    return { kind: "principal", command: alterPrincipal(cursor) };
  throw unsupported(`ALTER ${cursor.next().text.toUpperCase()}`);
}

/** Refreshing by itself, distribution and order are storage: nothing here depends on them. */
function materialized(cursor: Cursor): Plan {
  const view = cursor.objectName();
  if (cursor.takes("auto", "refresh")) {
    if (!cursor.takes("yes")) cursor.expect("no");
    return { kind: "alter table", table: view, change: { verb: "storage" }, materialized: true };
  }
  if (cursor.takes("alter"))
    return { kind: "alter table", table: view, change: altered(cursor), materialized: true };
  throw unsupported("ALTER MATERIALIZED VIEW ROW LEVEL SECURITY");
}

function tableChange(cursor: Cursor): Alteration {
  if (cursor.takes("add")) return added(cursor);
  if (cursor.takes("drop")) {
    if (cursor.takes("constraint")) {
      cursor.name();
      if (!cursor.takes("cascade")) cursor.takes("restrict");
      return { verb: "storage" };
    }
    cursor.takes("column");
    const column = cursor.name();
    const cascade = cursor.takes("cascade");
    if (!cascade) cursor.takes("restrict");
    return { verb: "drop column", column, cascade };
  }
  if (cursor.takes("rename", "to")) return { verb: "rename", to: cursor.name() };
  if (cursor.takes("rename")) {
    cursor.expect("column");
    const column = cursor.name();
    cursor.expect("to");
    return { verb: "rename column", column, to: cursor.name() };
  }
  if (cursor.takes("owner", "to")) return { verb: "owner", to: cursor.userName() };
  if (cursor.takes("append", "from")) return appended(cursor);
  if (cursor.takes("alter")) return altered(cursor);
  if (cursor.sees("row")) throw unsupported("ALTER TABLE ROW LEVEL SECURITY");
  throw cursor.error();
}

function added(cursor: Cursor): Alteration {
  const constraint = ["constraint", "primary", "unique", "foreign"].some((word) => cursor.sees(word));
  if (!cursor.takes("column") && constraint) {
    cursor.rest();
    return { verb: "storage" };
  }
  const column = columnDefinition(cursor);
  if (column.notNull && column.defaultValue === undefined)
    throw new SqlError("ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression");
  if (column.identity !== undefined)
    throw new SqlError("ALTER TABLE ADD COLUMN cannot add an IDENTITY column");
  return { verb: "add column", column };
}

function appended(cursor: Cursor): Alteration {
  const from = cursor.objectName();
  const ignoreExtra = cursor.takes("ignoreextra");
  const fillTarget = cursor.takes("filltarget");
  return { verb: "append", from, ignoreExtra, fillTarget };
}

function altered(cursor: Cursor): Alteration {
  if (cursor.takes("diststyle")) {
    const style = cursor.name();
    if (style === "key" && cursor.takes("distkey")) cursor.name();
    return { verb: "storage" };
  }
  if (cursor.takes("distkey")) {
    cursor.name();
    return { verb: "storage" };
  }
  if (cursor.takes("sortkey", "none") || cursor.takes("sortkey", "auto") || cursor.takes("encode", "auto"))
    return { verb: "storage" };
  if (cursor.sees("compound") || cursor.sees("sortkey")) {
    cursor.takes("compound");
    cursor.expect("sortkey");
    cursor.parenthesized();
    return { verb: "storage" };
  }
  cursor.takes("column");
  const name = cursor.name();
  if (cursor.takes("encode")) {
    cursor.name();
    while (cursor.takes(",")) {
      cursor.takes("alter");
      cursor.takes("column");
      cursor.name();
      cursor.expect("encode");
      cursor.name();
    }
    return { verb: "storage" };
  }
  cursor.expect("type");
  const type = dataType(cursor);
  if (type.name !== "varchar") throw new SqlError("ALTER COLUMN TYPE is only for VARCHAR columns");
  return { verb: "widen column", column: { name, type, notNull: false } };
}
