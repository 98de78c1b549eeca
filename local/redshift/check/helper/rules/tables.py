"""Definitions of tables: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html"""

from collections.abc import Iterator

from refusal import Refusal
from statement import Statement
from tree import Node
from words import read_words

SYSTEM_COLUMNS = read_words("system-columns")
_PAGE = "r_CREATE_TABLE_NEW"
_COLUMNS = 1_600
_SORT_COLUMNS = {"interleaved": 8, "compound": 400}
_NO_KEYS = {"super", "hllsketch", "geometry", "geography", "varbyte"}

_NUMBERS = {"smallint", "integer", "bigint", "decimal"}
_TIMES = {"date", "timestamp", "timestamptz", "time", "timetz", "interval"}
_TEXTS = {"char", "varchar"}
_FLOATS = {"real", "double precision"}
_PLAIN = _NUMBERS | _TIMES | _TEXTS | _FLOATS | {"boolean"}

# Types that take an encoding: https://docs.aws.amazon.com/redshift/latest/dg/c_Compression_encodings.html
_ENCODINGS = {
    "raw": None,
    "none": None,
    "auto": None,
    "az64": _NUMBERS | _TIMES,
    "bytedict": _PLAIN - {"boolean"},
    "delta": {"smallint", "integer", "bigint", "date", "timestamp", "decimal"},
    "delta32k": {"integer", "bigint", "date", "timestamp", "decimal"},
    "lzo": (_PLAIN - _FLOATS - {"boolean"}) | {"super", "varbyte"},
    "mostly8": {"smallint", "integer", "bigint", "decimal"},
    "mostly16": {"integer", "bigint", "decimal"},
    "mostly32": {"bigint", "decimal"},
    "runlength": _PLAIN,
    "text255": {"varchar"},
    "text32k": {"varchar"},
    "zstd": _PLAIN | {"super", "varbyte", "geometry", "geography"},
}
_ENCODING_NAMES = ", ".join(sorted(_ENCODINGS.keys() - {"none", "auto"})).upper()
_SPELLINGS = {
    "int2": "smallint", "int": "integer", "int4": "integer", "int8": "bigint", "numeric": "decimal",
    "dec": "decimal",
    "float4": "real", "float8": "double precision", "float": "double precision", "double": "double precision",
    "bool": "boolean", "character": "char", "nchar": "char", "bpchar": "char", "nvarchar": "varchar",
    "text": "varchar", "varbinary": "varbyte", "binary": "varbyte",
}  # fmt: skip


def check(statement: Statement) -> Iterator[Refusal]:
    for node in statement.tree.all("create_table"):
        yield from _check_columns(statement, node)
        yield from _check_distribution(statement, node)
        yield from _check_sort_keys(statement, node)
    for node in statement.tree.all("create_table", "create_table_as"):
        yield from _check_temporary(statement, node)
        if node.rule == "create_table_as":
            yield from _check_distribution(statement, node)
    for node in statement.tree.all("add_column"):
        yield from _check_column(statement, node)


def _base_type(statement: Statement, column: Node) -> str:
    node = column.child("data_type")
    first = statement.key(node.start)
    if first == "character" and statement.key(node.start + 1) == "varying":
        return "varchar"
    if first in ("timestamp", "time") and statement.key(node.start + 1) == "with":
        return f"{first}tz"
    return _SPELLINGS.get(first, first)


def _column_name(statement: Statement, column: Node) -> str:
    return statement.value(column.child("column_name"))


def _check_columns(statement: Statement, table: Node) -> Iterator[Refusal]:
    columns = table.all("column_definition")
    if len(columns) > _COLUMNS:
        yield Refusal(
            "table-limit",
            f"A table has at most {_COLUMNS} columns, got {len(columns)}.",
            columns[_COLUMNS].start,
            _PAGE,
        )
    seen: set[str] = set()
    for column in columns:
        name = _column_name(statement, column)
        if name in seen:
            yield Refusal("duplicate-column", f"Column {name} is defined twice.", column.start, _PAGE)
        seen.add(name)
        yield from _check_column(statement, column)
    keys = table.all("column_primary_key", "table_primary_key")
    if len(keys) > 1:
        yield Refusal("constraint", "A table has one primary key.", keys[1].start, _PAGE)
    if not table.all("like_table"):
        for constraint in table.all("table_unique", "table_primary_key", "table_foreign_key"):
            yield from _check_known(statement, constraint.child("key_columns"), seen, "constraint")


def _check_column(statement: Statement, column: Node) -> Iterator[Refusal]:
    name, base = _column_name(statement, column), _base_type(statement, column)
    if name in SYSTEM_COLUMNS:
        yield Refusal(
            "system-column",
            f"No column may be called {name}: PostgreSQL's system columns are.",
            column.start,
            "c_unsupported-postgresql-features",
        )
    for node in column.all("encode"):
        encoding = statement.value(node.child("encoding"))
        types = _ENCODINGS.get(encoding, set())
        if encoding not in _ENCODINGS:
            yield Refusal(
                "encoding",
                f"{encoding.upper()} is no encoding; they are {_ENCODING_NAMES}.",
                node.start,
                "c_Compression_encodings",
            )
        elif types is not None and base not in types:
            yield Refusal(
                "encoding",
                f"{encoding.upper()} does not encode {base.upper()}.",
                node.start,
                "c_Compression_encodings",
            )
    for node in column.all("identity"):
        if base not in ("integer", "bigint"):
            yield Refusal(
                "identity", f"An IDENTITY column is INT or BIGINT, got {base.upper()}.", node.start, _PAGE
            )
    for node in column.all("collation"):
        if base not in _TEXTS:
            yield Refusal(
                "collation", f"COLLATE is for CHAR and VARCHAR, got {base.upper()}.", node.start, _PAGE
            )
    for rule in (
        "default_value",
        "identity",
        "encode",
        "column_distkey",
        "column_sortkey",
        "collation",
        "references",
    ):
        repeated = column.all(rule)
        if len(repeated) > 1:
            yield Refusal("syntax", "A column's attribute is given once.", repeated[1].start, _PAGE)
    if column.all("default_value") and column.all("identity"):
        yield Refusal(
            "identity", "An IDENTITY column takes no DEFAULT.", column.all("identity")[0].start, _PAGE
        )
    for default in column.all("default_value"):
        inside = default.all("scalar_subquery", "exists", "column_reference", "over")
        if inside:
            yield Refusal(
                "default-value",
                "A default is an expression without subqueries or other columns.",
                inside[0].start,
                _PAGE,
            )


def _check_known(statement: Statement, columns: Node, known: set[str], rule: str) -> Iterator[Refusal]:
    for at in range(columns.start + 1, columns.end, 2):
        name = statement.tokens[at].value.lower()
        if name not in known:
            yield Refusal(rule, f"Column {name} is not defined in the table.", at, _PAGE)


def _check_distribution(statement: Statement, table: Node) -> Iterator[Refusal]:
    styles = [(node, statement.key(node.start + 1)) for node in table.all("diststyle")]
    keys = table.all("distkey", "column_distkey")
    keys += [node for node in table.all("query_attribute") if statement.key(node.start) == "distkey"]
    if len(styles) > 1:
        yield Refusal("distribution", "DISTSTYLE is given once.", styles[1][0].start, _PAGE)
    if len(keys) > 1:
        yield Refusal("distribution", "A table has one distribution key.", keys[1].start, _PAGE)
    for style, value in styles:
        if keys and value != "key":
            yield Refusal(
                "distribution",
                f"DISTKEY goes with DISTSTYLE KEY or none, not {value.upper()}.",
                style.start,
                _PAGE,
            )
        if not keys and value == "key":
            yield Refusal("distribution", "DISTSTYLE KEY needs a DISTKEY.", style.start, _PAGE)
    if table.rule == "create_table":
        for node in table.all("distkey"):
            yield from _check_key(statement, table, node.start + 2, "distribution")
        for column in table.all("column_definition"):
            if column.all("column_distkey"):
                yield from _check_key(statement, table, column.start, "distribution")


def _check_sort_keys(statement: Statement, table: Node) -> Iterator[Refusal]:
    tables = table.all("sortkey", "sortkey_auto")
    columns = [column for column in table.all("column_definition") if column.all("column_sortkey")]
    if len(tables) + len(columns) > 1:
        second = tables[0] if columns and tables else (columns or tables)[1]
        yield Refusal("sort-key", "A table has one sort key.", second.start, _PAGE)
    for column in columns:
        yield from _check_key(statement, table, column.start, "sort-key")
    for node in table.all("sortkey"):
        kind = "interleaved" if statement.key(node.start) == "interleaved" else "compound"
        named = list(range(node.child("key_columns").start + 1, node.end, 2))
        if len(named) > _SORT_COLUMNS[kind]:
            yield Refusal(
                "sort-key",
                f"{kind.upper()} SORTKEY takes at most {_SORT_COLUMNS[kind]} columns, got {len(named)}.",
                node.start,
                _PAGE,
            )
        for at in named:
            yield from _check_key(statement, table, at, "sort-key")


def _check_key(statement: Statement, table: Node, at: int, rule: str) -> Iterator[Refusal]:
    if table.all("like_table"):
        return
    name = statement.tokens[at].value.lower()
    kind = "sort" if rule == "sort-key" else "distribution"
    column = next(
        (each for each in table.all("column_definition") if _column_name(statement, each) == name), None
    )
    if column is None:
        yield Refusal(rule, f"Column {name} of the {kind} key is not defined in the table.", at, _PAGE)
    elif _base_type(statement, column) in _NO_KEYS:
        yield Refusal(
            rule,
            f"A {_base_type(statement, column).upper()} column cannot be a {kind} key.",
            at,
            "limitations-super",
        )


def _check_temporary(statement: Statement, table: Node) -> Iterator[Refusal]:
    name = table.child("table_name")
    names = statement.names(name)
    temporary = table.child("temporary") is not None or names[-1].startswith("#")
    if temporary and len(names) > 1:
        yield Refusal("temporary-table", "A temporary table takes no schema's name.", name.start, _PAGE)
