"""A mapping in a rulebook file whose keys are known: reads its values, and notes what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from routing_rules.source_text import (
    Entries,
    Items,
    Node,
    Position,
    Problems,
    Scalar,
    did_you_mean,
)

T = TypeVar("T")
Phrase = Callable[[Scalar, Problems], T | None]
"""Types one piece of text, or notes a problem and answers None."""


@dataclass(frozen=True, slots=True)
class Section:
    """The values of a mapping by key. `node` is None where an outer problem was noted already."""

    node: Entries | None
    problems: Problems

    def phrase(self, key: str, read: Phrase[T], otherwise: T) -> T:
        """What a key's text means; `otherwise` where it has none or it cannot be read."""
        node = self._value(key)
        value = None if node is None else read_phrase(node, read, self.problems)
        return otherwise if value is None else value

    def section(self, key: str, keys: tuple[str, ...]) -> "Section":
        """The section that is a key's value, with exactly these keys."""
        node = self._value(key)
        return Section(None, self.problems) if node is None else section(node, keys, self.problems)

    def entries(self, key: str) -> tuple[tuple[Scalar, Node], ...]:
        """The entries of a mapping whose keys are not known in advance."""
        node = self._value(key)
        return () if node is None else read_entries(node, self.problems)

    def phrases(self, key: str, read: Phrase[T]) -> tuple[T, ...]:
        """The items of a list, each typed; those that cannot be read are left out."""
        node = self._value(key)
        return () if node is None else read_phrases(node, read, self.problems)

    def place(self, key: str) -> Position | None:
        """Where a key's value stands, if it is there."""
        node = self._value(key)
        return None if node is None else node.position

    def _value(self, key: str) -> Node | None:
        return None if self.node is None else self.node.get(key)


def section(
    node: Node, keys: tuple[str, ...], problems: Problems, *, optional: tuple[str, ...] = ()
) -> Section:
    """A mapping with these keys; missing and unknown ones are problems, optional ones may miss."""
    if not isinstance(node, Entries):
        read_entries(node, problems)
        return Section(None, problems)
    for name, _ in node.entries:
        allowed = (*keys, *optional)
        if name.text not in allowed:
            message = f"'{name.text}' is not known here; allowed: {', '.join(allowed)}"
            problems.add(name.position, message + did_you_mean(name.text, allowed))
    for key in keys:
        if node.get(key) is None:
            problems.add(node.position, f"'{key}' is missing")
    return Section(node, problems)


def read_entries(node: Node, problems: Problems) -> tuple[tuple[Scalar, Node], ...]:
    """The entries of a mapping in the order written; none, and a problem, for another node."""
    if isinstance(node, Entries):
        return node.entries
    problems.add(node.position, "names with values are expected here")
    return ()


def read_phrase(node: Node, read: Phrase[T], problems: Problems) -> T | None:
    """What a text means; None, and a problem, for a node that is no text or an empty one."""
    if not isinstance(node, Scalar):
        problems.add(node.position, "a text is expected here, not a list or a mapping")
        return None
    if not node.text.strip():
        problems.add(node.position, "something must stand here")
        return None
    return read(node, problems)


def read_phrases(node: Node, read: Phrase[T], problems: Problems) -> tuple[T, ...]:
    """What the texts of a list mean; those that cannot be read are left out, with a problem."""
    if not isinstance(node, Items):
        problems.add(node.position, "a list is expected here")
        return ()
    values = (read_phrase(item, read, problems) for item in node.items)
    return tuple(value for value in values if value is not None)
