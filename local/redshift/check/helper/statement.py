"""A statement that fits the grammar, as the rules look at it."""

from dataclasses import dataclass
from functools import cached_property

from lexer import QUOTED, STRING, Token
from tree import Node

_CATALOG_SCHEMAS = {"pg_catalog", "information_schema"}


@dataclass
class Statement:
    sql: str
    tokens: list[Token]
    tree: Node
    functions: frozenset[str]
    """Names of users' functions that are known to exist."""

    @property
    def command(self) -> Node:
        return self.tree.children[0]

    def text(self, node: Node) -> str:
        return self.sql[self.tokens[node.start].at : self.tokens[node.end - 1].end]

    def value(self, node: Node) -> str:
        """A name, folded as Redshift folds it, or a literal's contents."""
        token = self.tokens[node.start]
        return token.value.lower() if token.kind == QUOTED else token.value

    def key(self, at: int) -> str:
        return self.tokens[at].key if 0 <= at < len(self.tokens) else ""

    def names(self, node: Node) -> list[str]:
        """The values of the tokens at every other place: what stands between dots or commas."""
        return [self.tokens[at].value.lower() for at in range(node.start, node.end) if self._names(at)]

    def _names(self, at: int) -> bool:
        token = self.tokens[at]
        return token.kind in (QUOTED, STRING) or token.key[:1].isalpha() or token.key[:1] in ("_", "#")

    @cached_property
    def user_tables(self) -> list[Node]:
        """Tables that the compute nodes hold: all but the catalog's and the names of WITH clauses."""
        named = {self.value(node) for node in self.tree.all("common_table_name")}
        aliases = {self.value(alias) for node in self.tree.all("alias") for alias in node.own("any_alias")}
        found = []
        for node in self.tree.all("relation_path", "table_name"):
            names = self.names(node)
            if len(names) == 1 and names[0] in named:
                continue
            if len(names) > 1 and (names[0] in _CATALOG_SCHEMAS or names[0] in aliases):
                continue
            if names and names[-1].startswith("pg_"):
                continue
            found.append(node)
        return found
