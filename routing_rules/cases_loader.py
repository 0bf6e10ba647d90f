"""From the YAML of a rulebook's `cases/` to typed cases.

As in `loader`, what cannot be read becomes a problem with file, line and column, and reading
goes on; a case with a problem is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from routing_rules.cases_data import (
    Defaults,
    EventReader,
    Written,
    number_for,
    read_defaults,
    read_moment,
)
from routing_rules.cases_document import RuleCase, Telling, Untold
from routing_rules.cases_register import KINDS, Registered, RegisterReader
from routing_rules.loader_words import (
    ASKS,
    SERVICES,
    URGENCIES,
    ClosedSet,
    Keys,
    read_block,
    read_list,
    read_text,
)
from routing_rules.registered import ref_of_child
from routing_rules.rulebook import Rulebook
from routing_rules.section import read_phrase
from routing_rules.source_text import Entries, Node, Problems, Scalar, read_yaml
from routing_rules.vocabulary import EventVocabulary, in_words
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.shape import people_of
from schemas.values import Handling

FOLDER = "cases/"
DEFAULTS_FILE = "cases/defaults.yaml"
_RULES = ("fires", "does not fire")
_BLOCKS = ("withholds", "does not withhold")
_CASE = Keys(
    "a case",
    ("case", "event", "data"),
    ("at", "known", *_RULES, *_BLOCKS, "told", "not told"),
)
_KNOWN = Keys("an earlier event", ("event", "at", "data"))
_TELLING = Keys(
    "a line of 'told'",
    ("about", "service"),
    ("recipient", "urgency", "asks", "handling", "instead of"),
)
_UNTOLD = Keys("a line of 'not told'", ("about",), ("service",))
T = TypeVar("T")
_HANDLING: ClosedSet[Handling] = ClosedSet("a handling", {in_words(h): h for h in Handling})


def load_cases(
    rulebook: Rulebook, files: Mapping[str, str], problems: Problems
) -> tuple[RuleCase, ...]:
    """The cases of `files` (texts by path in the rulebook) under `cases/`, in order."""
    defaults = _defaults(rulebook, files, problems)
    reader = _Reader(rulebook, EventReader(defaults, problems), problems)
    cases: list[RuleCase | None] = []
    for file in sorted(files):
        if file.startswith(FOLDER) and file != DEFAULTS_FILE:
            root = read_yaml(file, files[file], problems)
            nodes = () if root is None else read_list(root, problems)
            cases += [reader.case(node) for node in nodes]
    return _found(cases)


def _defaults(rulebook: Rulebook, files: Mapping[str, str], problems: Problems) -> Defaults:
    root = read_yaml(DEFAULTS_FILE, files.get(DEFAULTS_FILE, ""), problems)
    return Defaults() if root is None else read_defaults(root, rulebook.vocabulary, problems)


@dataclass(frozen=True, slots=True)
class _Reader:
    rulebook: Rulebook
    events: EventReader
    problems: Problems

    def case(self, node: Node) -> RuleCase | None:
        before = len(self.problems.found)
        block = read_block(node, "a case", self.problems)
        if block is None:
            return None
        keys = _CASE.read(block, self.problems)
        name = self.text(keys, "case")
        event = self.event(block, keys)
        at = event.time if event else None
        known = [self.known(each, at) for each in self.items(keys, "known")]
        if event is None or name is None:
            return None
        children = self.children(event, known)
        refs = {*(person.ref for _, person in people_of(event.data)), *children.values()}
        case = RuleCase(
            name=" ".join(name.text.split()),
            position=name.position,
            type=event.type,
            event=event,
            known=tuple(each.event for each in known if each is not None),
            children=children,
            fires=self.names(keys, "fires", event),
            does_not_fire=self.names(keys, "does not fire", event),
            withholds=self.names(keys, "withholds", event),
            does_not_withhold=self.names(keys, "does not withhold", event),
            told=_found(self.telling(each, refs) for each in self.items(keys, "told")),
            not_told=_found(self.untold(each, refs) for each in self.items(keys, "not told")),
        )
        return case if len(self.problems.found) == before else None

    def event(self, block: Entries, keys: Mapping[str, Node]) -> Event | None:
        kind, data, at = self.kind(keys), keys.get("data"), self.at(keys)
        if kind is None or at is None or data is None:
            return None
        if not isinstance(data, Entries):
            self.problems.add(data.position, "the event's data are expected here")
            return None
        return self.events.event(Written(kind.type, data, at, block.position))

    def known(self, node: Node, case_at: datetime | None) -> Registered | None:
        block = read_block(node, "an earlier event", self.problems)
        if block is None:
            return None
        kind = next((kind for kind in KINDS if block.get(kind)), None)
        if kind is None:
            event = self.event(block, _KNOWN.read(block, self.problems))
            return None if event is None else Registered(event)
        if case_at is None:
            return None
        return RegisterReader(self.events.defaults, self.problems).known(kind, block, case_at)

    def children(self, event: Event, known: Iterable[Registered | None]) -> dict[str, str]:
        """The names of those whom only the register knows, by the ref that they get."""
        occurrence = occurrence_id(occurrence_key(event))
        names = {each.name for each in known if each and each.name}
        return {ref_of_child(occurrence, number_for(name)): name for name in sorted(names)}

    def kind(self, keys: Mapping[str, Node]) -> EventVocabulary | None:
        text = self.text(keys, "event")
        kinds = ClosedSet("an event", self.rulebook.vocabulary)
        return None if text is None else kinds.read(text, self.problems)

    def at(self, keys: Mapping[str, Node]) -> datetime | None:
        node = keys.get("at")
        if node is not None:
            return read_phrase(node, read_moment, self.problems)
        if self.events.defaults.at is None and "data" in keys:
            message = f"neither the case nor {DEFAULTS_FILE} says 'at' what time it happens"
            self.problems.add(keys["data"].position, message)
        return self.events.defaults.at

    def text(self, keys: Mapping[str, Node], key: str) -> Scalar | None:
        node = keys.get(key)
        return None if node is None else read_text(node, self.problems)

    def items(self, keys: Mapping[str, Node], key: str) -> tuple[Node, ...]:
        node = keys.get(key)
        return () if node is None else read_list(node, self.problems)

    def names(self, keys: Mapping[str, Node], key: str, event: Event) -> tuple[str, ...]:
        """Rules, or withhold blocks, of the kind of event that the case is about."""
        node = keys.get(key)
        if node is None:
            return ()
        document = self.rulebook.document
        blocks = document.rules if key in _RULES else document.withholds
        noun = "a rule about this event" if key in _RULES else "a withhold block about this event"
        allowed = {each.name: each.name for each in blocks if each.event is event.type}
        return ClosedSet(noun, allowed).read_all(node, self.problems)

    def telling(self, node: Node, refs: Iterable[str]) -> Telling | None:
        block = read_block(node, "a line of 'told'", self.problems)
        if block is None:
            return None
        keys = _TELLING.read(block, self.problems)
        about, service = self.about(keys, refs), self.one(keys, "service", SERVICES)
        recipient = self.text(keys, "recipient")
        asks = keys.get("asks")
        handling = keys.get("handling")
        if about is None or service is None:
            return None
        return Telling(
            about=about,
            service=service,
            position=block.position,
            recipient=None if recipient is None else recipient.text,
            urgency=self.one(keys, "urgency", URGENCIES),
            asks=None if asks is None else frozenset(self.all(asks, ASKS)),
            handling=frozenset(() if handling is None else self.all(handling, _HANDLING)),
            instead_of=self.one(keys, "instead of", SERVICES),
        )

    def untold(self, node: Node, refs: Iterable[str]) -> Untold | None:
        block = read_block(node, "a line of 'not told'", self.problems)
        if block is None:
            return None
        keys = _UNTOLD.read(block, self.problems)
        about = self.about(keys, refs)
        service = self.one(keys, "service", SERVICES)
        return None if about is None else Untold(about, block.position, service)

    def about(self, keys: Mapping[str, Node], refs: Iterable[str]) -> str | None:
        """The ref of somebody in the case; the unborn child of `p` is `p/unborn`."""
        text = self.text(keys, "about")
        people = {ref: ref for ref in (*refs, *(f"{ref}/unborn" for ref in refs))}
        return None if text is None else ClosedSet("in the event", people).read(text, self.problems)

    def one(self, keys: Mapping[str, Node], key: str, words: ClosedSet[T]) -> T | None:
        text = self.text(keys, key)
        return None if text is None else words.read(text, self.problems)

    def all(self, node: Node, words: ClosedSet[T]) -> tuple[T, ...]:
        return words.read_all(node, self.problems, may_be_empty=True)


def _found(read: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(each for each in read if each is not None)
