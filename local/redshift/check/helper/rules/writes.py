"""What writes rows: INSERT, UPDATE, MERGE and TRUNCATE; and how many columns a query has."""

from collections.abc import Iterator

from lexer import Token
from refusal import Refusal
from statement import Statement
from tree import Node


def _truncate(statement: Statement, truncate: Node) -> Iterator[Refusal]:
    tables = truncate.own("table_name")
    if len(tables) > 1:
        yield Refusal(
            "truncate", "TRUNCATE takes one table.", tables[1].start, "r_TRUNCATE", "one statement each"
        )


def _assignments(statement: Statement, command: Node) -> Iterator[Refusal]:
    """UPDATE and MERGE name the columns that they set without a table."""
    for target in command.all("assigned"):
        if target.end > target.start + 1:
            yield Refusal(
                "assignment",
                "The column that is set is named without its table.",
                target.start,
                "r_UPDATE",
                statement.names(target)[-1],
            )


def _merge(statement: Statement, merge: Node) -> Iterator[Refusal]:
    target = merge.child("merge_target")
    if target.child("alias") is not None:
        yield Refusal(
            "merge",
            "The target of MERGE takes no alias.",
            target.child("alias").start,
            "r_MERGE",
            "the table's own name",
        )
    target, source = target.child("table_name"), merge.child("table_name")
    clauses = [clause.children[0].rule for clause in merge.own("merge_clause")]
    if clauses and clauses != ["merge_matched", "merge_not_matched"]:
        yield Refusal(
            "merge",
            "MERGE needs WHEN MATCHED, then WHEN NOT MATCHED, once each.",
            merge.own("merge_clause")[0].start,
            "r_MERGE",
        )
    if statement.names(target) == statement.names(source):
        yield Refusal("merge", "The source of MERGE cannot be its target.", source.start, "r_MERGE")
    yield from _assignments(statement, merge)
    condition = merge.child("expression")
    inside = condition.all("scalar_subquery", "exists", "quantified") if condition else []
    if inside:
        yield Refusal(
            "merge",
            "The condition of MERGE compares columns, without subqueries.",
            inside[0].start,
            "r_MERGE",
        )


def _insert(statement: Statement, insert: Node) -> Iterator[Refusal]:
    rows = insert.own("value_row")
    counts = [_count(statement.tokens, row) for row in rows]
    columns = insert.child("insert_columns")
    wanted = _count(statement.tokens, columns) if columns else (counts[0] if counts else 0)
    query = insert.child("query")
    width = _width(statement, query) if query else None
    if columns is not None and width not in (None, wanted):
        yield Refusal(
            "insert-values", f"The query must have {wanted} columns, got {width}.", query.start, "r_INSERT_30"
        )
    for row, count in zip(rows, counts, strict=False):
        if count != wanted:
            yield Refusal(
                "insert-values",
                f"Every row must hold {wanted} values, got {count}.",
                row.start,
                "r_INSERT_30",
            )


def _count(tokens: list[Token], row: Node) -> int:
    """How many items a parenthesized list holds."""
    depth, items = 0, 1
    for token in tokens[row.start : row.end]:
        depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(token.key, 0)
        items += token.key == "," and depth == 1
    return items


def _width(statement: Statement, query: Node) -> int | None:
    """How many columns a query has. None: its text does not say."""
    terms = query.child("query_body").own("query_term")
    select = terms[0].child("select")
    if select is None:
        return None
    items = select.own("select_item")
    return None if any(item.child("star") for item in items) else len(items)


def _named_columns(statement: Statement, command: Node) -> Iterator[Refusal]:
    """A view, and a table of a query, names all of the query's columns or none."""
    columns, width = command.child("column_names"), _width(statement, command.child("query"))
    if columns is not None and width not in (None, _count(statement.tokens, columns)):
        yield Refusal("column-list", f"The query has {width} columns.", columns.start, "r_CREATE_VIEW")


_RULES = {
    "insert": _insert,
    "update": _assignments,
    "merge": _merge,
    "truncate": _truncate,
    "create_table_as": _named_columns,
    "create_view": _named_columns,
}


def check(statement: Statement) -> Iterator[Refusal]:
    command = statement.command
    rule = _RULES.get(command.rule)
    if rule is not None:
        yield from rule(statement, command)
