"""Why a statement is refused."""

from dataclasses import dataclass

_GUIDE = "https://docs.aws.amazon.com/redshift/latest/dg/"


@dataclass(frozen=True)
class Refusal:
    rule: str
    """The name of the rule, the same for every statement that breaks it."""
    reason: str
    """A sentence."""
    token: int
    """The token of the statement that it begins at."""
    page: str | None = None
    """The page of the documentation that says so."""
    suggestion: str | None = None
    says: str | None = None
    """What Redshift itself answers, where that is known."""

    @property
    def url(self) -> str | None:
        return None if self.page is None else f"{_GUIDE}{self.page}.html"
