"""Matching: which rules fire for the people of an event, by the compiler and by the interpreter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

from routing_rules.case import Case
from routing_rules.casework import as_told
from routing_rules.engine import route
from routing_rules.facts import Facts
from routing_rules.gathering import Times, Told, gather
from routing_rules.interpreter import evaluate, withheld
from routing_rules.learning import numbers_in
from routing_rules.people import people_of, person_key
from routing_rules.register import Register
from routing_rules.registered import register_adds
from routing_rules.rulebook import Rulebook
from schemas.events import Event, RegisterData
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.reading import read_event
from services.sandbox.county import CountyMessage

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Matched:
    """Events a second: rules matched by the compiler, by the interpreter, and whole decisions."""

    rules: int
    compiled: float
    interpreted: float
    routed: float


@dataclass(frozen=True, slots=True)
class Deciding:
    """Milliseconds for one event: to gather its facts, to match rules, and for all of routing."""

    facts: float
    match: float
    route: float


@dataclass(frozen=True, slots=True)
class Asked:
    """An event, with the register as it was when it came in."""

    event: Event
    register: Register


def asked_of(messages: Sequence[CountyMessage]) -> list[Asked]:
    """The events that are routed; the register knows what all the messages tell it."""
    register = Register()
    asked: list[Asked] = []
    for message in messages:
        event = read_event(message.body, (), publisher=message.publisher, family=message.family)
        if not isinstance(event, Event):
            continue
        if isinstance(event.data, RegisterData):
            register.apply(event)
        else:
            asked.append(Asked(event, register))
    return asked


def facts_of(asked: Asked, rulebook: Rulebook) -> Facts:
    """The facts of one event by itself, as the router gathers them."""
    event = asked.event
    key = occurrence_id(occurrence_key(event))
    data, happened = as_told(Case(key, (event,)))
    known = asked.register.known_about(numbers_in(data))
    added = register_adds(data, known, rulebook.settings, occurrence_id=key, at=happened)
    keys = {person.ref: person_key(person, event.source) for person in people_of(added.data)}
    told = Told(event.type, key, added, keys, known)
    return gather(told, rulebook, Times(happened, event.time, event.time, (event.time,)))


def time_matching(rulebook: Rulebook, facts: Sequence[Facts], *, seconds: float) -> Matched:
    """How fast a rulebook's rules are matched; each way for about so many seconds."""

    def compiled(one: Facts) -> object:
        features = [person.features for person in one.people]
        table = rulebook.compiled
        return (
            table.matching(one.type, one.event, features),
            table.withholding(one.type, one.event, features),
        )

    def interpreted(one: Facts) -> object:
        rules = rulebook.rules_for(one.type)
        blocks = [block for block in rulebook.document.withholds if block.event is one.type]
        return [
            (
                [r for r in rules if evaluate(r, one.event, p.features, p.party.key).fired],
                [block for block in blocks if withheld(block, one.event, p.features)],
            )
            for p in one.people
        ]

    return Matched(
        rules=len(rulebook.document.rules),
        compiled=_rate(compiled, facts, seconds),
        interpreted=_rate(interpreted, facts, seconds),
        routed=_rate(lambda one: route(one, rulebook), facts, seconds),
    )


def time_deciding(rulebook: Rulebook, asked: Sequence[Asked], *, seconds: float) -> Deciding:
    """Where the time of a decision goes under a rulebook."""
    facts = [facts_of(one, rulebook) for one in asked]
    matched = time_matching(rulebook, facts, seconds=seconds)
    gathered = _rate(lambda one: facts_of(one, rulebook), asked, seconds)
    return Deciding(1000 / gathered, 1000 / matched.compiled, 1000 / matched.routed)


def _rate(work: Callable[[Given], object], given: Sequence[Given], seconds: float) -> float:
    """Events a second, over whole rounds through all of them."""
    done, began = 0, perf_counter()
    while not done or perf_counter() - began < seconds:
        for one in given:
            work(one)
        done += len(given)
    return done / (perf_counter() - began)
