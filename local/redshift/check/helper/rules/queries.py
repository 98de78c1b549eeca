"""Queries, by the tree of the grammar."""

from collections.abc import Iterator

from functions import AGGREGATES
from lexer import NUMBER
from refusal import Refusal
from statement import Statement
from tree import Node


def check(statement: Statement) -> Iterator[Refusal]:
    for query in statement.tree.all("query"):
        yield from _check_query(statement, query)
    for select in statement.tree.all("select"):
        yield from _check_select(statement, select)
    for node in statement.tree.all("with"):
        yield from _check_with(statement, node)
    for node in statement.tree.all("limit", "offset", "top"):
        token = statement.tokens[node.end - 1]
        if token.kind == NUMBER and not token.text.isdigit():
            yield Refusal(
                "limit",
                f"{statement.value(node).upper()} takes a whole number, got {token.text}.",
                node.start,
                "r_ORDER_BY_clause",
            )
    for node in statement.tree.all("pivot", "unpivot"):
        yield from _check_pivot(statement, node)


def _check_query(statement: Statement, query: Node) -> Iterator[Refusal]:
    body, limit = query.child("query_body"), query.child("limit_clause")
    selects = [term.child("select") for term in body.own("query_term") if term.child("select")]
    if limit is not None and limit.child("limit") and len(selects) == 1 and selects[0].child("top"):
        yield Refusal("top-with-limit", "TOP and LIMIT do not go together.", limit.start, "r_SELECT_list")


def _check_select(statement: Statement, select: Node) -> Iterator[Refusal]:
    qualify, from_ = select.child("qualify"), select.child("from")
    if qualify is not None:
        if not _windows(select):
            yield Refusal(
                "qualify",
                "QUALIFY needs a window function, in it or in the SELECT list.",
                qualify.start,
                "r_QUALIFY_clause",
            )
        if from_ is None:
            yield Refusal("qualify", "QUALIFY needs a FROM.", qualify.start, "r_QUALIFY_clause")
        elif from_.end == qualify.start and not _ends_with_alias(from_):
            yield Refusal(
                "qualify",
                "The relation right before QUALIFY needs an alias.",
                qualify.start,
                "r_QUALIFY_clause",
                "FROM events AS e QUALIFY …",
            )
    yield from _check_listagg(statement, select)
    grouped = select.child("group_by")
    for node in grouped.all("grouping") if grouped else []:
        extended = statement.key(node.start) in ("rollup", "cube") and statement.key(node.start + 1) == "("
        for constant in node.own("expression") if extended else []:
            if statement.tokens[constant.start].kind == NUMBER and constant.end == constant.start + 1:
                yield Refusal(
                    "grouping",
                    "ROLLUP and CUBE take no constants.",
                    constant.start,
                    "r_GROUP_BY_aggregation-extensions",
                )


def _check_pivot(statement: Statement, pivot: Node) -> Iterator[Refusal]:
    page = "r_FROM_clause-pivot-unpivot-examples"
    for aggregate in pivot.own("expression"):
        calls = aggregate.all("call")
        whole = bool(calls) and (calls[-1].start, calls[-1].end) == (aggregate.start, aggregate.end)
        if not whole or statement.value(calls[-1]) not in AGGREGATES:
            yield Refusal(
                "pivot", "PIVOT takes a call of an aggregate, and nothing around it.", aggregate.start, page
            )
    for value in pivot.own("pivot_value"):
        columns = value.children[0].all("column_reference")
        if pivot.rule == "pivot" and (columns or value.all("scalar_subquery")):
            yield Refusal("pivot", "The values of PIVOT are no columns and no subqueries.", value.start, page)
        if pivot.rule == "unpivot" and not columns:
            yield Refusal("pivot", "UNPIVOT takes columns.", value.start, page)


def _windows(select: Node) -> bool:
    parts = [*select.own("select_item"), *select.own("qualify")]
    return any(part.all("over") for part in parts)


def _ends_with_alias(from_: Node) -> bool:
    last = [node for node in from_.walk() if node.end == from_.end]
    if any(node.rule in ("alias", "column_names") for node in last):
        return True
    # behind a join it is the condition that ends the clause
    return any(node.rule == "join" for node in last) and not any(node.rule == "table_source" for node in last)


def _check_listagg(statement: Statement, select: Node) -> Iterator[Refusal]:
    orders: dict[str, Node] = {}
    for item in select.own("select_item"):
        for call in item.all("call"):
            within = call.child("within_group")
            if within is not None and statement.value(call) == "listagg":
                orders.setdefault(statement.text(within).lower(), within)
    if len(orders) > 1:
        second = list(orders.values())[1]
        yield Refusal(
            "listagg",
            "Every LISTAGG of a statement orders its group by the same values.",
            second.start,
            "r_LISTAGG",
        )


def _check_with(statement: Statement, node: Node) -> Iterator[Refusal]:
    names: set[str] = set()
    for table in node.own("common_table"):
        name = statement.value(table.child("common_table_name"))
        if name in names:
            yield Refusal(
                "with-clause", f"{name} is defined twice in the WITH clause.", table.start, "r_WITH_clause"
            )
        names.add(name)
        if node.child("recursive") is not None and _refers(statement, table, name):
            yield from _check_recursive(statement, table, name)
    if node.child("recursive") is None:
        return
    for outer in statement.tree.all(
        "scalar_subquery", "derived_table", "exists", "membership_test", "common_table"
    ):
        if node in outer.walk():
            yield Refusal(
                "recursive-cte",
                "WITH RECURSIVE stands at the top of a statement, not in a subquery.",
                node.start,
                "r_WITH_clause",
            )
            return


def _refers(statement: Statement, part: Node, name: str) -> bool:
    return any(statement.names(path) == [name] for path in part.all("relation_path"))


def _check_recursive(statement: Statement, table: Node, name: str) -> Iterator[Refusal]:
    query = table.child("query")
    page = "r_WITH_clause"
    if table.child("column_names") is None:
        yield Refusal(
            "recursive-cte",
            f"Recursive {name} needs a list of columns.",
            table.start,
            page,
            f"{name}(column, …) AS (…)",
        )
    body = query.child("query_body")
    operators = body.own("set_operator")
    for node in operators:
        if [statement.key(at) for at in range(node.start, node.end)] != ["union", "all"]:
            yield Refusal(
                "recursive-cte", "A recursive query joins its two parts by UNION ALL.", node.start, page
            )
            return
    terms = body.own("query_term")
    if len(terms) < 2:
        yield Refusal(
            "recursive-cte",
            "A recursive query has two parts: where it starts, UNION ALL, and what repeats.",
            query.start,
            page,
        )
    elif _refers(statement, terms[0], name):
        yield Refusal(
            "recursive-cte", f"The first part of recursive {name} does not refer to it.", terms[0].start, page
        )
    for rule in ("order_by", "limit_clause"):
        clause = query.child(rule)
        if clause is not None:
            yield Refusal(
                "recursive-cte", "A recursive query takes no ORDER BY and no LIMIT.", clause.start, page
            )
