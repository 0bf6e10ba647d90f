"""Hypothesis strategies for proofs: random rules over the real county, promises, and points."""

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from routing_rules.boxes import Budget, Piece
from routing_rules.compiler import compile_rules
from routing_rules.document import RuleDocument
from routing_rules.gap_point import Point
from routing_rules.promises import Kind, Promise
from routing_rules.proof_ground import Ground
from routing_rules.rulebook import Rulebook
from routing_rules.vocabulary import EventVocabulary
from schemas.values import Ask, EventType, Service, Urgency
from tests.builders import staffordshire
from tests.rule_strategies import documents, rows

MANY = 50_000_000
_TIED = ("stage", "age", "role", "also victim", "also alleged perpetrator", "status", "departure")
"""Dimensions that contradict each other most often, drawn last."""


def county_with(document: RuleDocument) -> Rulebook:
    """The shipped county under other rules."""
    county = staffordshire()
    return replace(
        county,
        document=document,
        compiled=compile_rules(document, county.vocabulary),
        _rules={kind: tuple(r for r in document.rules if r.event is kind) for kind in EventType},
    )


@st.composite
def counties(draw: st.DrawFn, event: EventVocabulary) -> Rulebook:
    """A few random rules and withhold blocks about one kind of event; none fires once only."""
    document = draw(documents({event.phrase: event}))
    rules = tuple(replace(rule, once_per_days=None) for rule in document.rules[:4])
    return county_with(RuleDocument(rules, document.withholds[:2]))


@st.composite
def promises(draw: st.DrawFn, event: EventVocabulary) -> Promise:
    """A promise of any kind but those about disclosure and home."""
    kind = draw(st.sampled_from([Kind.IS_TOLD, Kind.ONE_OF, Kind.OR_MASH, Kind.NOBODY]))
    told = kind is not Kind.NOBODY
    services = st.lists(st.sampled_from(Service), min_size=1, max_size=2, unique=True)
    asks = st.lists(st.sampled_from(Ask), max_size=1).map(tuple)
    (shipped, *_) = staffordshire().promises.promises
    return replace(
        shipped,
        event=event.type,
        when=draw(rows(event.event_fields)),
        about=draw(rows(event.person_fields)),
        kind=kind,
        services=tuple(draw(services)) if told else (),
        within=draw(st.none() | st.sampled_from(Urgency)) if told else None,
        asks=draw(asks) if kind in (Kind.IS_TOLD, Kind.ONE_OF) else (),
    )


def a_point(ground: Ground, seed: int, within: Piece | None = None) -> Point:
    """Something that can be, as plain as can be but for what the seed chooses."""
    layout, chance = ground.space.layout, Random(seed)
    piece: Piece = layout.everything if within is None else within
    names = [n for n in layout.sizes if n not in _TIED and (":" not in n or chance.random() < 0.1)]
    chance.shuffle(names)
    for name in (*names, *(n for n in _TIED if n in layout.sizes)):
        number = chance.choice(layout.numbers(name, piece))
        narrow = piece & layout.only(name, layout.values(name, [number]))
        if next(ground.possible(narrow, Budget(MANY)), None) is not None:
            piece = narrow
    left = next(ground.possible(piece, Budget(MANY)))
    return Point(ground.space, {name: layout.numbers(name, left)[0] for name in layout.sizes})


seeds = st.integers(0, 2**32)
"""Hypothesis has no patience for the many draws that a point would take."""


def bits_of(point: Point) -> Piece:
    """The piece of one point."""
    layout = point.space.layout
    return sum(layout.values(name, [number]) for name, number in point.numbers.items())


def words_of(point: Point) -> dict[str, Any]:
    """A point in words, for the message of a test that fails."""
    fields = point.space.fields
    return {
        name: fields[name].values[number] if name in fields and fields[name].values else number
        for name, number in point.numbers.items()
    }
