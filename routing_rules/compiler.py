"""Rules compiled for speed: one table of columns per kind of event.

`interpreter` is the reference, and a property test holds the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from routing_rules.columns import Columns, build_columns
from routing_rules.conditions import FeatureInvalid
from routing_rules.document import Rule, RuleDocument, Withhold
from routing_rules.vocabulary import EventVocabulary, Features, Vocabulary
from schemas.values import EventType

Block = TypeVar("Block", Rule, Withhold)


@dataclass(frozen=True, slots=True)
class _Table(Generic[Block]):
    """The blocks of one kind of event; bit n of a row mask is block n."""

    blocks: tuple[Block, ...]
    event: Columns
    person: Columns

    def matching(
        self, event: Features, persons: Sequence[Features]
    ) -> tuple[tuple[Block, ...], ...]:
        of_event = self.event.rows(event)
        return tuple([self.chosen(of_event & self.person.rows(person)) for person in persons])

    def chosen(self, rows: int) -> tuple[Block, ...]:
        chosen: list[Block] = []
        while rows:
            lowest = rows & -rows
            chosen.append(self.blocks[lowest.bit_length() - 1])
            rows ^= lowest
        return tuple(chosen)


class Rows(NamedTuple):
    """Which rules, and which withhold blocks, of one kind of event an event or a person meets.

    Bit n is block n. Those that hold are the rows of the event that are also the person's.
    """

    rules: int
    withholds: int


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """A rulebook's rules and withhold blocks, ready to match events.

    Both questions take the features of one event and of each person in it, exactly one for
    every field of the vocabulary (more are not looked at). They raise `FeatureInvalid` for an
    event type without vocabulary, and for a feature that is missing or outside its field.
    """

    rules: Mapping[EventType, _Table[Rule]]
    withholds: Mapping[EventType, _Table[Withhold]]

    def matching(
        self, event_type: EventType, event: Features, persons: Sequence[Features]
    ) -> tuple[tuple[Rule, ...], ...]:
        """For each person, the rules that fire, in the order of the document."""
        return _of_type(self.rules, event_type).matching(event, persons)

    def withholding(
        self, event_type: EventType, event: Features, persons: Sequence[Features]
    ) -> tuple[tuple[Withhold, ...], ...]:
        """For each person, the blocks that withhold, in the order of the document.

        Who is still told of another concern is a question for `interpreter.still_told`.
        """
        return _of_type(self.withholds, event_type).matching(event, persons)

    def rows_of_event(self, event_type: EventType, event: Features) -> Rows:
        """The blocks whose conditions on the event hold."""
        rules, withholds = self._tables(event_type)
        return Rows(rules.event.rows(event), withholds.event.rows(event))

    def rows_of_person(self, event_type: EventType, person: Features) -> Rows:
        """The blocks whose conditions on the person hold."""
        rules, withholds = self._tables(event_type)
        return Rows(rules.person.rows(person), withholds.person.rows(person))

    def _tables(self, event_type: EventType) -> tuple[_Table[Rule], _Table[Withhold]]:
        return _of_type(self.rules, event_type), _of_type(self.withholds, event_type)


def compile_rules(document: RuleDocument, vocabulary: Vocabulary) -> CompiledRules:
    """Compile a document that was loaded with this vocabulary.

    Raises `FeatureInvalid` when a block does not fit the vocabulary.
    """
    events = {event.type: event for event in vocabulary.values()}
    blocks: tuple[Rule | Withhold, ...] = (*document.rules, *document.withholds)
    for block in blocks:
        if block.event not in events:
            raise FeatureInvalid(f"'{block.name}' is about an event without vocabulary")
    return CompiledRules(
        rules={kind: _table(document.rules, event) for kind, event in events.items()},
        withholds={kind: _table(document.withholds, event) for kind, event in events.items()},
    )


def _table(blocks: Sequence[Block], event: EventVocabulary) -> _Table[Block]:
    own = tuple(block for block in blocks if block.event is event.type)
    return _Table(
        own,
        build_columns([block.when for block in own], event.event_fields),
        build_columns([block.about for block in own], event.person_fields),
    )


def _of_type(tables: Mapping[EventType, _Table[Block]], event_type: EventType) -> _Table[Block]:
    if event_type not in tables:
        raise FeatureInvalid(f"there is no vocabulary for events of type '{event_type}'")
    return tables[event_type]
