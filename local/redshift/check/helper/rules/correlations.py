"""Correlated subqueries that Redshift cannot decorrelate.

https://docs.aws.amazon.com/redshift/latest/dg/r_correlated_subqueries.html
"""

from collections.abc import Iterator

from sqlglot import exp

from blocks import Place, aggregates, own, sources
from refusal import Refusal


def check(column: exp.Column, place: Place) -> Iterator[Refusal]:
    table = column.table.lower()
    if not table or column.args.get("db") is not None:
        return
    blocks: list[exp.Select] = []
    node: exp.Expression | None = column
    while (node := node.find_ancestor(exp.Select)) is not None:
        if any(source.alias_or_name.lower() == table for source in sources(node)):
            break
        blocks.append(node)
    if node is None or not blocks or any(isinstance(block.parent, exp.CTE) for block in blocks):
        return
    if any(
        isinstance(block.parent, exp.Subquery) and isinstance(block.parent.parent, (exp.From, exp.Join))
        for block in blocks
    ):
        return  # a table of a subquery: PartiQL's paths and names that are not known here
    page = "r_correlated_subqueries"
    if len(blocks) > 1:
        yield Refusal(
            "correlated-subquery",
            f"{column.sql()} skips a query block: Redshift cannot decorrelate that.",
            place.of(column),
            page,
        )
        return
    block = blocks[0]
    if own(block, exp.Window):
        yield Refusal(
            "correlated-subquery",
            "A correlated subquery cannot contain a window function.",
            place.of(column),
            page,
        )
    join = block.find_ancestor(exp.Join, exp.Select)
    if isinstance(join, exp.Join) and join.side:
        yield Refusal(
            "correlated-subquery",
            "The condition of an outer join cannot contain a correlated subquery.",
            place.of(column),
            page,
        )
    predicate = (
        block.parent if isinstance(block.parent, exp.In) else block.parent.parent if block.parent else None
    )
    others = [each for each in aggregates(block) if not isinstance(each, (exp.Min, exp.Max))]
    if isinstance(predicate, exp.In) and block.args.get("group") and others:
        yield Refusal(
            "correlated-subquery",
            "A correlated subquery behind IN cannot aggregate groups.",
            place.of(column),
            page,
        )
