"""Redshift's functions, and what to say of others."""

from dataclasses import dataclass
from pathlib import Path

_LISTS = Path(__file__).parent / "lists"


@dataclass(frozen=True)
class Function:
    kind: str
    page: str
    least: int
    most: int | None
    """None: any number."""

    def takes(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)

    def takes_in_words(self) -> str:
        if self.most is None:
            return f"at least {self.least} argument{'s' if self.least != 1 else ''}"
        if self.most == 0:
            return "no arguments"
        span = str(self.least) if self.least == self.most else f"{self.least} to {self.most}"
        return f"{span} argument{'s' if self.most != 1 else ''}"


@dataclass(frozen=True)
class Elsewhere:
    rule: str
    page: str
    suggestion: str | None


def _lines(name: str) -> list[tuple[list[str], str]]:
    """Each line with the words of its section's heading."""
    section: list[str] = []
    found = []
    for line in (_LISTS / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]").split()
        elif line and not line.startswith("#"):
            found.append((section, line))
    return found


def _read_functions() -> dict[str, Function]:
    functions = {}
    for (kind, page), line in _lines("functions.txt"):
        words = line.split()
        for name, arity in zip(words[::2], words[1::2], strict=True):
            least, _, most = arity.partition("-")
            limit = None if arity.endswith("+") else int(most or least)
            functions[name] = Function(kind, page, int(least.rstrip("+")), limit)
    return functions


def _read_elsewhere() -> dict[str, Elsewhere]:
    found = {}
    for (rule, page), line in _lines("functions-elsewhere.txt"):
        names, _, suggestion = line.partition(":")
        for name in names.split():
            found[name] = Elsewhere(rule, page, suggestion.strip() or None)
    return found


FUNCTIONS = _read_functions()
ELSEWHERE = _read_elsewhere()
AGGREGATES = frozenset(name for name, function in FUNCTIONS.items() if function.kind == "aggregate")
WINDOWS = frozenset(name for name, function in FUNCTIONS.items() if function.kind == "window")
