"""Reading parts that all blocks of a rulebook share: closed sets of words, and keys.

As in `reading`, what cannot be read becomes a problem, and reading goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from routing_rules.document import Place
from routing_rules.reading import read_word
from routing_rules.source_text import Entries, Items, Node, Problems, Scalar, quoted
from routing_rules.vocabulary import SERVICE_WORDS, Field, FieldKind, in_words
from schemas.values import Ask, Service, Urgency

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ClosedSet(Generic[T]):
    """The words that may stand somewhere, what each means, and what they are: `a service`."""

    noun: str
    meanings: Mapping[str, T]

    def read(self, scalar: Scalar, problems: Problems) -> T | None:
        """What a word means; None, and a problem that lists the allowed words, for another."""
        word = read_word(scalar, self.noun, self.meanings, problems)
        return None if word is None else self.meanings[word]

    def read_all(
        self, node: Node, problems: Problems, *, may_be_empty: bool = False
    ) -> tuple[T, ...]:
        """What a word, or each word of a list, means."""
        scalars = read_texts(node, problems, may_be_empty=may_be_empty)
        meanings = (self.read(scalar, problems) for scalar in scalars)
        return tuple(meaning for meaning in meanings if meaning is not None)


SERVICES: ClosedSet[Service] = ClosedSet("a service", SERVICE_WORDS)
PLACES: ClosedSet[Place] = ClosedSet("a place", {place.value: place for place in Place})
URGENCIES: ClosedSet[Urgency] = ClosedSet(
    "an urgency", {in_words(urgency): urgency for urgency in Urgency}
)
ASKS: ClosedSet[Ask] = ClosedSet("an ask", {in_words(ask): ask for ask in Ask})


def words_of(field: Field) -> ClosedSet[str]:
    """The values of a choice or flags field."""
    meanings = {word: word for word in field.values}
    if field.kind is FieldKind.FLAGS:
        return ClosedSet(f"one of the {field.name}", meanings)
    return ClosedSet(f"{_article(field.name)} {field.name}", meanings)


def _article(noun: str) -> str:
    return "an" if noun.startswith(("a", "e", "i", "o", "u")) else "a"


def read_text(node: Node, problems: Problems) -> Scalar | None:
    """A text that says something."""
    if isinstance(node, Scalar) and node.text.strip():
        return node
    wrong = "something must stand here" if isinstance(node, Scalar) else "one text is expected here"
    problems.add(node.position, wrong)
    return None


def read_list(node: Node, problems: Problems) -> tuple[Node, ...]:
    """The items of a list; nothing when it is no list."""
    if isinstance(node, Items):
        return node.items
    problems.add(node.position, "a list is expected here: begin each part with '- '")
    return ()


def read_texts(node: Node, problems: Problems, *, may_be_empty: bool = False) -> tuple[Scalar, ...]:
    """One text, or a list of different texts; an empty list only where that says something."""
    if not isinstance(node, Items):
        scalar = read_text(node, problems)
        return () if scalar is None else (scalar,)
    if not node.items and not may_be_empty:
        problems.add(node.position, "an empty list says nothing: name something, or leave it out")
    read = (read_text(item, problems) for item in node.items)
    unique: dict[str, Scalar] = {}
    for scalar in read:
        if scalar is not None and scalar.text in unique:
            problems.add(scalar.position, f"{quoted(scalar.text)} stands here twice")
        elif scalar is not None:
            unique[scalar.text] = scalar
    return tuple(unique.values())


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one kind of block; `noun` says what it is: `a rule`."""

    noun: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def read(self, block: Entries, problems: Problems) -> Mapping[str, Node]:
        """The values by key; keys that are unknown or missing are problems."""
        for key in self.required:
            if block.get(key) is None:
                problems.add(block.position, f"{self.noun} needs '{key}', which is missing")
        allowed = (*self.required, *self.optional)
        return {
            key.text: value
            for key, value in block.entries
            if read_word(key, f"a key of {self.noun}", allowed, problems) is not None
        }


def read_block(node: Node, noun: str, problems: Problems) -> Entries | None:
    """A mapping with at least one entry."""
    if isinstance(node, Entries) and node.entries:
        return node
    problems.add(node.position, f"{noun} is expected here")
    return None
