"""What the cases of a rulebook show of its rules, and what nobody has shown yet.

Every rule and withhold block needs a case in which it fires and one in which it just does not:
a person for whom exactly one of its conditions fails. Every tell line needs a case that expects
the notice, and every `but still` one in which it applies.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from routing_rules.cases_document import RuleCase
from routing_rules.conditions import holds
from routing_rules.decision import Json
from routing_rules.document import ButStill, Rule, RuleDocument, Tell, Withhold
from routing_rules.vocabulary import Features

Block = Rule | Withhold


@dataclass(frozen=True, slots=True)
class Coverage:
    """What no case shows, by name or as `rules/police.yaml:12`; `share` is what they do show."""

    never_fires: tuple[str, ...]
    never_just_not: tuple[str, ...]
    tell_lines: tuple[str, ...]
    share: float

    @property
    def is_complete(self) -> bool:
        """Whether the cases show everything."""
        return not (self.never_fires or self.never_just_not or self.tell_lines)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the facts of one case's event were: of the event, and of each who may be told about."""

    event: Features
    people: Mapping[str, Features]

    def failing(self, block: Block) -> Iterator[int]:
        """For each person, how many conditions of a block fail."""
        of_event = sum(not holds(condition, self.event) for condition in block.when)
        for features in self.people.values():
            yield of_event + sum(not holds(condition, features) for condition in block.about)

    def matches(self, block: Block) -> bool:
        """Whether a block fires, or withholds, for anybody."""
        return 0 in self.failing(block)


def occasion_of(facts: Mapping[str, Json]) -> Occasion:
    """The occasion in the facts of a decision as they are stored."""
    people = facts["people"]
    assert isinstance(people, list)  # noqa: S101 - so `Facts.as_json` makes them
    told: dict[str, Features] = {}
    for person in people:
        assert isinstance(person, dict)  # noqa: S101
        if not person["guarded"] and person["told_as"] is None:
            told[str(person["ref"])] = _features(person["features"])
    return Occasion(_features(facts["event"]), told)


def _features(stored: Json) -> Features:
    assert isinstance(stored, dict)  # noqa: S101
    return {
        name: frozenset(map(str, value)) if isinstance(value, list) else value  # type: ignore[misc]
        for name, value in stored.items()
    }


@dataclass(slots=True)
class Shown:
    """Gathers, case by case, what is shown."""

    fires: set[str] = field(default_factory=set)
    just_not: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)

    def add(self, case: RuleCase, occasion: Occasion, document: RuleDocument) -> None:
        """Count what one case claims; whether its claims hold is said elsewhere."""
        blocks: Sequence[Block] = (*document.rules, *document.withholds)
        for block in blocks:
            name = _name(block)
            claimed = case.fires if isinstance(block, Rule) else case.withholds
            denied = case.does_not_fire if isinstance(block, Rule) else case.does_not_withhold
            if block.name in claimed:
                self.fires.add(name)
            if block.name in denied and 1 in occasion.failing(block):
                self.just_not.add(name)
            if isinstance(block, Withhold) and block.name in claimed:
                applies = (b for b in block.but_still if _applies(b, occasion.event))
                self.lines.update(map(_line_of_but_still, applies))

    def expect(self, rules: Iterable[Rule], service: object) -> None:
        """Count the tell lines of rules that led to an expected notice for a service."""
        for tell in chain.from_iterable(rule.tell for rule in rules):
            if service in {tell.service, *(instead.service for instead in tell.instead)}:
                self.lines.add(_line(tell))

    def coverage(self, document: RuleDocument) -> Coverage:
        """What is still to be shown of a rulebook."""
        blocks: Sequence[Block] = (*document.rules, *document.withholds)
        names = [_name(block) for block in blocks]
        lines = [_line(tell) for rule in document.rules for tell in rule.tell]
        lines += [_line_of_but_still(b) for w in document.withholds for b in w.but_still]
        missing = (
            tuple(name for name in names if name not in self.fires),
            tuple(name for name in names if name not in self.just_not),
            tuple(line for line in lines if line not in self.lines),
        )
        total = 2 * len(names) + len(lines)
        share = 1.0 - sum(map(len, missing)) / total if total else 1.0
        return Coverage(*missing, share=share)


def _name(block: Block) -> str:
    return block.name if isinstance(block, Rule) else f"withhold: {block.name}"


def _line(tell: Tell) -> str:
    return f"{tell.position.file}:{tell.position.line}"


def _line_of_but_still(but_still: ButStill) -> str:
    position = but_still.when[0].position
    return f"{position.file}:{position.line}"


def _applies(but_still: ButStill, event: Features) -> bool:
    return all(holds(condition, event) for condition in but_still.when)
