"""Calls of functions: that there is such a function, what it takes, and where it runs."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from functions import ELSEWHERE, FUNCTIONS, Function
from lexer import NUMBER, STRING, WORD
from refusal import Refusal
from statement import Statement
from tree import Node
from words import read_words

DATE_PARTS = read_words("date-parts")

# Functions whose first argument names a part of a date.
_TAKES_DATE_PART = {"dateadd", "date_add", "datediff", "date_diff", "date_part", "pgdate_part", "date_trunc"}

# What has a grammar of its own; written as an ordinary call it is wrong.
_OWN_GRAMMAR = {
    "cast": ("CAST(expression AS type)", "r_CAST_function"),
    "try_cast": ("TRY_CAST(expression AS type)", "r_TRY_CAST"),
    "convert": ("CONVERT(type, expression)", "r_CONVERT_function"),
    "extract": ("EXTRACT(part FROM timestamp)", "r_EXTRACT_function"),
    "position": ("POSITION(text IN text)", "r_POSITION"),
}
_WITHIN_GROUP = {"listagg", "percentile_cont", "percentile_disc", "st_collect"}
_WITH_A_TABLE_ONLY = {"listagg", "median", "percentile_cont", "percentile_disc"}
_SHA2_BITS = {"0", "224", "256", "384", "512"}
_DEPRECATED_WORDS = {"current_time", "current_timestamp", "localtime", "localtimestamp"}


def check(statement: Statement) -> Iterator[Refusal]:
    for call in statement.tree.all("call"):
        yield from _check_call(statement, call)
    for node in statement.tree.all("word_function"):
        if statement.value(node) in _DEPRECATED_WORDS:
            yield _elsewhere(statement.value(node), node.start)
    for node in statement.tree.all("extract"):
        part = next(child for child in node.children if child.rule == "date_part")
        yield from _date_part(statement, part.start, "EXTRACT")
    for node in statement.tree.all("interval"):
        yield from _interval(statement, node)
    for node in statement.tree.all("approximate"):
        yield from _with_a_table(statement, node, statement.value(node))


def _check_call(statement: Statement, call: Node) -> Iterator[Refusal]:
    name_node = call.children[0]
    path = statement.names(name_node)
    name, at = path[-1], call.start
    if len(path) > 1 and path[0] not in ("pg_catalog", "information_schema"):
        return  # a user's function, by its schema: whether it exists is the catalog's to say
    if name in _OWN_GRAMMAR:
        form, page = _OWN_GRAMMAR[name]
        yield Refusal("syntax", f"{name.upper()} is written {form}.", at, page)
        return
    function = FUNCTIONS.get(name)
    if function is None:
        if name in ELSEWHERE:
            yield _elsewhere(name, at)
        elif name not in statement.functions and not name.startswith("f_"):
            yield _unknown(name, at)
        return
    yield from _arguments(statement, call, name, function)
    if function.kind == "leader" and statement.user_tables:
        yield Refusal(
            "leader-node-only",
            f"{name.upper()} runs on the leader node only, and not in a statement on a table.",
            at,
            function.page,
        )
    if name in _WITH_A_TABLE_ONLY:
        yield from _with_a_table(statement, call, name)


def _arguments(statement: Statement, call: Node, name: str, function: Function) -> Iterator[Refusal]:
    arguments = call.child("call_arguments")
    count = 0
    if arguments is not None:
        star = statement.key(arguments.start) == "*" or arguments.children[0].child("any_star") is not None
        if star and name != "count":
            yield Refusal(
                "argument-count",
                f"{name.upper()}(*) does not exist: only COUNT takes *.",
                arguments.start,
                function.page,
            )
            return
        count = 1 if statement.key(arguments.start) == "*" else len(arguments.own("argument"))
        if arguments.child("set_distinct") is not None and function.kind != "aggregate":
            yield Refusal(
                "distinct",
                f"{name.upper()} is no aggregate and takes no DISTINCT.",
                arguments.start,
                function.page,
            )
    if not function.takes(count):
        yield Refusal(
            "argument-count",
            f"{name.upper()} takes {function.takes_in_words()}, got {count}.",
            call.start,
            function.page,
        )
        return
    if name in _TAKES_DATE_PART and arguments is not None:
        yield from _date_part(statement, arguments.start, name.upper(), arguments.own("argument")[0])
    if name == "sha2" and arguments is not None:
        bits = arguments.own("argument")[1]
        if statement.tokens[bits.start].kind == NUMBER and statement.text(bits) not in _SHA2_BITS:
            yield Refusal(
                "argument-value",
                f"SHA2 makes 224, 256, 384 or 512 bits (0 is 256), got {statement.text(bits)}.",
                bits.start,
                "SHA2",
            )
    yield from _within_group(call, name, function)


def _within_group(call: Node, name: str, function: Function) -> Iterator[Refusal]:
    within = call.child("within_group")
    if within is not None and name not in _WITHIN_GROUP:
        yield Refusal("within-group", f"{name.upper()} takes no WITHIN GROUP.", within.start, function.page)
    if name in ("percentile_cont", "percentile_disc") and within is None:
        yield Refusal(
            "within-group",
            f"{name.upper()} needs WITHIN GROUP (ORDER BY …).",
            call.start,
            f"r_{name.upper()}",
        )
    if name == "percentile_disc" and within is not None and call.child("over") is None:
        yield Refusal(
            "within-group",
            "PERCENTILE_DISC without a window exists only as APPROXIMATE PERCENTILE_DISC.",
            call.start,
            "r_APPROXIMATE_PERCENTILE_DISC",
            "APPROXIMATE PERCENTILE_DISC, or PERCENTILE_CONT",
        )


def _date_part(
    statement: Statement, at: int, function: str, argument: Node | None = None
) -> Iterator[Refusal]:
    token = statement.tokens[at]
    alone = argument is None or argument.end == argument.start + 1
    if not alone or token.kind not in (WORD, STRING):
        yield Refusal(
            "date-part",
            f"The first argument of {function} is the name of a date part, not an expression.",
            at,
            "r_Dateparts_for_datetime_functions",
        )
    elif token.value.lower() not in DATE_PARTS:
        yield Refusal(
            "date-part",
            f"{token.value} is no date part.",
            at,
            "r_Dateparts_for_datetime_functions",
            _closest(token.value.lower(), DATE_PARTS),
        )


def _interval(statement: Statement, node: Node) -> Iterator[Refusal]:
    """INTERVAL '2 days, 3 hours', or with a qualifier."""
    text = statement.tokens[node.start + 1].value
    for unit in re.findall(r"[^\W\d_]+", text):
        if unit.lower() not in DATE_PARTS | {"ago"}:
            yield Refusal(
                "date-part",
                f"{unit} is no unit of an interval.",
                node.start + 1,
                "r_interval_data_types",
                _closest(unit.lower(), DATE_PARTS),
            )
            return
    if not re.search(r"\d", text):
        yield Refusal(
            "literal",
            "An interval has a quantity.",
            node.start + 1,
            "r_interval_data_types",
            "INTERVAL '1 day'",
        )


def _with_a_table(statement: Statement, node: Node, name: str) -> Iterator[Refusal]:
    if not statement.user_tables and statement.command.rule in ("query", "create_table_as"):
        yield Refusal(
            "compute-node-only",
            f"{name.upper()} runs on the compute nodes only, and needs a table that a user created.",
            node.start,
            "c_SQL_functions_compute_node_only",
        )


def _elsewhere(name: str, at: int) -> Refusal:
    known = ELSEWHERE[name]
    sentence = {
        "unsupported-function": f"Redshift does not support PostgreSQL's {name.upper()}.",
        "deprecated-function": f"{name.upper()} is a leader-node function that Redshift no longer supports.",
        "unknown-function": f"Redshift has no function {name.upper()}.",
    }[known.rule]
    return Refusal(known.rule, sentence, at, known.page, known.suggestion, f"function {name} does not exist")


def _unknown(name: str, at: int) -> Refusal:
    return Refusal(
        "unknown-function",
        f"Redshift has no function {name.upper()}.",
        at,
        "c_SQL_functions",
        _closest(name, FUNCTIONS)
        or "schema.function(…) for a function of one's own, or a name that begins with f_",
        f"function {name} does not exist",
    )


def _closest(name: str, known) -> str | None:
    close = get_close_matches(name, known, 1, 0.8)
    return close[0].upper() if close else None
