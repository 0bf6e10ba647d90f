"""From the YAML of a rulebook's `promises.yaml` to typed promises and stated facts.

As in `reading`, what cannot be read becomes a problem, and reading goes on; but a block is
returned only when nothing in it was a problem.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from routing_rules.disclosure import Part
from routing_rules.document import Condition, Withhold
from routing_rules.loader_conditions import event_scope, person_scope, read_conditions
from routing_rules.loader_words import (
    ASKS,
    SERVICES,
    URGENCIES,
    ClosedSet,
    Keys,
    read_block,
    read_list,
    read_text,
    read_texts,
)
from routing_rules.promises import (
    AT_A_SITE,
    MAY_BE_VIOLENT,
    PERPETRATOR_NAMED,
    Kind,
    Promise,
    Promises,
    StatedFact,
)
from routing_rules.reading import read_date, read_word
from routing_rules.source_text import Entries, Node, Position, Problems, Scalar, quoted, read_yaml
from routing_rules.vocabulary import EventVocabulary, Field, FieldKind, Vocabulary
from schemas.values import Ask, Service

PROMISES_FILE = "promises.yaml"
_PROMISE = Keys(
    "a promise",
    ("promise", "why", "event", "source", "owner", "review by"),
    (
        "when",
        "about",
        "and nobody where",
        "unless withheld by",
        "is told within",
        "is asked to",
        *Kind,
    ),
)
_FACT = Keys("a fact", ("fact", "about", "always"), ("event", "when", "source"))
_BLOCKS = ClosedSet("a kind of block", {"promise": "a promise", "fact": "a fact"})
_PARTS: ClosedSet[Part] = ClosedSet("a part of a notice", {part.value: part for part in Part})
_LISTINGS = ("listed", "elsewhere", "unknown")
_OF_EVENTS = (Field("hospital", FieldKind.CHOICE, _LISTINGS),)
_OF_VIOLENCE = (Field(PERPETRATOR_NAMED, FieldKind.CHOICE, ("yes", "no")),)
_OF_PEOPLE = (Field("school", FieldKind.CHOICE, _LISTINGS),)
"""What no rule can test and a promise can: what the directory is asked with, and the guard."""


def load_promises(
    text: str | None,
    vocabulary: Vocabulary,
    withholds: Iterable[Withhold] | None,
    problems: Problems,
) -> Promises:
    """Read `promises.yaml`; a rulebook without one promises nothing.

    `withholds` are the blocks that a promise may name; None where they are not all known.
    Everything wrong goes to `problems` at once. Blocks with a problem are left out.
    """
    root = None if text is None else read_yaml(PROMISES_FILE, text, problems)
    names = None if withholds is None else tuple(block.name for block in withholds)
    loading = _Loading(vocabulary, names, problems)
    for node in () if root is None else read_list(root, problems):
        loading.read_block(node)
    return Promises(tuple(loading.promises), tuple(loading.facts))


def in_promises(event: EventVocabulary) -> EventVocabulary:
    """The vocabulary of promises about one kind of event: that of rules, and what is looked up."""
    more = (
        *(_OF_EVENTS if event.type in AT_A_SITE else ()),
        *(_OF_VIOLENCE if event.type in MAY_BE_VIOLENT else ()),
    )
    return replace(
        event,
        event_fields={**event.event_fields, **{each.name: each for each in more}},
        person_fields={**event.person_fields, **{each.name: each for each in _OF_PEOPLE}},
    )


@dataclass(frozen=True, slots=True)
class _Loading:
    vocabulary: Vocabulary
    withholds: tuple[str, ...] | None
    problems: Problems
    promises: list[Promise] = field(default_factory=list)
    facts: list[StatedFact] = field(default_factory=list)
    names: dict[tuple[str, str], Position] = field(default_factory=dict)

    def read_block(self, node: Node) -> None:
        block = read_block(node, "a promise or a fact", self.problems)
        noun = None if block is None else _BLOCKS.read(block.entries[0][0], self.problems)
        if block is None or noun is None:
            return
        name, before = block.entries[0][1], len(self.problems.found)
        if isinstance(name, Scalar):
            self.note_name(noun, name)
        reading = _Block(
            (_PROMISE if noun == "a promise" else _FACT).read(block, self.problems), self.problems
        )
        promise = reading.promise(block, self) if noun == "a promise" else None
        fact = reading.fact(block, self.vocabulary) if noun == "a fact" else None
        if len(self.problems.found) == before:
            self.promises.extend(() if promise is None else (promise,))
            self.facts.extend(() if fact is None else (fact,))

    def note_name(self, noun: str, name: Scalar) -> None:
        """Reports and gaps name a promise, so each name stands once."""
        first = self.names.setdefault((noun, name.text), name.position)
        if first is not name.position:
            message = f"{quoted(name.text)} is already the name of {noun}, at {first}"
            self.problems.add(name.position, message)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a promise promises to whom."""

    kind: Kind
    services: tuple[Service, ...]
    parts: frozenset[Part] = frozenset()


@dataclass(frozen=True, slots=True)
class _Block:
    """The keys of one block; each reading answers nothing for a key that is missing."""

    keys: Mapping[str, Node]
    problems: Problems

    def promise(self, block: Entries, loading: _Loading) -> Promise | None:
        event, told = self.event(loading.vocabulary), self.told(block)
        within, asks = self.within(told), self.asks(told)
        review_by = self.date("review by")
        name, why, owner = self.text("promise"), self.text("why"), self.text("owner")
        sources = self.texts("source")
        if event is None or told is None or review_by is None:
            return None
        nobody = "and nobody where"
        return Promise(
            name=name,
            why=why,
            event=event.type,
            when=self.conditions("when", event),
            about=self.conditions("about", event),
            kind=told.kind,
            services=told.services,
            sources=sources,
            owner=owner,
            review_by=review_by,
            position=block.position,
            within=URGENCIES.meanings.get(within),
            asks=asks,
            parts=told.parts,
            nobody_where=self.conditions(nobody, event) if nobody in self.keys else (),
            unless_withheld_by=self.withheld_by(loading.withholds),
        )

    def fact(self, block: Entries, vocabulary: Vocabulary) -> StatedFact | None:
        event = self.event(vocabulary) if "event" in self.keys else None
        if "event" not in self.keys and "when" in self.keys:
            self.problems.add(self.keys["when"].position, "'when' tests an event: name it: 'event'")
        words = event or next(iter(vocabulary.values()))
        return StatedFact(
            name=self.text("fact"),
            event=None if event is None else event.type,
            when=self.conditions("when", event) if event is not None else (),
            about=self.conditions("about", words),
            always=self.conditions("always", words),
            sources=self.texts("source"),
            position=block.position,
        )

    def text(self, key: str) -> str:
        node = self.keys.get(key)
        scalar = None if node is None else read_text(node, self.problems)
        return "" if scalar is None else " ".join(scalar.text.split())

    def texts(self, key: str) -> tuple[str, ...]:
        node = self.keys.get(key)
        scalars = () if node is None else read_texts(node, self.problems)
        return tuple(scalar.text for scalar in scalars)

    def date(self, key: str) -> date | None:
        node = self.keys.get(key)
        scalar = None if node is None else read_text(node, self.problems)
        return None if scalar is None else read_date(scalar, self.problems)

    def event(self, vocabulary: Vocabulary) -> EventVocabulary | None:
        node = self.keys.get("event")
        scalar = None if node is None else read_text(node, self.problems)
        if scalar is None:
            return None
        return ClosedSet("an event", vocabulary).read(scalar, self.problems)

    def conditions(self, key: str, event: EventVocabulary) -> tuple[Condition, ...]:
        node = self.keys.get(key)
        scope = event_scope if key == "when" else person_scope
        return (
            () if node is None else read_conditions(node, scope(in_promises(event)), self.problems)
        )

    def told(self, block: Entries) -> _Told | None:
        """What it promises: one of the kinds, and only one."""
        kinds = [kind for kind in Kind if kind.value in self.keys]
        if len(kinds) != 1:
            wrong = "it promises nothing" if not kinds else "it promises several things at once"
            listed = ", ".join(f"'{kind}'" for kind in Kind)
            self.problems.add(block.position, f"{wrong}: write one of {listed}")
            return None
        (kind,) = kinds
        node = self.keys[kind.value]
        if kind is Kind.NOBODY:
            scalar = read_text(node, self.problems)
            if scalar is not None:
                read_word(scalar, "what can stand here", ("true",), self.problems)
            return _Told(kind, ())
        if kind is Kind.NOT_DISCLOSED:
            return self.not_disclosed(node)
        return _Told(kind, SERVICES.read_all(node, self.problems))

    def not_disclosed(self, node: Node) -> _Told | None:
        """`{service: [gp], fields: [narrative]}`."""
        block = read_block(node, "{service: ..., fields: [...]}", self.problems)
        if block is None:
            return None
        keys = Keys("what is not disclosed", ("service", "fields")).read(block, self.problems)
        if len(keys) < 2:
            return None
        services = SERVICES.read_all(keys["service"], self.problems)
        parts = _PARTS.read_all(keys["fields"], self.problems)
        return _Told(Kind.NOT_DISCLOSED, services, frozenset(parts))

    def withheld_by(self, names: tuple[str, ...] | None) -> tuple[str, ...]:
        node = self.keys.get("unless withheld by")
        if names is None:
            return self.texts("unless withheld by")
        blocks = ClosedSet("a withhold block", {name: name for name in names})
        return () if node is None else blocks.read_all(node, self.problems)

    def within(self, told: _Told | None) -> str:
        text = self.text("is told within")
        if text:
            node = self.keys["is told within"]
            URGENCIES.read(Scalar(text, node.position), self.problems)
            self.refuse("is told within", told, (Kind.NOBODY, Kind.NOT_DISCLOSED))
        return text

    def asks(self, told: _Told | None) -> tuple[Ask, ...]:
        node = self.keys.get("is asked to")
        if node is None:
            return ()
        # an exception asks MASH, and not the service for which it stands
        self.refuse("is asked to", told, (Kind.NOBODY, Kind.NOT_DISCLOSED, Kind.OR_MASH))
        return ASKS.read_all(node, self.problems)

    def refuse(self, key: str, told: _Told | None, kinds: tuple[Kind, ...]) -> None:
        if told is not None and told.kind in kinds:
            message = f"'{key}' cannot stand beside '{told.kind}'"
            self.problems.add(self.keys[key].position, message)
