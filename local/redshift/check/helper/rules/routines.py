"""Bodies of functions and procedures."""

import re
from collections.abc import Callable, Iterator

from grammar import Grammar
from lexer import LexicalError, Token, statements, tokenize
from refusal import Refusal
from statement import Statement
from tree import Node

_CLAUSES = {
    "from": "FROM",
    "into": "INTO",
    "where": "WHERE",
    "group_by": "GROUP BY",
    "order_by": "ORDER BY",
    "limit_clause": "LIMIT",
}
_ARGUMENTS = 32

# Words behind which a statement of a procedure's body begins, and statements that can be checked there.
_OPENERS = {"begin", "then", "else", "loop"}
_CHECKED = {
    "insert",
    "update",
    "delete",
    "create",
    "drop",
    "alter",
    "truncate",
    "copy",
    "unload",
    "grant",
    "revoke",
    "merge",
    "analyze",
    "refresh",
    "lock",
}
_BODY = re.compile(r"\bbegin\b.*\bend\b", re.IGNORECASE | re.DOTALL)


def check(
    statement: Statement, grammar: Grammar, misfit: Callable[[list[Token]], Refusal]
) -> Iterator[Refusal]:
    """`misfit` says why tokens do not fit the grammar."""
    command = statement.command
    if command.rule == "create_function":
        yield from _function(statement, command, grammar)
    elif command.rule == "create_procedure":
        yield from _procedure(statement, command, grammar, misfit)
    elif command.rule == "unload":
        yield from _unloaded(command, statement, grammar, misfit)


def _language(statement: Statement, definition: Node) -> tuple[str, Node]:
    node = definition.child("language")
    return statement.value(node), node


def _function(statement: Statement, command: Node, grammar: Grammar) -> Iterator[Refusal]:
    definition = command.child("routine_definition")
    language, node = _language(statement, definition)
    if language in ("plpythonu", "plpython3u"):
        yield Refusal(
            "python-udf",
            "Redshift no longer runs Python functions.",
            node.start,
            "udf-python-language-support",
            "LANGUAGE sql, or an external Lambda function",
        )
        return
    if language != "sql":
        yield Refusal(
            "language", f"A function's language is sql, got {language}.", node.start, "r_CREATE_FUNCTION"
        )
        return
    arguments = command.own("function_argument")
    if len(arguments) > _ARGUMENTS:
        yield Refusal(
            "argument-count",
            f"A function takes at most {_ARGUMENTS} arguments.",
            arguments[_ARGUMENTS].start,
            "r_CREATE_FUNCTION",
        )
    for argument in arguments:
        if argument.children[0].start != argument.start:
            yield Refusal(
                "syntax",
                "A SQL function's arguments are types without names; the body calls them $1, $2 …",
                argument.start,
                "r_CREATE_FUNCTION",
            )
    body = definition.child("routine_body")
    try:
        tokens = [token for part in statements(tokenize(statement.value(body))) for token in part]
    except LexicalError as error:
        yield Refusal("syntax", f"The function's body: {error}.", body.start, "r_CREATE_FUNCTION")
        return
    tree = grammar.match("query", tokens)
    if tree is None:
        yield Refusal("syntax", "A SQL function's body is one SELECT.", body.start, "r_CREATE_FUNCTION")
        return
    for rule, clause in _CLAUSES.items():
        if tree.all(rule):
            yield Refusal(
                "sql-function", f"A SQL function's SELECT has no {clause}.", body.start, "r_CREATE_FUNCTION"
            )
            return


def _procedure(
    statement: Statement, command: Node, grammar: Grammar, misfit: Callable[[list[Token]], Refusal]
) -> Iterator[Refusal]:
    definition = command.child("routine_definition")
    language, node = _language(statement, definition)
    if language != "plpgsql":
        yield Refusal(
            "language",
            f"A procedure's language is plpgsql, got {language}.",
            node.start,
            "r_CREATE_PROCEDURE",
        )
        return
    body = definition.child("routine_body")
    text = statement.value(body)
    if _BODY.search(text) is None:
        yield Refusal(
            "syntax", "A procedure's body is a block: BEGIN … END.", body.start, "c_PLpgSQL-structure"
        )
        return
    try:
        parts = statements(tokenize(text))
    except LexicalError as error:
        yield Refusal("syntax", f"The procedure's body: {error}.", body.start, "r_CREATE_PROCEDURE")
        return
    for part in parts:
        tokens = _inner(part)
        if tokens and grammar.match("statement", tokens) is None:
            found = misfit(tokens)
            yield Refusal(
                found.rule,
                f"In the procedure's body: {found.reason}",
                body.start,
                found.page,
                found.suggestion,
            )


def _inner(part: list[Token]) -> list[Token]:
    """The statement of SQL behind a body's control words, if the grammar can check it."""
    start = 0
    for at, token in enumerate(part):
        if token.key in _OPENERS and (
            token.key != "else" or not any(each.key == "case" for each in part[:at])
        ):
            start = at + 1
    tokens = part[start:]
    return tokens if tokens and tokens[0].key in _CHECKED else []


def _unloaded(
    command: Node, statement: Statement, grammar: Grammar, misfit: Callable[[list[Token]], Refusal]
) -> Iterator[Refusal]:
    at = command.start + 2
    try:
        parts = statements(tokenize(statement.tokens[at].value))
    except LexicalError as error:
        yield Refusal("syntax", f"The query to unload: {error}.", at, "r_UNLOAD")
        return
    if len(parts) != 1:
        yield Refusal("unload", "UNLOAD takes one query.", at, "r_UNLOAD")
        return
    tree = grammar.match("query", parts[0])
    if tree is None:
        found = misfit(parts[0])
        yield Refusal(found.rule, f"In the query to unload: {found.reason}", at, found.page, found.suggestion)
    elif tree.child("limit_clause") is not None:
        yield Refusal(
            "unload",
            "The outermost SELECT of an UNLOAD takes no LIMIT.",
            at,
            "r_UNLOAD",
            "the LIMIT in a subquery",
        )
