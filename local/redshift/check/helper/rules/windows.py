"""Window functions: https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html"""

from collections.abc import Iterator

from functions import AGGREGATES, WINDOWS
from lexer import NUMBER, STRING
from refusal import Refusal
from statement import Statement
from tree import Node

_PAGE = "c_Window_functions"

# Aggregates that take a frame, and need one when their window is ordered.
_FRAMED = {
    "avg", "count", "max", "min", "sum", "stddev", "stddev_samp", "stddev_pop", "variance", "var_samp",
    "var_pop", "first_value", "last_value", "nth_value",
}  # fmt: skip
_UNORDERED = {"ratio_to_report", "median", "listagg", "percentile_cont", "percentile_disc"}
_ORDERED = {"lag", "lead"}
_TREATS_NULLS = {"lag", "lead", "first_value", "last_value", "nth_value"}
_NO_WINDOW = AGGREGATES - _FRAMED - _UNORDERED


def check(statement: Statement) -> Iterator[Refusal]:
    for call in statement.tree.all("call"):
        path = statement.names(call.children[0])
        if len(path) == 1:
            yield from _check_call(statement, call, path[0])


def _check_call(statement: Statement, call: Node, name: str) -> Iterator[Refusal]:
    over = call.child("over")
    nulls = [node for node in call.all("nulls_treatment") if node in call.children or _is_own(call, node)]
    if nulls and name not in _TREATS_NULLS:
        yield Refusal(
            "window-nulls", f"{name.upper()} takes no IGNORE NULLS or RESPECT NULLS.", nulls[0].start, _PAGE
        )
    if over is None:
        if name in WINDOWS:
            yield Refusal(
                "window-missing",
                f"{name.upper()} is a window function and needs OVER (…).",
                call.start,
                _PAGE,
            )
        return
    if name not in WINDOWS and (name not in AGGREGATES or name in _NO_WINDOW):
        yield Refusal(
            "window-function", f"{name.upper()} is no window function and takes no OVER.", over.start, _PAGE
        )
        return
    arguments = call.child("call_arguments")
    if arguments is not None and arguments.child("set_distinct") is not None and name != "listagg":
        yield Refusal(
            "window-distinct", f"{name.upper()} takes no DISTINCT in a window.", arguments.start, _PAGE
        )
    yield from _check_window(statement, over, name)


def _is_own(call: Node, node: Node) -> bool:
    arguments = call.child("call_arguments")
    return arguments is not None and any(node in argument.children for argument in arguments.own("argument"))


def _check_window(statement: Statement, over: Node, name: str) -> Iterator[Refusal]:
    order, frame = over.child("order_by"), over.child("frame")
    if order is not None and name in _UNORDERED:
        yield Refusal(
            "window-order-by", f"The window of {name.upper()} takes no ORDER BY.", order.start, _PAGE
        )
    if order is None and name in _ORDERED:
        yield Refusal(
            "window-order-by", f"The window of {name.upper()} needs an ORDER BY.", over.start, _PAGE
        )
    if frame is not None and name not in _FRAMED:
        yield Refusal("window-frame", f"{name.upper()} takes no frame.", frame.start, _PAGE)
    elif frame is not None:
        yield from _check_frame(statement, frame)
    if order is not None and frame is None and name in _FRAMED:
        yield Refusal(
            "window-frame",
            f"{name.upper()} over an ordered window needs an explicit frame.",
            order.start,
            _PAGE,
            "ROWS UNBOUNDED PRECEDING",
            "Aggregate window functions with an ORDER BY clause require a frame clause",
        )
    for item in order.own("order_item") if order else []:
        kind = statement.tokens[item.start].kind
        if kind in (STRING, NUMBER) and item.children[0].end == item.start + 1:
            yield Refusal(
                "window-order-by", "The ORDER BY of a window takes columns, not constants.", item.start, _PAGE
            )


def _check_frame(statement: Statement, frame: Node) -> Iterator[Refusal]:
    bounds = frame.own("frame_bound")
    if len(bounds) != 2:
        return
    first, last = (_place(statement, bound) for bound in bounds)
    if first == float("inf") or last == float("-inf") or first > last:
        yield Refusal("window-frame", "The frame ends before it begins.", frame.start, _PAGE)


def _place(statement: Statement, bound: Node) -> float:
    """How many rows from the current one; for a number that is computed, 1."""
    words = statement.text(bound).lower().split()
    if words[0] == "current":
        return 0
    sign = -1 if words[-1] == "preceding" else 1
    if words[0] == "unbounded":
        return sign * float("inf")
    token = statement.tokens[bound.start]
    return sign * (float(token.text) if token.kind == NUMBER else 1)
