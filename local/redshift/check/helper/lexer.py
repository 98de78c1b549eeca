"""Redshift's lexical rules: a text becomes tokens.

https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
https://docs.aws.amazon.com/redshift/latest/dg/r_Literals.html
"""

import re
from dataclasses import dataclass

WORD, QUOTED, STRING, NUMBER, PARAMETER, SYMBOL = "word", "quoted", "string", "number", "parameter", "symbol"

# What a token of a kind with endless spellings is matched by. A word is matched by its lower-case spelling, a
# symbol by itself.
MARKS = {QUOTED: '"', STRING: "'", NUMBER: "0", PARAMETER: ":x"}

_PATTERN = re.compile(
    r"""
    (?P<blank> \s+ | --[^\n]* )
  | (?P<comment> /\* )
  | (?P<string> '(?:[^'\\]|''|\\.)*' )
  | (?P<quoted> "(?:[^"]|"")*" )
  | (?P<dollar> \$(?P<tag>[^\W\d]\w*)?\$ )
  | (?P<temporary> (?<![\w\])'"]) \#[^\W\d][\w$]* )
  | (?P<word> [^\W\d][\w$]* )
  | (?P<number> (?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)? )
  | (?P<parameter> (?<![:\w"]):[A-Za-z_]\w* | \$\d+ )
  | (?P<symbol> !~~\* | !~\* | <=> | ->> | \#>> | \|\|/ | !~~ | ~~\* | :: | := | <= | >= | <> | != | \|\|
      | \|/ | -> | => | \#> | @> | <@ | @@ | // | \*\* | ~\* | !~ | ~~ | && | << | \?\| | \?& | == | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    """As it was written."""
    key: str
    """What the grammar matches it by."""
    at: int
    end: int

    @property
    def value(self) -> str:
        """The contents of a literal or a delimited name, a word in lower case."""
        if self.kind == QUOTED:
            return self.text[1:-1].replace('""', '"')
        if self.kind == STRING:
            if self.text.startswith("$"):
                edge = self.text.index("$", 1) + 1
                return self.text[edge:-edge]
            return re.sub(r"''|\\(.)", lambda match: match.group(1) or "'", self.text[1:-1], flags=re.DOTALL)
        return self.text.lower() if self.kind == WORD else self.text


class LexicalError(Exception):
    def __init__(self, at: int, message: str):
        super().__init__(message)
        self.at = at


def tokenize(sql: str) -> list[Token]:
    """Comments and spaces fall away. Raises LexicalError for an unfinished literal, name or comment."""
    tokens: list[Token] = []
    at = 0
    while at < len(sql):
        match = _PATTERN.match(sql, at)
        assert match is not None
        kind, end = match.lastgroup, match.end()
        if kind == "tag":
            kind = "dollar"
        if kind == "comment":
            end = _end_of_comment(sql, at)
        elif kind == "dollar":
            close = sql.find(match.group("dollar"), end)
            if close < 0:
                raise LexicalError(at, f"unterminated dollar-quoted string {match.group('dollar')}")
            end = close + len(match.group("dollar"))
            tokens.append(Token(STRING, sql[at:end], MARKS[STRING], at, end))
        elif kind != "blank":
            text = match.group()
            if text in ("'", '"'):
                raise LexicalError(at, f"unterminated quoted {'string' if text == chr(39) else 'identifier'}")
            if kind == "temporary":
                kind = WORD
            key = text.lower() if kind in (WORD, SYMBOL) else MARKS[kind]
            tokens.append(Token(kind, text, key, at, end))
        at = end
    return tokens


def statements(tokens: list[Token]) -> list[list[Token]]:
    """Splits at the semicolons; empty statements fall away."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.key == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _end_of_comment(sql: str, start: int) -> int:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(sql, start):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    raise LexicalError(start, "unterminated /* comment")
