"""Limits of data types: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html"""

from collections.abc import Iterator

from lexer import NUMBER
from refusal import Refusal
from statement import Statement
from tree import Node

# Type, limit and page, by the rule of the grammar that reads it.
_LENGTHS = {
    "varchar_type": ("VARCHAR", 65_535, "r_Character_types"),
    "char_type": ("CHAR", 4_096, "r_Character_types"),
    "varbyte_type": ("VARBYTE", 16_777_216, "r_VARBYTE_type"),
}
_PRECISION = 38
_SCALE = 37
_SECOND_DIGITS = 6


def check(statement: Statement) -> Iterator[Refusal]:
    for node in statement.tree.all(*_LENGTHS):
        name, limit, page = _LENGTHS[node.rule]
        for at, length in _numbers(statement, node):
            if length is None or not 1 <= length <= limit:
                yield Refusal(
                    "type-limit",
                    f"{name}(n) takes 1 to {limit} bytes, got {statement.tokens[at].text}.",
                    at,
                    page,
                    "SUPER, for longer text" if name == "VARCHAR" else None,
                )
    for node in statement.tree.all("decimal_type"):
        yield from _check_decimal(statement, node)
    for node in statement.tree.all("interval_second"):
        for at, digits in _numbers(statement, node):
            if digits is None or digits > _SECOND_DIGITS:
                yield Refusal(
                    "type-limit",
                    f"SECOND takes a precision of 0 to {_SECOND_DIGITS}.",
                    at,
                    "r_interval_data_types",
                )
    for node in statement.tree.all("column_definition", "add_column"):
        for interval in node.child("data_type").own("interval_type"):
            if interval.child("interval_qualifier") is None:
                yield Refusal(
                    "unsupported-type",
                    "A column's INTERVAL needs a qualifier.",
                    interval.start,
                    "r_interval_data_types",
                    "INTERVAL YEAR TO MONTH, or INTERVAL DAY TO SECOND",
                )


def _check_decimal(statement: Statement, node: Node) -> Iterator[Refusal]:
    numbers = _numbers(statement, node)
    if not numbers:
        return
    at, precision = numbers[0]
    if precision is None or not 1 <= precision <= _PRECISION:
        yield Refusal(
            "type-limit",
            f"DECIMAL takes a precision of 1 to {_PRECISION}, got {statement.tokens[at].text}.",
            at,
            "r_Numeric_types201",
        )
    elif len(numbers) > 1:
        at, scale = numbers[1]
        if scale is None or scale > min(precision, _SCALE):
            yield Refusal(
                "type-limit",
                f"DECIMAL's scale is at most its precision and {_SCALE}, got {statement.tokens[at].text}.",
                at,
                "r_Numeric_types201",
            )


def _numbers(statement: Statement, node: Node) -> list[tuple[int, int | None]]:
    """Where each number stands, and the number; None for what is not whole."""
    found = []
    for at in range(node.start, node.end):
        token = statement.tokens[at]
        if token.kind == NUMBER:
            found.append((at, int(token.text) if token.text.isdigit() else None))
    return found
