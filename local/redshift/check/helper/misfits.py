"""Says why a statement does not fit the grammar."""

from dataclasses import dataclass, replace
from pathlib import Path

from grammar import Grammar
from lexer import MARKS, WORD, Token
from refusal import Refusal
from words import RESERVED

_LISTS = Path(__file__).parent / "lists"

# Reserved words that, where an expression or a name is missing, only say that it is missing.
_CLAUSES = frozenset(
    "and as asc case desc else end except from full group having in inner intersect into is join left like "
    "limit minus natural not on or order outer right select then union using when where with".split()
)
_EXPECTED = 6


@dataclass(frozen=True)
class _Pattern:
    keys: tuple[str, ...]
    refusal: Refusal

    def fits(self, tokens: list[Token], at: int) -> bool:
        return at + len(self.keys) <= len(tokens) and all(
            key in ("*", tokens[at + index].key) for index, key in enumerate(self.keys)
        )


def _read(name: str, separator: str) -> list[_Pattern]:
    patterns = []
    for line in (_LISTS / name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        written, _, rest = line.partition(separator)
        rule, page, reason, suggestion = (
            part.strip().replace("\\|", "|") for part in rest.replace("\\|", "\0").split("|")
        )
        keys = tuple(written.replace("\\|", "|").split())
        patterns.append(_Pattern(keys, Refusal(rule, reason.replace("\0", "|"), 0, page, suggestion or None)))
    return patterns


def _read_types() -> dict[str, str]:
    found = {}
    for line in (_LISTS / "types-elsewhere.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            names, _, suggestion = line.partition(":")
            found.update(dict.fromkeys(names.split(), suggestion.strip()))
    return found


_SYNTAX = _read("syntax-elsewhere.txt", " | ")
_COMMANDS = _read("commands-elsewhere.txt", ": ")
_TYPES = _read_types()


def explain(grammar: Grammar, tokens: list[Token]) -> Refusal:
    """Why the statement that `grammar` has just refused does not fit, as near to what was meant as can be."""
    at = grammar.furthest
    unknown_type = _type(grammar, tokens, at)
    refusal = (
        _command(tokens, at)
        or _foreign(tokens, at)
        or unknown_type
        or _reserved(grammar, tokens, at)
        or _syntax(grammar, tokens, at)
    )
    near = f'at or near "{tokens[at].text}"' if at < len(tokens) else "at end of input"
    says = (
        f'type "{tokens[at].value.lower()}" does not exist'
        if refusal is unknown_type
        else f"syntax error {near}"
    )
    return replace(refusal, says=says)


def _command(tokens: list[Token], at: int) -> Refusal | None:
    for pattern in _COMMANDS:
        if pattern.fits(tokens, 0) and at <= len(pattern.keys):
            return pattern.refusal
    if at == 0 or (
        at == 1 and tokens[0].key in ("create", "drop", "alter", "attach", "detach", "desc", "refresh")
    ):
        words = " ".join(token.text.upper() for token in tokens[: at + 1])
        return Refusal(
            "unknown-command",
            f"{words} is no command of Redshift's.",
            at if at < len(tokens) else 0,
            "c_SQL_commands",
        )
    return None


def _foreign(tokens: list[Token], at: int) -> Refusal | None:
    """The pattern that lies over the place where the grammar ended; the longest, then the last."""
    found: tuple[int, int, Refusal] | None = None
    for pattern in _SYNTAX:
        for start in range(max(0, at - len(pattern.keys)), min(at, len(tokens)) + 1):
            if pattern.fits(tokens, start) and (found is None or (len(pattern.keys), start) > found[:2]):
                found = (len(pattern.keys), start, pattern.refusal)
    if found is None:
        return None
    _, start, refusal = found
    return Refusal(refusal.rule, refusal.reason, start, refusal.page, refusal.suggestion)


def _type(grammar: Grammar, tokens: list[Token], at: int) -> Refusal | None:
    options = grammar.definitions["data_type"].body.options
    if at >= len(tokens) or not any(each is options for each in grammar.expected):
        return None
    token = tokens[at]
    name = token.value.lower()
    known = name in _TYPES
    only_type = not any(isinstance(each, str) and each in ("name", "any_word") for each in grammar.expected)
    if not known and (token.kind != WORD or not only_type):
        return None
    return Refusal(
        "unsupported-type",
        f"Redshift has no type {token.text.upper()}.",
        at,
        "c_Supported_data_types",
        _TYPES.get(name),
    )


def _reserved(grammar: Grammar, tokens: list[Token], at: int) -> Refusal | None:
    if at >= len(tokens) or tokens[at].key not in RESERVED or tokens[at].key in _CLAUSES:
        return None
    primary = grammar.definitions["primary"].body.options
    if not any(each is primary or each in ("name", "bare_alias") for each in grammar.expected):
        return None
    word = tokens[at].text
    return Refusal(
        "reserved-word",
        f"{word.upper()} is a reserved word.",
        at,
        "r_pg_keywords",
        f'"{word.lower()}", in double quotes',
    )


def _syntax(grammar: Grammar, tokens: list[Token], at: int) -> Refusal:
    words = sorted(
        {
            each.upper()
            for each in grammar.expected
            if isinstance(each, str) and each.isalpha() and each not in _RULES
        }
    )
    near = f'at or near "{tokens[at].text}"' if at < len(tokens) else "at the end of the statement"
    listed = (
        f"; {', '.join(words[:-1])} or {words[-1]} may stand there" if 1 < len(words) <= _EXPECTED else ""
    )
    if len(words) == 1:
        listed = f"; {words[0]} may stand there"
    return Refusal(
        "syntax", f"Syntax error {near}{listed}.", min(at, len(tokens) - 1), grammar.page or "c_SQL_commands"
    )


_RULES = {"name", "string", "number", "parameter", "anything", *MARKS.values()}
