"""Query blocks in sqlglot's tree: what belongs to one, and where a node stands."""

from sqlglot import exp

from functions import AGGREGATES
from statement import Statement

BLOCKS = (exp.Select, exp.Subquery, exp.SetOperation)


class Place:
    """Finds the token of a node."""

    def __init__(self, statement: Statement, first: int):
        self._statement, self._first = statement, first
        self._offset = statement.tokens[first].at

    def of(self, node: exp.Expression) -> int:
        starts = [part.meta["start"] for part in node.find_all(exp.Identifier) if "start" in part.meta]
        if "start" in node.meta:
            starts.append(node.meta["start"])
        at = self._offset + min(starts) if starts else self._offset
        tokens = self._statement.tokens
        return next(
            (index for index in range(self._first, len(tokens)) if tokens[index].end > at), self._first
        )


def own(node: exp.Expression | None, *kinds: type) -> list:
    """Nodes of these kinds that belong to the same query block as `node`."""
    if node is None:
        return []
    found = []
    for each in node.walk(prune=lambda inner: isinstance(inner, BLOCKS) and inner is not node):
        if isinstance(each, kinds) and not isinstance(each, BLOCKS):
            found.append(each)
    return found


def is_windowed(node: exp.Expression) -> bool:
    parent = node.parent
    while isinstance(parent, (exp.IgnoreNulls, exp.RespectNulls, exp.WithinGroup, exp.Filter)):
        parent = parent.parent
    return isinstance(parent, exp.Window)


def is_aggregate(node: exp.Expression) -> bool:
    """sqlglot does not know all of Redshift's aggregates: some are anonymous functions to it."""
    named = isinstance(node, exp.Anonymous) and node.name.lower() in AGGREGATES
    return (named or isinstance(node, (exp.AggFunc, exp.WithinGroup))) and not is_windowed(node)


def aggregates(node: exp.Expression | None) -> list[exp.Expression]:
    """Aggregates of the block, those over a window left out."""
    return [each for each in own(node, exp.AggFunc, exp.Anonymous) if is_aggregate(each)]


def sources(select: exp.Select) -> list[exp.Expression]:
    """The tables and subqueries that a block selects from."""
    from_ = select.args.get("from_") or select.args.get("from")
    found = [from_.this] if from_ is not None else []
    found += [join.this for join in select.args.get("joins") or []]
    return [each for each in found if isinstance(each, (exp.Table, exp.Subquery))]
