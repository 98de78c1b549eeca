"""Reads a grammar written as Redshift's documentation writes it.

UPPER CASE is a keyword, lower case a rule, [ ] optional, { } a group, | a choice, `...` once or more and
`[, ...]` once or more with commas between. A symbol stands for itself; quoted where it means something here.
A rule begins at the left margin: `name =`, or `name <page> =` with the page of the documentation it is from.
Choices are ordered: the first that fits is taken.
"""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"\[\s*,\s*\.\.\.\s*\]|\.\.\.|'[^']+'|::|[A-Z][A-Z0-9_]*|[a-z][a-z0-9_]*|\S")
_RULE = re.compile(r"^([a-z][a-z0-9_]*)(?:\s+<([\w-]+)>)?\s*=", re.MULTILINE)
_COMMENT = re.compile(r"^#.*$", re.MULTILINE)


@dataclass
class Word:
    """A keyword or a symbol, by the key of its token."""

    key: str


@dataclass
class Rule:
    """Another rule, by name."""

    name: str


@dataclass
class Sequence:
    parts: list = field(default_factory=list)


@dataclass
class Choice:
    options: list = field(default_factory=list)


@dataclass
class Optional:
    part: object


@dataclass
class Repeat:
    """Once or more; with commas between, if `commas`."""

    part: object
    commas: bool


@dataclass
class Definition:
    name: str
    page: str | None
    body: object


def read_grammar(text: str) -> list[Definition]:
    text = _COMMENT.sub("", text)
    heads = list(_RULE.finditer(text))
    definitions = []
    for head, following in zip(heads, [*heads[1:], None], strict=False):
        body = text[head.end() : following.start() if following else len(text)]
        tokens = _TOKEN.findall(body)
        expression, rest = _choice(tokens, 0)
        if rest != len(tokens):
            raise ValueError(f"rule {head.group(1)}: cannot read {tokens[rest : rest + 5]}")
        definitions.append(Definition(head.group(1), head.group(2), expression))
    return definitions


def _choice(tokens: list[str], at: int):
    options = []
    while True:
        option, at = _sequence(tokens, at)
        options.append(option)
        if at >= len(tokens) or tokens[at] != "|":
            return (options[0] if len(options) == 1 else Choice(options)), at
        at += 1


def _sequence(tokens: list[str], at: int):
    parts = []
    while at < len(tokens) and tokens[at] not in ("|", "]", "}"):
        part, at = _item(tokens, at)
        if at < len(tokens) and (tokens[at] == "..." or tokens[at].startswith("[") and "..." in tokens[at]):
            part = Repeat(part, commas=tokens[at] != "...")
            at += 1
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Sequence(parts)), at


def _item(tokens: list[str], at: int):
    token = tokens[at]
    if token in ("[", "{"):
        inner, at = _choice(tokens, at + 1)
        if at >= len(tokens) or tokens[at] != {"[": "]", "{": "}"}[token]:
            raise ValueError(f"{token} is never closed, before {tokens[at : at + 3]}")
        return (Optional(inner) if token == "[" else inner), at + 1
    if token.startswith("'"):
        return Word(token[1:-1]), at + 1
    if re.fullmatch(r"[a-z][a-z0-9_]*", token):
        return Rule(token), at + 1
    return Word(token.lower()), at + 1
