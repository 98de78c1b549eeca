"""What commands ask of their arguments."""

from collections.abc import Iterator

from grammar import Node
from lexer import Token
from refusal import Refusal
from statement import Statement

# Parameters that COPY takes with a columnar format:
# https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
_COLUMNAR = {
    "acceptinvchars", "fillrecord", "iam_role", "credentials", "with", "statupdate", "manifest", "access_key_id",
    "explicit_ids", "serializetojson", "format", "parquet", "orc", "region", "using",
}  # fmt: skip
_NOT_WITH_CSV = {"fixedwidth", "removequotes", "escape"}
_NOT_WITH_PARQUET = {"delimiter", "fixedwidth", "addquotes", "escape", "null", "header", "gzip", "bzip2", "zstd"}
_COPY_FORMATS = {"csv", "avro", "json", "parquet", "orc", "rcfile", "sequencefile", "shapefile"}

# Commands that run in no transaction:
# https://docs.aws.amazon.com/redshift/latest/dg/r_SVL_MULTI_STATEMENT_VIOLATIONS.html
_ALONE = {
    "vacuum": "VACUUM", "create_database": "CREATE DATABASE", "drop_database": "DROP DATABASE",
    "create_external_table": "CREATE EXTERNAL TABLE", "create_library": "CREATE LIBRARY",
    "drop_library": "DROP LIBRARY", "alter_system": "ALTER SYSTEM",
}  # fmt: skip


def alone(statement: Statement) -> str | None:
    """The name of a command that cannot run inside a transaction, as Redshift's error says it."""
    command = statement.command
    if command.rule in _ALONE:
        return _ALONE[command.rule]
    if command.all("append"):
        return "ALTER TABLE APPEND"
    if command.rule == "alter_table" and command.all("change_type"):
        return "ALTER TABLE ALTER COLUMN"
    return None


def check(statement: Statement) -> Iterator[Refusal]:
    command = statement.command
    rule = _RULES.get(command.rule)
    if rule is not None:
        yield from rule(statement, command)


def _copy(statement: Statement, copy: Node) -> Iterator[Refusal]:
    source = copy.child("copy_source")
    if source is None:
        return
    address = statement.value(source)
    if not address.startswith(("s3://", "dynamodb://", "emr://")):
        yield Refusal("copy", f"COPY reads s3://, dynamodb:// or emr:// (and SSH by an s3:// manifest), not {address}.", source.start, "copy-parameters-data-source")
    options = [(statement.key(node.start), node) for node in copy.own("copy_parameter")]
    words = {word for word, _ in options}
    for node in copy.all("copy_format_name"):
        words.add(statement.key(node.start))
    if not words & {"iam_role", "credentials", "with", "access_key_id", "using"}:
        yield Refusal("copy", "COPY needs an authorization: IAM_ROLE, CREDENTIALS or ACCESS_KEY_ID.", copy.end - 1, "copy-parameters-authorization", "IAM_ROLE default")
    seen: set[str] = set()
    for word, node in options:
        if word in seen:
            yield Refusal("copy", f"{word.upper()} is given once.", node.start, "r_COPY")
        seen.add(word)
    formats = [node for node in copy.all("copy_format_name")]
    if len(formats) > 1:
        yield Refusal("copy", "COPY reads one format.", formats[1].start, "copy-parameters-data-format")
    if words & {"parquet", "orc"}:
        for word, node in options:
            if word not in _COLUMNAR:
                yield Refusal("copy", f"{word.upper()} does not go with a columnar format.", node.start, "copy-usage_notes-copy-from-columnar")
    if "csv" in words or "shapefile" in words:
        for word, node in options:
            if word in _NOT_WITH_CSV:
                yield Refusal("copy", f"{word.upper()} does not go with CSV or SHAPEFILE.", node.start, "copy-parameters-data-format")
    if address.startswith("dynamodb://"):
        if words & _COPY_FORMATS:
            yield Refusal("copy", "COPY from DynamoDB takes no format.", source.start, "copy-parameters-data-source-dynamodb")


def _unload(statement: Statement, unload: Node) -> Iterator[Refusal]:
    target = unload.child("unload_target")
    if not statement.value(target).startswith("s3://"):
        yield Refusal("unload", f"UNLOAD writes to s3://, not {statement.value(target)}.", target.start, "r_UNLOAD")
    options = [(statement.key(node.start), node) for node in unload.own("unload_option")]
    words = {word for word, _ in options}
    if "format" in words:
        node = next(node for word, node in options if word == "format")
        words.add(statement.key(node.end - 1))
    if not words & {"iam_role", "credentials", "with", "access_key_id"}:
        yield Refusal("unload", "UNLOAD needs an authorization: IAM_ROLE, CREDENTIALS or ACCESS_KEY_ID.", unload.end - 1, "r_UNLOAD", "IAM_ROLE default")
    if "parquet" in words:
        for word, node in options:
            if word in _NOT_WITH_PARQUET:
                yield Refusal("unload", f"{word.upper()} does not go with PARQUET.", node.start, "r_UNLOAD")
    if {"cleanpath", "allowoverwrite"} <= words:
        yield Refusal("unload", "CLEANPATH does not go with ALLOWOVERWRITE.", unload.start, "r_UNLOAD")
    for first, others in (("csv", {"fixedwidth", "addquotes"}), ("fixedwidth", {"delimiter", "header"})):
        if first in words and words & others:
            yield Refusal("unload", f"{min(words & others).upper()} does not go with {first.upper()}.", unload.start, "r_UNLOAD")


def _create_database(statement: Statement, node: Node) -> Iterator[Refusal]:
    if any(statement.key(at) == "template" for at in range(node.start, node.end)):
        yield Refusal("syntax", "CREATE DATABASE takes no TEMPLATE.", node.start, "r_CREATE_DATABASE")


def _create_library(statement: Statement, node: Node) -> Iterator[Refusal]:
    yield Refusal("python-udf", "Redshift no longer runs Python functions, nor takes their libraries.", node.start, "udf-python-language-support")


def _merge(statement: Statement, merge: Node) -> Iterator[Refusal]:
    target = merge.child("merge_target")
    if target.child("alias") is not None:
        yield Refusal("merge", "The target of MERGE takes no alias.", target.child("alias").start, "r_MERGE", "the table's own name")
    target, source = target.child("table_name"), merge.child("table_name")
    clauses = [clause.children[0].rule for clause in merge.own("merge_clause")]
    if clauses and clauses != ["merge_matched", "merge_not_matched"]:
        yield Refusal("merge", "MERGE needs WHEN MATCHED, then WHEN NOT MATCHED, once each.", merge.own("merge_clause")[0].start, "r_MERGE")
    if statement.names(target) == statement.names(source):
        yield Refusal("merge", "The source of MERGE cannot be its target.", source.start, "r_MERGE")
    yield from _assignments(statement, merge)
    condition = merge.child("expression")
    inside = condition.all("scalar_subquery", "exists", "quantified") if condition else []
    if inside:
        yield Refusal("merge", "The condition of MERGE compares columns, without subqueries.", inside[0].start, "r_MERGE")


def _insert(statement: Statement, insert: Node) -> Iterator[Refusal]:
    rows = insert.own("value_row")
    counts = [_count(statement.tokens, row) for row in rows]
    columns = insert.child("insert_columns")
    wanted = _count(statement.tokens, columns) if columns else (counts[0] if counts else 0)
    for row, count in zip(rows, counts):
        if count != wanted:
            yield Refusal("insert-values", f"Every row must hold {wanted} values, got {count}.", row.start, "r_INSERT_30")


def _count(tokens: list[Token], row: Node) -> int:
    """How many items a parenthesized list holds."""
    depth, items = 0, 1
    for token in tokens[row.start : row.end]:
        depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(token.key, 0)
        items += token.key == "," and depth == 1
    return items


def _vacuum(statement: Statement, vacuum: Node) -> Iterator[Refusal]:
    keys = [statement.key(at) for at in range(vacuum.start, vacuum.end)]
    if "reindex" in keys[:2] and "percent" in keys:
        yield Refusal("vacuum", "TO … PERCENT does not go with REINDEX.", vacuum.start, "r_VACUUM_command")
    if ("percent" in keys or "boost" in keys) and vacuum.child("table_name") is None:
        yield Refusal("vacuum", "TO … PERCENT and BOOST need a table.", vacuum.start, "r_VACUUM_command")


def _materialized_view(statement: Statement, view: Node) -> Iterator[Refusal]:
    query = view.child("query")
    for rule in ("order_by", "limit_clause"):
        clause = query.child(rule)
        if clause is not None:
            yield Refusal("materialized-view", "A materialized view takes no ORDER BY, LIMIT or OFFSET.", clause.start, "materialized-view-create-sql-command")


def _create_view(statement: Statement, view: Node) -> Iterator[Refusal]:
    if statement.key(view.end - 1) != "binding":
        return
    for path in view.child("query").all("relation_path"):
        if path.end == path.start + 1 and path in statement.user_tables:
            yield Refusal("late-binding-view", "A view WITH NO SCHEMA BINDING names every table with its schema.", path.start, "r_CREATE_VIEW")


def _truncate(statement: Statement, truncate: Node) -> Iterator[Refusal]:
    tables = truncate.own("table_name")
    if len(tables) > 1:
        yield Refusal("truncate", "TRUNCATE takes one table.", tables[1].start, "r_TRUNCATE", "one statement each")


def _create_table_as(statement: Statement, create: Node) -> Iterator[Refusal]:
    condition = create.child("if_not_exists")
    if condition is not None:
        yield Refusal("unsupported-clause", "CREATE TABLE AS takes no IF NOT EXISTS.", condition.start, "r_CREATE_TABLE_AS", "DROP TABLE IF EXISTS first")


def _assignments(statement: Statement, command: Node) -> Iterator[Refusal]:
    """UPDATE and MERGE name the columns that they set without a table."""
    for target in command.all("assigned"):
        if target.end > target.start + 1:
            yield Refusal("assignment", "The column that is set is named without its table.", target.start, "r_UPDATE", statement.names(target)[-1])


def _alter_table(statement: Statement, alter: Node) -> Iterator[Refusal]:
    for change in alter.all("change_type"):
        kind = change.child("data_type")
        if kind.child("varchar_type") is None:
            yield Refusal("alter-table", "ALTER COLUMN TYPE is only for the length of a VARCHAR.", kind.start, "r_ALTER_TABLE", "a new column")
    encodings = alter.all("change_encoding")
    names = [statement.tokens[node.start + 2].value.lower() for node in encodings]
    if len(set(names)) < len(names):
        yield Refusal("syntax", "A column's encoding is changed once in a statement.", encodings[1].start, "r_ALTER_TABLE")


_RULES = {
    "copy": _copy,
    "unload": _unload,
    "create_database": _create_database,
    "create_library": _create_library,
    "merge": _merge,
    "insert": _insert,
    "vacuum": _vacuum,
    "create_materialized_view": _materialized_view,
    "create_view": _create_view,
    "alter_table": _alter_table,
    "truncate": _truncate,
    "create_table_as": _create_table_as,
    "update": _assignments,
}
