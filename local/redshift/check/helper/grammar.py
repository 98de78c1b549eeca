"""Matches tokens with the grammar."""

from collections.abc import Callable
from pathlib import Path

from lexer import MARKS, NUMBER, PARAMETER, QUOTED, STRING, Token
from notation import Choice, Definition, Optional, Repeat, Rule, Sequence, Word, read_grammar
from tree import Node, tree_of
from words import NOT_A_BARE_ALIAS, RESERVED

FAILED = -1
Matcher = Callable[[int], int]

# Rules that are tried again and again at one place: what came of it is remembered.
REMEMBERED = {"query", "expression"}


def is_word(key: str) -> bool:
    return key[:1].isalpha() or key[:1] in ("_", "#")


def is_name(key: str) -> bool:
    return key == MARKS[QUOTED] or (is_word(key) and key not in RESERVED)


# Rules of one token that no grammar can list.
TERMINALS: dict[str, Callable[[str], bool]] = {
    "name": is_name,
    "bare_alias": lambda key: is_name(key) and key not in NOT_A_BARE_ALIAS,
    "function_word": lambda key: is_name(key) or key in ("left", "right", "array", "collate"),
    "string": lambda key: key == MARKS[STRING],
    "number": lambda key: key == MARKS[NUMBER],
    "parameter": lambda key: key == MARKS[PARAMETER],
    "any_word": lambda key: is_word(key) or key == MARKS[QUOTED],
    "anything": lambda key: key != "",
}


class Grammar:
    """A compiled grammar. It holds the statement being matched, so it matches one at a time."""

    def __init__(self, definitions: list[Definition]):
        self.definitions = {definition.name: definition for definition in definitions}
        if len(self.definitions) != len(definitions):
            raise ValueError("a rule is defined twice")
        self._matchers: dict[str, Matcher] = {}
        self._starts: dict[tuple[int, str], bool] = {}
        self._keys: list[str] = []
        self._trail: list[tuple[str, int, int]] = []
        self._memory: dict[tuple[str, int], tuple[int, list]] = {}
        self._page: str | None = None
        self.furthest = 0
        self.expected: list = []
        self.page: str | None = None

    def match(self, rule: str, tokens: list[Token], whole: bool = True) -> Node | None:
        """The tree of a rule over all the tokens, or None.

        Then `furthest` is the token where it ended, `expected` what could have stood there (words, names of
        rules, lists of options) and `page` the documentation of the innermost rule there.
        """
        self._keys = [*(token.key for token in tokens), "", ""]
        self._trail, self._memory = [], {}
        self.furthest, self.expected, self.page = 0, [], None
        end = self._rule(rule)(0)
        if end == FAILED or (whole and end != len(tokens)):
            if end != FAILED and end >= self.furthest:
                self._missed(end, "the end of the statement")
            return None
        return tree_of(self._trail)

    def _missed(self, at: int, what) -> None:
        if at > self.furthest:
            self.furthest, self.expected, self.page = at, [what], self._page
        elif at == self.furthest:
            self.expected.append(what)

    def _rule(self, name: str) -> Matcher:
        known = self._matchers.get(name)
        if known is not None:
            return known
        if name in TERMINALS:
            matcher = self._terminal(name, TERMINALS[name])
        elif name not in self.definitions:
            raise ValueError(f"there is no rule {name}")
        else:
            matcher = self._defined(name)
        self._matchers[name] = matcher
        return matcher

    def _terminal(self, name: str, test: Callable[[str], bool]) -> Matcher:
        def match(at: int) -> int:
            if test(self._keys[at]):
                return at + 1
            self._missed(at, name)
            return FAILED

        return match

    def _defined(self, name: str) -> Matcher:
        body: Matcher | None = None
        remembered = name in REMEMBERED
        page = self.definitions[name].page

        def match(at: int) -> int:
            nonlocal body
            if body is None:
                body = self._compile(self.definitions[name].body)
            if remembered and (name, at) in self._memory:
                end, nodes = self._memory[name, at]
                self._trail.extend(nodes)
                return end
            mark, outer = len(self._trail), self._page
            self._page = page or outer
            end = body(at)
            self._page = outer
            if end == FAILED:
                del self._trail[mark:]
            else:
                self._trail.append((name, at, end))
            if remembered:
                self._memory[name, at] = (end, self._trail[mark:])
            return end

        return match

    def _compile(self, part) -> Matcher:
        match part:
            case Word(key):
                return self._word(key)
            case Rule(name):
                return self._rule(name)
            case Sequence(parts):
                return self._sequence([self._compile(each) for each in parts])
            case Optional(inner):
                return self._optional(self._compile(inner))
            case Repeat(inner, commas):
                return self._repeat(self._compile(inner), commas)
            case Choice(options):
                return self._choice(options)
        raise TypeError(part)

    def _word(self, key: str) -> Matcher:
        def match(at: int) -> int:
            if self._keys[at] == key:
                return at + 1
            self._missed(at, key)
            return FAILED

        return match

    def _sequence(self, parts: list[Matcher]) -> Matcher:
        def match(at: int) -> int:
            mark = len(self._trail)
            for part in parts:
                at = part(at)
                if at == FAILED:
                    del self._trail[mark:]
                    return FAILED
            return at

        return match

    def _optional(self, part: Matcher) -> Matcher:
        def match(at: int) -> int:
            end = part(at)
            return at if end == FAILED else end

        return match

    def _repeat(self, part: Matcher, commas: bool) -> Matcher:
        def match(at: int) -> int:
            at = part(at)
            while at != FAILED:
                if commas and self._keys[at] != ",":
                    return at
                mark = len(self._trail)
                end = part(at + 1 if commas else at)
                if end in (FAILED, at):
                    del self._trail[mark:]
                    return at
                at = end
            return FAILED

        return match

    def _choice(self, options: list) -> Matcher:
        by_key: dict[str, list[Matcher]] = {}
        compiled: list[Matcher | None] = [None] * len(options)

        def fitting(key: str) -> list[Matcher]:
            found = []
            for index, option in enumerate(options):
                if self._can_start(option, key):
                    if compiled[index] is None:
                        compiled[index] = self._compile(option)
                    found.append(compiled[index])
            by_key[key] = found
            return found

        def match(at: int) -> int:
            key = self._keys[at]
            candidates = by_key.get(key)
            for option in fitting(key) if candidates is None else candidates:
                end = option(at)
                if end != FAILED:
                    return end
            if at >= self.furthest:
                self._missed(at, options)
            return FAILED

        return match

    def _can_start(self, part, key: str) -> bool:
        """Whether a part can begin with this token; a part that may be empty can begin with any."""
        known = self._starts.get((id(part), key))
        if known is not None:
            return known
        self._starts[id(part), key] = False  # a rule that begins with itself begins with nothing of its own
        found = self._starts[id(part), key] = self._compute_start(part, key)
        return found

    def _compute_start(self, part, key: str) -> bool:
        match part:
            case Word(own):
                return own == key
            case Rule(name):
                test = TERMINALS.get(name)
                return test(key) if test else self._can_start(self.definitions[name].body, key)
            case Choice(options):
                return any(self._can_start(option, key) for option in options)
            case Repeat(inner, _):
                return self._can_start(inner, key)
            case Sequence(parts):
                for each in parts:
                    if not isinstance(each, Optional):
                        return self._can_start(each, key)
                    if self._can_start(each, key):
                        return True
        return True


def load(folder: Path) -> Grammar:
    """Every `*.txt` in the folder, as one grammar."""
    definitions = []
    for file in sorted(folder.glob("*.txt")):
        definitions += read_grammar(file.read_text(encoding="utf-8"))
    return Grammar(definitions)
