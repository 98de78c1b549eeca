import {
  BIGINT,
  BLOB,
  BOOLEAN,
  blobValue,
  type DuckDBConnection,
  DuckDBScalarFunction,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  VARCHAR,
} from "@duckdb/node-api";
import { parseFormatted } from "../values/formatted-time";
import { formatNumber, parseNumber } from "../values/number-format";
import { parseTime } from "../values/parse-time";
import * as patterns from "../values/patterns";
import * as texts from "../values/texts";
import { formatTime } from "../values/time-format";

/** An argument as the engine gives it, a time as text. */
type Argument = string | number | boolean | bigint;

interface Definition {
  readonly returns: DuckDBType;
  readonly takes: readonly DuckDBType[];
  /** Its result for arguments of which none is null, unless it takes nulls. `undefined` is null. */
  readonly compute: (...args: never[]) => DuckDBValue | undefined;
  readonly takesNulls?: true;
}

const text = (takes: readonly DuckDBType[], compute: Definition["compute"]): Definition => ({
  returns: VARCHAR,
  takes,
  compute,
});
const TWO = [VARCHAR, VARCHAR];

/** Functions of Redshift's that the engine has no like of. */
const FUNCTIONS: Readonly<Record<string, Definition>> = {
  rs_parse_time: text(TWO, (value: string, type: string) => parseTime(value, type as "date")),
  rs_to_char: text(TWO, (value: string, format: string) => formatTime(value, format)),
  rs_number_to_char: text(TWO, (value: string, format: string) => formatNumber(value, format)),
  rs_to_number: text(TWO, (value: string, format: string) => parseNumber(value, format)),
  rs_to_timestamp: text([VARCHAR, VARCHAR, BOOLEAN], (value: string, format: string, strict: boolean) =>
    parseFormatted(value, format, strict),
  ),
  rs_similar: text(TWO, (pattern: string, mark: string) => patterns.similarPattern(pattern, mark)),
  rs_matches: {
    returns: BOOLEAN,
    takes: [VARCHAR, VARCHAR, VARCHAR],
    compute: (value: string, pattern: string, flags: string) =>
      patterns.patternOf(pattern, flags).test(value),
  },
  rs_regexp_substr: text(
    [VARCHAR, VARCHAR, INTEGER, INTEGER, VARCHAR],
    (value: string, pattern: string, from: number, occurrence: number, flags: string) =>
      patterns.substring(value, pattern, from, occurrence, flags),
  ),
  rs_regexp_count: {
    returns: INTEGER,
    takes: [VARCHAR, VARCHAR, INTEGER, VARCHAR],
    compute: (value: string, pattern: string, from: number, flags: string) =>
      patterns.count(value, pattern, from, flags),
  },
  rs_regexp_instr: {
    returns: INTEGER,
    takes: [VARCHAR, VARCHAR, INTEGER, INTEGER, INTEGER, VARCHAR],
    compute: (
      value: string,
      pattern: string,
      from: number,
      occurrence: number,
      behind: number,
      flags: string,
    ) => patterns.position(value, pattern, from, occurrence, behind, flags),
  },
  rs_regexp_replace: text(
    [VARCHAR, VARCHAR, VARCHAR, INTEGER, VARCHAR],
    (value: string, pattern: string, by: string, from: number, flags: string) =>
      patterns.replace(value, pattern, by, from, flags),
  ),
  rs_initcap: text([VARCHAR], texts.initcap),
  rs_quote_ident: text([VARCHAR], texts.quoteIdent),
  rs_quote_literal: text([VARCHAR], texts.quoteLiteral),
  rs_soundex: text([VARCHAR], texts.soundex),
  rs_difference: { returns: INTEGER, takes: TWO, compute: texts.difference },
  rs_strtol: { returns: BIGINT, takes: [VARCHAR, INTEGER], compute: texts.strtol },
  rs_alternative_text: text([VARCHAR], texts.alternativeNumber),
  rs_fnv: { returns: BIGINT, takes: [VARCHAR, VARCHAR, BIGINT], compute: texts.fnvHash, takesNulls: true },
  rs_crc32: text([VARCHAR], texts.crc),
  rs_sha2: text([VARCHAR, INTEGER], texts.sha2),
  rs_weekday: { returns: INTEGER, takes: [VARCHAR], compute: texts.weekday },
  rs_to_bytes: {
    returns: BLOB,
    takes: TWO,
    compute: (value: string, notation: string) => blobValue(texts.toBytes(value, notation)),
  },
  rs_from_bytes: text(TWO, texts.fromBytes),
  rs_is_json: { returns: BOOLEAN, takes: [VARCHAR], compute: texts.isJson },
  rs_is_json_array: {
    returns: BOOLEAN,
    takes: [VARCHAR],
    compute: (value: string) => Array.isArray(texts.parsed(value)?.value),
  },
  rs_json_array_length: {
    returns: INTEGER,
    takes: [VARCHAR, BOOLEAN],
    compute: (value: string, lenient: boolean) => texts.jsonArray(value, lenient)?.length,
  },
  rs_json_element: text([VARCHAR, INTEGER, BOOLEAN], (value: string, index: number, lenient: boolean) =>
    texts.jsonText(texts.jsonArray(value, lenient)?.[index]),
  ),
};

/** Makes the functions known to the engine, for every connection. */
export function registerFunctions(connection: DuckDBConnection): void {
  for (const [name, { returns, takes, compute, takesNulls }] of Object.entries(FUNCTIONS))
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        returnType: returns,
        parameterTypes: takes,
        specialHandling: true, // nulls are seen to here
        mainFunction: (info, input, output) => {
          try {
            const columns = takes.map((_, i) => input.getColumnVector(i));
            for (let row = 0; row < input.rowCount; row++) {
              const args = columns.map((column) => column.getItem(row) as Argument | null);
              const nothing = takesNulls === true ? args[0] === null : args.includes(null);
              output.setItem(row, nothing ? null : (compute(...(args as never[])) ?? null));
            }
            output.flush();
          } catch (error) {
            info.setError(`ERROR: ${error instanceof Error ? error.message : String(error)}`);
          }
        },
      }),
    );
}
