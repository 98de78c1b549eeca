const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words that belong to the grammar of a query and are no names there. */
export const KEYWORDS = words(`
  all and any as asc between both by case cross cube current_date current_timestamp current_user cycle default
  delete desc distinct else end escape except exclude exists false filter following for from full
  group grouping having if ignore ilike in inner insert intersect interval into is isnull join lateral leading
  left like limit minus natural not notnull null nulls offset on or order outer over partition preceding qualify
  range recursive respect returning right rollup row rows select session_user set sets similar some sysdate
  then top trailing true unbounded union update user using values when where window with within groups
`);

/** Keywords behind which an operand has ended, so that a cast may follow. */
export const VALUE_WORDS =
  words(`null true false current_date current_timestamp current_user session_user user
  sysdate default`);

/**
 * Reserved in Redshift and of no use inside a query or a column list: unquoted, they are a syntax error, though
 * other databases take them for names.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html
 */
export const RESERVED_NAMES = words(`
  aes128 aes256 allowoverwrite analyse analyze authorization az64 backup binary blanksasnull bytedict bzip2 check
  collate column constraint create credentials deferrable deflate defrag delta delta32k disable do emptyasnull
  enable encode encrypt encryption explicit foreign freeze globaldict256 globaldict64k grant gzip identity
  initially language lun luns lzo lzop mostly16 mostly32 mostly8 new off offline oid old only open overlaps
  parallel percent permissions placing primary raw readratio recover references rejectlog resort restore snapshot
  system table tag tdes text255 text32k to truncatecolumns unique verbose wallet without
`);

/** Reserved in Redshift, whether or not a query's grammar uses them: no column or table bears them unquoted. */
export const RESERVED = new Set([
  ...RESERVED_NAMES,
  ...words(`all and any array as asc between both case cast cross current_date current_time current_timestamp
    current_user current_user_id default desc distinct else end except false for from full group having ignore
    ilike in inner intersect interval into is isnull join leading left like limit localtime localtimestamp minus
    natural not notnull null nulls offset on or order outer partition pivot respect right select session_user
    similar some sysdate then timestamp top trailing true union unnest unpivot user using when where with`),
]);

/** Names of columns that every table has in Redshift. */
export const SYSTEM_COLUMNS = words("oid tableoid xmin cmin xmax cmax ctid");

/** What other databases' queries have and Redshift's do not, by its word. */
export const NO_SUCH_CLAUSE: ReadonlyMap<string, string> = new Map([
  ["lateral", "Redshift has no LATERAL"],
  ["returning", "Redshift has no RETURNING"],
  ["conflict", "Redshift has no ON CONFLICT; MERGE does that"],
  ["tablesample", "Redshift has no TABLESAMPLE"],
  ["asof", "Redshift has no ASOF JOIN"],
  ["positional", "Redshift has no POSITIONAL JOIN"],
  ["semi", "Redshift has no SEMI JOIN; use EXISTS"],
  ["anti", "Redshift has no ANTI JOIN; use NOT EXISTS"],
  ["glob", "Redshift has no GLOB"],
  ["window", "Redshift has no WINDOW clause"],
]);

/** What Redshift's queries have and the engine cannot do with Redshift's meaning, by its word. */
export const CLAUSES_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ["top", "TOP (use LIMIT)"],
  ["similar", "SIMILAR TO"],
  ["pivot", "PIVOT"],
  ["unpivot", "UNPIVOT"],
]);

/** Operators that Redshift and the engine share with one meaning. */
export const OPERATORS = new Set("( ) , . ; + - * / % = < > <= >= <> != || ::".split(" "));

/** Operators that Redshift has and the engine reads in another way. */
export const OPERATORS_ELSEWHERE = new Set("~ ~* !~ !~* ^ |/ @ & | # << >>".split(" "));

/** Redshift's system views that are kept here, by name; the value is the relation that holds them. */
export const SYSTEM_VIEWS: ReadonlyMap<string, string> = new Map(
  ["pg_user", "svv_roles", "svv_user_grants", "svv_relation_privileges", "sys_load_error_detail"].map(
    (name) => [name, `rs.${name}`],
  ),
);

/** Prefixes of the engine's own relations: nobody's query reads them. */
export const ENGINE_NAMES = /^(?:duckdb_|pragma_|sqlite_|rs$)/;
