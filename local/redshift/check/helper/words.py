"""Redshift's words, as its documentation lists them."""

from pathlib import Path

_LISTS = Path(__file__).parent / "lists"


def read_words(name: str) -> frozenset[str]:
    """The words of a list; a line that begins with # is a comment."""
    lines = (_LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


RESERVED = read_words("reserved-words")

# Not reserved, but where one of these follows an expression or a table it begins the next clause.
# START and CONNECT: see the note in the list of reserved words.
NOT_A_BARE_ALIAS = frozenset("at connect ignore over qualify respect set start values within".split())
