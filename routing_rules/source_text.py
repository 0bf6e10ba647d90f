"""Text of a rulebook with its places: YAML nodes that know file, line and column, and problems.

All scalars are text; the schema types them, so that `on`, `no`, `0123` and `12:30` mean what
they say.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

import yaml


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a rulebook file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a rulebook, as `rules/police.yaml:4:17: 'hihg' is not a risk; ...`."""

    position: Position
    message: str

    def __str__(self) -> str:
        return f"{self.position}: {self.message}"


class RulebookInvalid(ValueError):
    """A rulebook that does not load, with all its problems in order of file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Problems:
    """Collects problems, so that a rule owner sees all of them at once.

    `warnings` do not stop a rulebook from loading; in the rulebooks that we ship there are none.
    """

    found: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def add(self, position: Position, message: str) -> None:
        """Note one problem and go on."""
        self.found.append(Problem(position, message))

    def warn(self, position: Position, message: str) -> None:
        """Note something that loads and yet may not say what its writer means."""
        self.warnings.append(Problem(position, message))

    def raise_if_any(self) -> None:
        """Raise `RulebookInvalid` with everything found so far, if anything was."""
        if self.found:
            raise RulebookInvalid(self.found)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text."""

    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class Items:
    """A list of nodes."""

    items: "tuple[Node, ...]"
    position: Position


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping in the order written; keys are unique (a repeated key is a problem)."""

    entries: "tuple[tuple[Scalar, Node], ...]"
    position: Position

    def get(self, key: str) -> "Node | None":
        """The value of a key, or None."""
        return next((node for name, node in self.entries if name.text == key), None)


Node = Scalar | Items | Entries

DEEPEST = 20
"""How deep lists and mappings may stand inside each other: far deeper than any rulebook needs."""
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Characters that cannot be shown, and that PostgreSQL cannot hold (NUL, half a surrogate)."""


def read_yaml(file: str, text: str, problems: Problems) -> Node | None:
    """Read one YAML document into nodes with places; None when empty or unreadable.

    Syntax errors, anchors, tags, repeated keys, keys that are not text, characters that cannot
    be shown and a second document become problems. No text makes it raise.
    """
    events = _events(file, text, problems)
    reader = _Reader(file, events, problems)
    try:
        root = reader.document()
        for extra in events:
            if isinstance(extra, yaml.DocumentStartEvent):
                problems.add(reader.place(extra), "only one YAML document may stand in a file")
                break
    except _Unreadable:
        return None
    return root


class _Unreadable(Exception):
    """Nothing after this place can be read."""


def _events(file: str, text: str, problems: Problems) -> Iterator[yaml.Event]:
    """The parse events of a text; when it cannot be parsed, a problem and `_Unreadable`.

    PyYAML lets ValueError and OverflowError out of absurd escapes and version numbers.
    """
    try:
        yield from yaml.parse(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file)
        problems.add(place, f"not readable as YAML: {error.problem or error.context}")
        raise _Unreadable from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position].split("\n")
        place = Position(file, len(before), len(before[-1]) + 1)
        problems.add(place, "not readable as YAML: a character that is not text")
        raise _Unreadable from error
    except (ValueError, OverflowError) as error:
        problems.add(Position(file), "not readable as YAML: an escape or a version out of bounds")
        raise _Unreadable from error


@dataclass(frozen=True, slots=True)
class _Reader:
    """Builds nodes from the events of one file."""

    file: str
    events: Iterator[yaml.Event]
    problems: Problems

    def place(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        return Position(self.file, mark.line + 1, mark.column + 1) if mark else Position(self.file)

    def document(self) -> Node | None:
        """The first document, or None when there is none."""
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                return self.node(event, 0)
        return None

    def node(self, event: yaml.Event, depth: int) -> Node:
        place = self.place(event)
        if depth > DEEPEST:
            self.problems.add(place, f"lists and mappings stand more than {DEEPEST} deep")
            raise _Unreadable
        self.refuse_references(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(place, depth + 1)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(place, depth + 1)
        return self.scalar(event, place)

    def refuse_references(self, event: yaml.Event, place: Position) -> None:
        """Anchors, aliases and tags make a text mean what it does not say where it stands."""
        if getattr(event, "anchor", None) is not None:
            self.problems.add(place, "'&' and '*' are not used here: write it out")
        if getattr(event, "tag", None) is not None:
            self.problems.add(place, "'!' tags are not used here: all values are text")

    def scalar(self, event: yaml.Event, place: Position) -> Scalar:
        text = str(getattr(event, "value", ""))
        if UNPRINTABLE.search(text):
            self.problems.add(place, "it holds a character that cannot be shown")
        return Scalar(text, place)

    def sequence(self, place: Position, depth: int) -> Items:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, depth))
        return Items(tuple(items), place)

    def mapping(self, place: Position, depth: int) -> Entries:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth)
            value = self.node(next(self.events), depth)
            if not isinstance(key, Scalar):
                self.problems.add(key.position, "a name is expected here, not a list or a mapping")
            elif key.text in entries:
                self.problems.add(key.position, f"{quoted(key.text)} stands here twice")
            else:
                entries[key.text] = (key, value)
        return Entries(tuple(entries.values()), place)


def quoted(text: str) -> str:
    """A word of a rulebook in quotes, on one line and never longer than a line."""
    shown = UNPRINTABLE.sub("?", " ".join(text.split()))
    return f"'{shown[:60]}...'" if len(shown) > 60 else f"'{shown}'"


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """`; did you mean 'high'?` where one of the allowed words is near, else nothing."""
    near = get_close_matches(word.lower(), list(allowed), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""
