import type { ObjectName } from "../cursor";
import type { DataType } from "../types";

/** One step of a path behind a name: an attribute, or an element of an array. */
export type Step = { readonly name: string } | { readonly index: Expression };

/** A name and what is taken out of it: `table.column`, `column.attribute[0]`. */
export interface Path {
  readonly kind: "path";
  /** Names before the first subscript, folded to lower case. */
  readonly names: readonly string[];
  /** From the first subscript on. */
  readonly steps: readonly Step[];
}

export interface Star {
  readonly kind: "star";
  /** What stands before it: `t.*`. */
  readonly qualifier: readonly string[];
}

export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly schema?: string;
  readonly args: readonly Expression[];
  readonly distinct: boolean;
  readonly approximate: boolean;
  readonly within?: readonly OrderItem[];
  readonly nulls?: "ignore" | "respect";
  readonly over?: Window;
}

export interface Window {
  readonly partition: readonly Expression[];
  readonly order: readonly OrderItem[];
  /** The frame in SQL, which Redshift and the engine share. */
  readonly frame?: string;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nulls?: "first" | "last";
}

/** How a text is matched: `like` and `ilike` by wildcards, `similar` and `posix` by patterns. */
export type MatchOperator = "like" | "ilike" | "similar" | "posix" | "iposix";

/** An expression as it was written; nothing is resolved yet. */
export type Expression =
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
  /** CURRENT_DATE, SYSDATE and the like: a function without parentheses. */
  | { readonly kind: "word"; readonly name: string }
  | { readonly kind: "default" }
  /** `date '2024-01-01'` */
  | { readonly kind: "typed"; readonly type: DataType; readonly text: string }
  | { readonly kind: "interval"; readonly text: string; readonly unit?: string }
  | Path
  | Star
  | Call
  | {
      readonly kind: "cast";
      readonly operand: Expression;
      readonly type: DataType;
      /** A value that cannot be cast is null. */
      readonly lenient: boolean;
    }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "logical"; readonly operator: "and" | "or"; readonly operands: readonly Expression[] }
  | { readonly kind: "not"; readonly operand: Expression }
  | {
      readonly kind: "match";
      readonly operator: MatchOperator;
      readonly negated: boolean;
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape?: string;
    }
  | {
      readonly kind: "between";
      readonly negated: boolean;
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    }
  | {
      readonly kind: "in";
      readonly negated: boolean;
      readonly operand: Expression;
      readonly list: readonly Expression[] | Query;
    }
  | {
      readonly kind: "quantified";
      readonly operator: string;
      readonly all: boolean;
      readonly operand: Expression;
      readonly query: Query;
    }
  | {
      readonly kind: "is";
      readonly negated: boolean;
      readonly operand: Expression;
      readonly what: "null" | "true" | "false" | "unknown";
    }
  | {
      readonly kind: "case";
      readonly operand?: Expression;
      readonly branches: readonly { readonly when: Expression; readonly value: Expression }[];
      readonly otherwise?: Expression;
    }
  | { readonly kind: "exists"; readonly query: Query }
  | { readonly kind: "subquery"; readonly query: Query }
  | { readonly kind: "row"; readonly items: readonly Expression[] }
  | { readonly kind: "zone"; readonly operand: Expression; readonly zone: Expression };

/** What a SELECT lists. */
export interface SelectItem {
  readonly expression: Expression;
  readonly alias?: string;
}

export type JoinKind = "inner" | "left" | "right" | "full" | "cross";

export interface Alias {
  readonly name: string;
  readonly columns?: readonly string[];
}

/** What a query reads from. */
export type FromItem =
  /** A table, a view, a WITH query, or a path into a SUPER: which one, its names tell when they are resolved. */
  | { readonly kind: "name"; readonly path: Path; readonly alias?: Alias; readonly at?: string }
  | { readonly kind: "query"; readonly query: Query; readonly alias?: Alias }
  | {
      readonly kind: "join";
      readonly join: JoinKind;
      readonly natural: boolean;
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on?: Expression;
      readonly using?: readonly string[];
    }
  /** `UNPIVOT object AS value AT attribute` */
  | { readonly kind: "attributes"; readonly path: Path; readonly alias: Alias; readonly at?: string }
  | {
      readonly kind: "pivot";
      readonly source: FromItem;
      readonly aggregates: readonly SelectItem[];
      readonly column: string;
      readonly values: readonly SelectItem[];
      readonly alias?: Alias;
    }
  | {
      readonly kind: "unpivot";
      readonly source: FromItem;
      readonly value: string;
      readonly name: string;
      readonly columns: readonly { readonly column: string; readonly label?: string }[];
      readonly includeNulls: boolean;
      readonly alias?: Alias;
    };

/** What rows are grouped by. */
export type GroupItem =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "rollup" | "cube"; readonly items: readonly (readonly Expression[])[] }
  | { readonly kind: "sets"; readonly items: readonly GroupItem[] }
  | { readonly kind: "set"; readonly items: readonly Expression[] };

export interface Select {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly top?: Expression;
  readonly items: readonly SelectItem[];
  /** Columns that `*` leaves out. */
  readonly exclude: readonly string[];
  readonly into?: { readonly name: ObjectName; readonly temporary: boolean };
  readonly from: readonly FromItem[];
  readonly where?: Expression;
  readonly group?: readonly GroupItem[] | "all";
  readonly having?: Expression;
  readonly qualify?: Expression;
}

export interface SetOperation {
  readonly kind: "set";
  readonly operator: "union" | "union all" | "intersect" | "except";
  readonly left: QueryBody;
  readonly right: QueryBody;
}

/** `VALUES (…), (…)`, of an INSERT alone. */
export interface Values {
  readonly kind: "values";
  readonly rows: readonly (readonly Expression[])[];
}

export type QueryBody = Select | SetOperation | { readonly kind: "nested"; readonly query: Query };

export interface CommonTable {
  readonly name: string;
  readonly columns?: readonly string[];
  readonly query: Query;
}

/** A query, whole. */
export interface Query {
  readonly with: readonly CommonTable[];
  readonly recursive: boolean;
  readonly body: QueryBody;
  readonly order: readonly OrderItem[];
  readonly limit?: Expression;
  readonly offset?: Expression;
}
