const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * Reserved in Redshift: unquoted, they are no names.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html
 */
export const RESERVED = words(`
  aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary
  blanksasnull both bytedict bzip2 case cast check collate column constraint create credentials cross current_date
  current_time current_timestamp current_user current_user_id default deferrable deflate defrag delta delta32k desc
  disable distinct do else emptyasnull enable encode encrypt encryption end except explicit false for foreign freeze
  from full globaldict256 globaldict64k grant group gzip having identity ignore ilike in initially inner intersect
  interval into is isnull join language leading left like limit localtime localtimestamp lun luns lzo lzop minus
  mostly16 mostly32 mostly8 natural new not notnull null nulls off offline offset oid old on only open or order outer
  overlaps parallel partition percent permissions pivot placing primary qualify raw readratio recover references
  rejectlog resort respect restore right select session_user similar snapshot some sysdate system table tag tdes
  text255 text32k then timestamp to top trailing true truncatecolumns union unique unnest unpivot user using verbose
  wallet when where with without
`);

/** Names of columns that every table has in Redshift. */
export const SYSTEM_COLUMNS = words("oid tableoid xmin cmin xmax cmax ctid");

/** Reserved words that are functions without parentheses. */
export const WORD_FUNCTIONS = words(
  "current_date current_timestamp current_time current_user session_user user sysdate localtime localtimestamp current_user_id",
);

/** Reserved words that a call's name may be all the same. */
export const CALLABLE = words("left right array user");

/** What other databases' queries have and Redshift's do not, by its word. */
export const NO_SUCH_CLAUSE: ReadonlyMap<string, string> = new Map([
  ["lateral", "Redshift has no LATERAL"],
  ["returning", "Redshift has no RETURNING"],
  ["tablesample", "Redshift has no TABLESAMPLE"],
  ["asof", "Redshift has no ASOF JOIN"],
  ["positional", "Redshift has no POSITIONAL JOIN"],
  ["semi", "Redshift has no SEMI JOIN; use EXISTS"],
  ["anti", "Redshift has no ANTI JOIN; use NOT EXISTS"],
  ["glob", "Redshift has no GLOB"],
  ["window", "Redshift has no WINDOW clause"],
]);

/** Words that end a select item or a table without being its alias. */
export const NO_ALIAS = words(
  "from where group having qualify order limit offset union intersect except minus on using join inner left right full cross natural pivot unpivot as at set when connect start exclude lateral returning tablesample asof positional semi anti glob window fetch",
);

/** Words that are operators where an operand has ended, and no alias. */
export const OPERATOR_WORDS = words(
  "and or not is in like ilike similar between isnull notnull overlaps escape collate",
);
