"""Mutants: a rulebook with one block deleted, narrowed, slowed, or told to fewer or more."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from routing_rules.compiler import compile_rules
from routing_rules.document import (
    Condition,
    NumberRange,
    Rule,
    RuleDocument,
    Tell,
    UrgencyByField,
    Withhold,
)
from routing_rules.rulebook import Rulebook
from routing_rules.source_text import Position
from routing_rules.vocabulary import Field, in_words
from schemas.values import EventType, Service, Urgency

Block = Rule | Withhold
B = TypeVar("B", Rule, Withhold)
_SLOWER = dict(zip(tuple(Urgency), tuple(Urgency)[1:], strict=False))


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one block; `changed` is what stands in its place, None if nothing does."""

    block: Block
    changed: Block | None
    what: str
    position: Position

    @property
    def name(self) -> str:
        """As the survivors are listed: the block, and what was changed in it."""
        return f"{self.block.name}: {self.what}"

    def __str__(self) -> str:
        return f"{self.position.file}:{self.position.line}  {self.name}"


def mutants(rulebook: Rulebook) -> list[Mutant]:
    """Every mutant of every rule and withhold block, in the order of files and lines."""
    rules = rulebook.document.rules
    found = [mutant for rule in rules for mutant in _of_rule(rule, rulebook)]
    return found + [m for block in rulebook.document.withholds for m in _of_block(block, rulebook)]


def mutated(rulebook: Rulebook, mutant: Mutant) -> Rulebook:
    """The rulebook with the change; compiled for the events of the changed block alone."""
    document = RuleDocument(
        tuple(r for rule in rulebook.document.rules for r in _after(rule, mutant)),
        tuple(w for block in rulebook.document.withholds for w in _after(block, mutant)),
    )
    own = RuleDocument(
        tuple(rule for rule in document.rules if rule.event is mutant.block.event),
        tuple(block for block in document.withholds if block.event is mutant.block.event),
    )
    return replace(
        rulebook,
        document=document,
        compiled=compile_rules(own, rulebook.vocabulary),
        _rules={kind: tuple(r for r in own.rules if r.event is kind) for kind in EventType},
    )


def _after(block: B, mutant: Mutant) -> tuple[B, ...]:
    if block is not mutant.block:
        return (block,)
    changed = mutant.changed
    return (changed,) if isinstance(changed, type(block)) else ()


def _of_rule(rule: Rule, rulebook: Rulebook) -> Iterator[Mutant]:
    yield Mutant(rule, None, "deleted", rule.position)
    yield from _narrowed(rule, rulebook)
    for place, tell in enumerate(rule.tell):
        before, after = rule.tell[:place], rule.tell[place + 1 :]
        line = f"tell {in_words(tell.service)} {tell.place}"
        if before or after:
            without = replace(rule, tell=(*before, *after))
            yield Mutant(rule, without, f"{line}: deleted", tell.position)
        for what, other in _worse(tell):
            changed = replace(rule, tell=(*before, other, *after))
            yield Mutant(rule, changed, f"{line}: {what}", tell.position)


def _worse(tell: Tell) -> Iterator[tuple[str, Tell]]:
    """A tell line that is slower, or does not go elsewhere where it should, or asks less."""
    if isinstance(tell.urgency, UrgencyByField):
        for word, urgency in tell.urgency.by_word.items():
            if urgency in _SLOWER:
                by_word = {**tell.urgency.by_word, word: _SLOWER[urgency]}
                slower = replace(tell.urgency, by_word=by_word)
                yield f"slower for {word}", replace(tell, urgency=slower)
    elif tell.urgency in _SLOWER:
        yield "slower", replace(tell, urgency=_SLOWER[tell.urgency])
    for case in tell.instead:
        rest = tuple(each for each in tell.instead if each is not case)
        yield f"without '{case.when}'", replace(tell, instead=rest)
    for ask in tell.asks:
        fewer = tuple(each for each in tell.asks if each is not ask)
        yield f"not asked to {ask}", replace(tell, asks=fewer)


def _of_block(block: Withhold, rulebook: Rulebook) -> Iterator[Mutant]:
    yield Mutant(block, None, "deleted", block.position)
    yield from _narrowed(block, rulebook)
    told = {t.service for r in rulebook.document.rules if r.event is block.event for t in r.tell}
    for service in Service:
        if service in told - block.except_:  # to except whom nothing tells changes nothing
            wider = replace(block, except_=block.except_ | {service})
            yield Mutant(block, wider, f"except {in_words(service)} too", block.position)
    for still in block.but_still:
        rest = tuple(each for each in block.but_still if each is not still)
        without = replace(block, but_still=rest)
        yield Mutant(block, without, "without 'but still'", block.position)


def _narrowed(block: Block, rulebook: Rulebook) -> Iterator[Mutant]:
    event = next(e for e in rulebook.vocabulary.values() if e.type is block.event)
    for place, condition in enumerate(block.when):
        for what, other in _less(condition, event.event_fields[condition.field]):
            when = (*block.when[:place], other, *block.when[place + 1 :])
            yield Mutant(block, replace(block, when=when), what, condition.position)
    for place, condition in enumerate(block.about):
        for what, other in _less(condition, event.person_fields[condition.field]):
            about = (*block.about[:place], other, *block.about[place + 1 :])
            yield Mutant(block, replace(block, about=about), what, condition.position)


def _less(condition: Condition, field: Field) -> Iterator[tuple[str, Condition]]:
    """The condition with each of its values left out; one that would allow nothing is none.

    A range is narrowed by one step where it ends within the field: "under 5" to "under 4".
    """
    name = condition.field
    for word in sorted(condition.words) if len(condition.words) > 1 else ():
        yield f"{name}: not {word}", replace(condition, words=condition.words - {word})
    if condition.or_unknown and condition.ranges:
        yield f"{name}: not unknown", replace(condition, or_unknown=False)
    if condition.or_unknown or len(condition.ranges) > 1:
        for each in condition.ranges:
            rest = tuple(one for one in condition.ranges if one is not each)
            yield f"{name}: not {each}", replace(condition, ranges=rest)
    for each in condition.ranges:
        for low, high in ((each.low + 1, each.high), (each.low, each.high - 1)):
            is_open = (low > each.low and each.low == field.low) or (
                high < each.high and each.high == field.high
            )
            if not is_open and low <= high:
                rest = tuple(one for one in condition.ranges if one is not each)
                ranges = (*rest, NumberRange(low, high))
                yield f"{name}: {low} to {high} for {each}", replace(condition, ranges=ranges)
