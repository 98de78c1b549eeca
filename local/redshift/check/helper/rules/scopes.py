"""Which names and aggregates may stand where: rules on sqlglot's tree of a query.

What sqlglot does not read has been read by the grammar already; it goes without these rules.
"""

import logging
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from blocks import BLOCKS, Place, aggregates, is_aggregate, own, sources
from refusal import Refusal
from rules import correlations
from statement import Statement

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)


def check(statement: Statement) -> Iterator[Refusal]:
    for query in _outermost(statement):
        text = statement.text(query)
        try:
            tree = sqlglot.parse_one(text, dialect="redshift")
        except sqlglot.errors.SqlglotError:
            continue
        place = Place(statement, query.start)
        for node in tree.find_all(exp.Select):
            yield from _check_select(node, place)
        for node in tree.find_all(exp.SetOperation):
            yield from _check_set_operation(node, place)
        for column in tree.find_all(exp.Column):
            yield from correlations.check(column, place)


def _outermost(statement: Statement):
    end = 0
    for node in statement.tree.walk():
        if node.rule == "query" and node.start >= end:
            end = node.end
            yield node


def _check_select(select: exp.Select, place: Place) -> Iterator[Refusal]:
    clauses = [("WHERE", "where"), ("GROUP BY", "group")]
    for name, key in clauses:
        clause = select.args.get(key)
        for node in aggregates(clause):
            yield Refusal(
                "aggregate-place",
                f"{name} takes no aggregate.",
                place.of(node),
                "c_Aggregate_Functions",
                "HAVING" if key == "where" else None,
            )
    for join in select.args.get("joins") or []:
        for node in aggregates(join.args.get("on")):
            yield Refusal(
                "aggregate-place",
                "A join's condition takes no aggregate.",
                place.of(node),
                "c_Aggregate_Functions",
            )
    for name, key in [*clauses, ("HAVING", "having")]:
        for node in own(select.args.get(key), exp.Window):
            yield Refusal(
                "window-place",
                f"{name} takes no window function.",
                place.of(node),
                "c_Window_functions",
                "QUALIFY, or a subquery",
            )
    for node in aggregates(select):
        inner = [each for each in aggregates(node) if each is not node]
        if inner:
            yield Refusal(
                "nested-aggregate",
                "An aggregate cannot contain another.",
                place.of(node),
                "c_Aggregate_Functions",
            )
            break
    yield from _check_sources(select, place)
    yield from _check_grouping(select, place)


def _check_sources(select: exp.Select, place: Place) -> Iterator[Refusal]:
    seen: set[str] = set()
    for source in sources(select):
        name = source.alias_or_name.lower()
        qualifier = source.args.get("db")
        key = name if source.alias or qualifier is None else f"{qualifier.name.lower()}.{name}"
        if name and key in seen:
            yield Refusal(
                "duplicate-alias",
                f'Table name "{name}" is used more than once.',
                place.of(source),
                "r_FROM_clause30",
            )
        seen.add(key)


def _check_grouping(select: exp.Select, place: Place) -> Iterator[Refusal]:
    """Every column of the list is grouped by, or inside an aggregate."""
    group = select.args.get("group")
    if (group is None and not any(aggregates(item) for item in select.expressions)) or select.args.get(
        "connect"
    ):
        return
    if (
        group is not None
        and group.args.get("all")
        or any(item.find(exp.Star) and not item.find(exp.Count) for item in select.expressions)
    ):
        return
    grouped = {column.name.lower() for column in group.find_all(exp.Column)} if group else set()
    ordinals = (
        {
            int(each.name)
            for each in group.expressions
            if isinstance(each, exp.Literal) and each.name.isdigit()
        }
        if group
        else set()
    )
    texts = {each.sql().lower() for each in group.expressions} if group else set()
    aliases: set[str] = set()
    for number, item in enumerate(select.expressions, 1):
        bare = item.unalias()
        if number not in ordinals and item.alias.lower() not in grouped and bare.sql().lower() not in texts:
            for column in _ungrouped(bare, texts):
                if column.name.lower() not in grouped | aliases:
                    yield Refusal(
                        "ungrouped-column",
                        f"Column {column.name} must appear in the GROUP BY clause or in an aggregate.",
                        place.of(column),
                        "r_GROUP_BY_clause",
                    )
                    return
        if item.alias:
            aliases.add(item.alias.lower())


def _ungrouped(item: exp.Expression, texts: set[str]) -> Iterator[exp.Column]:
    def stop(node: exp.Expression) -> bool:
        return is_aggregate(node) or isinstance(node, BLOCKS) or node.sql().lower() in texts

    for node in item.walk(prune=stop):
        if isinstance(node, exp.Column) and not stop(node) and isinstance(node.this, exp.Identifier):
            yield node


def _check_set_operation(node: exp.SetOperation, place: Place) -> Iterator[Refusal]:
    counts = []
    for side in (node.left, node.right):
        select = side.unnest() if isinstance(side, exp.Subquery) else side
        if isinstance(select, exp.Select) and not any(
            item.is_star or item.find(exp.Star) and not item.find(exp.Count) for item in select.expressions
        ):
            counts.append(len(select.expressions))
    if len(set(counts)) == 2:
        yield Refusal(
            "set-operation",
            f"Both sides of a set operation have as many columns, got {counts[0]} and {counts[1]}.",
            place.of(node.right),
            "r_UNION",
        )
