"""The tree of a statement, by the rules of the grammar."""


class Node:
    """What a rule matched: tokens `start` up to, not including, `end`."""

    __slots__ = ("rule", "start", "end", "children")

    def __init__(self, rule: str, start: int, end: int, children: list["Node"]):
        self.rule, self.start, self.end, self.children = rule, start, end, children

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, *rules: str) -> list["Node"]:
        """Every node of these rules in here, itself included."""
        return [node for node in self.walk() if node.rule in rules]

    def child(self, rule: str) -> "Node | None":
        return next((child for child in self.children if child.rule == rule), None)

    def own(self, *rules: str) -> list["Node"]:
        """The children of these rules."""
        return [child for child in self.children if child.rule in rules]


def tree_of(trail: list[tuple[str, int, int]]) -> Node:
    """Builds it of what matched: rule, start and end, children before their parents."""
    stack: list[Node] = []
    for rule, start, end in trail:
        first = len(stack)
        while first > 0 and stack[first - 1].start >= start:
            first -= 1
        children = stack[first:]
        del stack[first:]
        stack.append(Node(rule, start, end, children))
    return stack[-1]
