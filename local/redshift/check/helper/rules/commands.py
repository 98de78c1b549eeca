"""What single commands ask of their arguments, and which run in no transaction."""

from collections.abc import Iterator
from difflib import get_close_matches

from refusal import Refusal
from statement import Statement
from tree import Node
from words import read_words

_SETTINGS = read_words("settings")

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
    for node in statement.tree.all("setting_name"):
        yield from _setting(statement, node)
    command = statement.command
    rule = _RULES.get(command.rule)
    if rule is not None:
        yield from rule(statement, command)


def _setting(statement: Statement, node: Node) -> Iterator[Refusal]:
    """A name with a dot is a variable of the session."""
    name = statement.value(node)
    if node.end == node.start + 1 and name not in _SETTINGS:
        close = get_close_matches(name, _SETTINGS, 1, 0.8)
        yield Refusal(
            "setting",
            f"Redshift has no setting {name}.",
            node.start,
            "cm_chap_ConfigurationRef",
            close[0] if close else None,
            f'unrecognized configuration parameter "{name}"',
        )


def _create_database(statement: Statement, node: Node) -> Iterator[Refusal]:
    if any(statement.key(at) == "template" for at in range(node.start, node.end)):
        yield Refusal("syntax", "CREATE DATABASE takes no TEMPLATE.", node.start, "r_CREATE_DATABASE")


def _create_library(statement: Statement, node: Node) -> Iterator[Refusal]:
    yield Refusal(
        "python-udf",
        "Redshift no longer runs Python functions, nor takes their libraries.",
        node.start,
        "udf-python-language-support",
    )


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
            yield Refusal(
                "materialized-view",
                "A materialized view takes no ORDER BY, LIMIT or OFFSET.",
                clause.start,
                "materialized-view-create-sql-command",
            )


def _create_view(statement: Statement, view: Node) -> Iterator[Refusal]:
    if statement.key(view.end - 1) != "binding":
        return
    for path in view.child("query").all("relation_path"):
        if path.end == path.start + 1 and path in statement.user_tables:
            yield Refusal(
                "late-binding-view",
                "A view WITH NO SCHEMA BINDING names every table with its schema.",
                path.start,
                "r_CREATE_VIEW",
            )


def _create_table_as(statement: Statement, create: Node) -> Iterator[Refusal]:
    condition = create.child("if_not_exists")
    if condition is not None:
        yield Refusal(
            "unsupported-clause",
            "CREATE TABLE AS takes no IF NOT EXISTS.",
            condition.start,
            "r_CREATE_TABLE_AS",
            "DROP TABLE IF EXISTS first",
        )


def _alter_table(statement: Statement, alter: Node) -> Iterator[Refusal]:
    for change in alter.all("change_type"):
        kind = change.child("data_type")
        if kind.child("varchar_type") is None:
            yield Refusal(
                "alter-table",
                "ALTER COLUMN TYPE is only for the length of a VARCHAR.",
                kind.start,
                "r_ALTER_TABLE",
                "a new column",
            )
    encodings = alter.all("change_encoding")
    names = [statement.tokens[node.start + 2].value.lower() for node in encodings]
    if len(set(names)) < len(names):
        yield Refusal(
            "syntax",
            "A column's encoding is changed once in a statement.",
            encodings[1].start,
            "r_ALTER_TABLE",
        )


_RULES = {
    "create_database": _create_database,
    "create_library": _create_library,
    "vacuum": _vacuum,
    "create_materialized_view": _materialized_view,
    "create_view": _create_view,
    "alter_table": _alter_table,
    "create_table_as": _create_table_as,
}
