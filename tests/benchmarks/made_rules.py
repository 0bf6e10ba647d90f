"""Rulebooks of any size: seeded variations of the shipped rules, each for fewer cases than it."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from routing_rules.compiler import compile_rules
from routing_rules.document import Condition, NumberRange, Rule, RuleDocument
from routing_rules.rulebook import Rulebook
from routing_rules.source_text import Position
from routing_rules.vocabulary import Field, FieldKind
from schemas.values import EventType

_MOST_MORE = 2
"""How many conditions a rule has on its people besides those of the rule that it was made from."""


def with_made_rules(rulebook: Rulebook, count: int, *, seed: int = 1) -> Rulebook:
    """The rulebook under so many made rules instead of its own; what it withholds stays.

    Made as a rule owner would: one of the shipped rules, for people of some district, age, school
    stage or the like. The same seed gives the same rules.
    """
    chance = Random(f"{seed}/{count}")
    fields = {each.type: each.person_fields for each in rulebook.vocabulary.values()}
    shipped = rulebook.document.rules
    made = tuple(
        _narrowed(rule, fields[rule.event], number, chance)
        for number, rule in enumerate(chance.choices(shipped, k=count))
    )
    document = RuleDocument(made, rulebook.document.withholds)
    return replace(
        rulebook,
        document=document,
        compiled=compile_rules(document, rulebook.vocabulary),
        _rules={event: tuple(r for r in made if r.event is event) for event in EventType},
    )


def _narrowed(rule: Rule, fields: Mapping[str, Field], number: int, chance: Random) -> Rule:
    tested = {condition.field for condition in rule.about}
    free = [f for f in fields.values() if f.name not in tested and f.kind is not FieldKind.FLAGS]
    more = chance.sample(free, k=chance.randint(1, _MOST_MORE))
    about = (*rule.about, *(_condition(field, chance) for field in more))
    return replace(rule, name=f"{rule.name}-{number}", about=about)


def _condition(field: Field, chance: Random) -> Condition:
    somewhere = Position("rules/made.yaml")
    if field.kind is FieldKind.NUMBER:
        low = chance.randint(field.low, min(field.high, 60))
        ranges = (NumberRange(low, low + chance.randint(1, 15)),)
        return Condition(field.name, somewhere, ranges=ranges, or_unknown=chance.random() < 0.5)
    some = chance.sample(field.values, k=chance.randint(1, len(field.values)))
    return Condition(field.name, somewhere, words=frozenset(some))
