"""Checks statements against Redshift's rules."""

from dataclasses import dataclass
from pathlib import Path

import grammar as grammars
import misfits
from lexer import LexicalError, Token, statements, tokenize
from refusal import Refusal
from rules import calls, commands, loading, queries, routines, scopes, tables, types, windows, writes
from statement import Statement

_GRAMMAR = grammars.load(Path(__file__).parent / "grammar")
# Parentheses within parentheses. Redshift has a limit too, and says nothing of where it lies.
_DEPTH = 500

_RULES = (types, tables, commands, loading, writes, calls, windows, queries, scopes)


@dataclass(frozen=True)
class Checked:
    """One statement of a text."""

    at: int
    end: int
    refusals: list[tuple[Refusal, int]]
    """Each with the offset in the text that it begins at."""
    alone: str | None
    """The command's name, when it cannot run inside a transaction."""
    creates: frozenset[str] = frozenset()
    """Names of functions that it creates."""


def check(sql: str, functions: frozenset[str] = frozenset()) -> list[Checked]:
    """Every statement of a text. `functions` are users' functions that exist already."""
    try:
        parts = statements(tokenize(sql))
    except LexicalError as error:
        refusal = Refusal("syntax", f"{str(error)[0].upper()}{str(error)[1:]}.", 0, "r_Literals")
        return [Checked(0, len(sql), [(refusal, error.at)], None)]
    known = set(functions)
    checked = []
    for tokens in parts:
        checked.append(_check_statement(sql, tokens, frozenset(known)))
        known |= checked[-1].creates
    return checked


def _check_statement(sql: str, tokens: list[Token], functions: frozenset[str]) -> Checked:
    at, end = tokens[0].at, tokens[-1].end
    if _depth(tokens) > _DEPTH:
        raise RecursionError
    tree = _GRAMMAR.match("statement", tokens)
    if tree is None:
        refusal = misfits.explain(_GRAMMAR, tokens)
        return Checked(at, end, [(refusal, tokens[refusal.token].at)], None)
    statement = Statement(sql, tokens, tree, functions)
    found = [refusal for rule in _RULES for refusal in rule.check(statement)]
    found += routines.check(statement, _GRAMMAR, lambda inner: misfits.explain(_GRAMMAR, inner))
    found.sort(key=lambda refusal: refusal.token)
    places = [(refusal, tokens[refusal.token].at) for refusal in found]
    return Checked(at, end, places, commands.alone(statement), _created(tokens))


def _depth(tokens: list[Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        depth += {"(": 1, "case": 1, ")": -1, "end": -1}.get(token.key, 0)
        deepest = max(deepest, depth)
    return deepest


def _created(tokens: list[Token]) -> frozenset[str]:
    """The function that a statement makes, by itself or as a model's."""
    if tokens[0].key != "create":
        return frozenset()
    for at, token in enumerate(tokens):
        if token.key == "function":
            names = at + 1
            while names + 2 < len(tokens) and tokens[names + 1].key == ".":
                names += 2
            return frozenset(each.value.lower() for each in tokens[names : names + 1])
    return frozenset()
