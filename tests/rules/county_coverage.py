"""Which rules and tell lines of the rulebook a county's run exercised, and which never.

A tell line counts where its rule matched somebody who may be told about, and once for each of its
places: the one of most people, and those for the cases that it names. A withhold block counts
where it withheld something, and its "but still" where somebody heard of another concern.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from routing_rules.case import Outcome
from routing_rules.document import Rule, Tell, Unless, Withhold
from routing_rules.fields import Features, Field, FieldKind
from routing_rules.interpreter import still_told
from routing_rules.recipients import SCHOOL_TYPES
from routing_rules.rulebook import Rulebook
from schemas.maternity import OfPregnancy
from schemas.values import EventType

_USUALLY = "usually"


@dataclass(slots=True)
class Coverage:
    """How often each part of a rulebook was exercised; an outcome at a time."""

    rulebook: Rulebook
    times: Counter[str] = field(default_factory=Counter)

    def take(self, kind: EventType, outcome: Outcome) -> None:
        """What was exercised when this was decided, whether or not it changed anything."""
        if outcome.is_cancelled:
            return
        facts: Mapping[str, Any] = outcome.facts
        words = next(one for one in self.rulebook.vocabulary.values() if one.type is kind)
        event = _features(facts["event"], words.event_fields)
        people = [p for p in facts["people"] if not p["guarded"] and p["told_as"] is None]
        features = [_features(p["features"], words.person_fields) for p in people]
        compiled = self.rulebook.compiled
        for person, rules in zip(people, compiled.matching(kind, event, features), strict=True):
            case = _case_of(person, outcome)
            self.times.update(_line(rule, tell, case) for rule in rules for tell in rule.tell)
        blocks = compiled.withholding(kind, event, features)
        for told, matched in zip(features, blocks, strict=True):
            self.times.update(_name(block) for block in matched)
            self.times.update(_but_still(b) for b in matched if still_told(b, event, told))

    def never(self) -> list[str]:
        """Every part that no outcome exercised, in the order of the rulebook."""
        return [part for part in self.parts() if not self.times[part]]

    def parts(self) -> Iterator[str]:
        """Every part that there is to exercise."""
        for rule in self.rulebook.document.rules:
            for tell in rule.tell:
                yield _line(rule, tell, None)
                yield from (_line(rule, tell, other.when) for other in tell.instead)
        for block in self.rulebook.document.withholds:
            yield _name(block)
            if block.but_still:
                yield _but_still(block)


def _line(rule: Rule, tell: Tell, case: Unless | str | None) -> str:
    """A tell line at one of its places; one that names no such case is told as usual."""
    named = {other.when for other in tell.instead}
    at = case if case in named else _USUALLY
    return f"{rule.name}: {tell.service.value} {tell.place.value}, {at}"


def _name(block: Withhold) -> str:
    return f"withhold: {block.name}"


def _but_still(block: Withhold) -> str:
    return f"{_name(block)}, but still"


def _case_of(person: Mapping[str, Any], outcome: Outcome) -> Unless | None:
    """The case of somebody for which tell lines may name another place."""
    data = outcome.data
    provider = person["provider"] or (data.provider if isinstance(data, OfPregnancy) else None)
    kind = person["school_type"]
    at_school = next((u for u, each in SCHOOL_TYPES.items() if each.value == kind), None)
    return at_school or (Unless.NO_BOOKING if provider is None else None)


def _features(stored: Mapping[str, Any], fields: Mapping[str, Field]) -> Features:
    """Features as they were before they were stored."""
    return {
        name: frozenset(stored[name]) if one.kind is FieldKind.FLAGS else stored[name]
        for name, one in fields.items()
    }
