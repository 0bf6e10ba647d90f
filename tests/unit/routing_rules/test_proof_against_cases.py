"""Boxes and the engine agree on every case of the county, whatever the kind of event."""

from typing import Any

import pytest

from routing_rules.boxes import Budget
from routing_rules.cases_document import RuleCase
from routing_rules.cases_loader import load_cases
from routing_rules.decision import OwedDuty
from routing_rules.explain import Casebook
from routing_rules.gap_check import Replayed, meets_need, tells_of_the_event
from routing_rules.promises import PERPETRATOR_NAMED
from routing_rules.proof_ground import Ground, ground_of
from routing_rules.proof_needs import Need, conditions_met
from routing_rules.proof_places import Asked, Pupil
from routing_rules.proof_reading import Reading
from routing_rules.proof_space import DERIVED, flag_dimension
from routing_rules.source_text import Problems
from routing_rules.vocabulary import FieldKind
from schemas.values import SchoolType, Service, Urgency
from tests.builders import rulebook_files, staffordshire
from tests.promise_kit import ON
from tests.proof_strategies import MANY

COUNTY = staffordshire()
EVENTS = {each.type: each for each in COUNTY.vocabulary.values()}
GROUNDS = {kind: ground_of(COUNTY, each, ON, Budget(MANY)) for kind, each in EVENTS.items()}
CASES = load_cases(COUNTY, rulebook_files("staffordshire"), Problems())
NEEDS = tuple(
    Need((service,), within, or_mash=or_mash)
    for service in Service
    for within in Urgency
    for or_mash in (True, False)
)


def point_of(ground: Ground, facts: dict[str, Any], person: dict[str, Any], site: object) -> int:
    """Where somebody stands in the space of a proof."""
    space, layout, found = ground.space, ground.space.layout, dict[str, int]()
    is_named = any(each["features"]["role"] == "alleged perpetrator" for each in facts["people"])
    told = {**facts["event"], **person["features"]}
    told[PERPETRATOR_NAMED] = "yes" if is_named else "no"
    for name, own in space.fields.items():
        if name in DERIVED:
            continue
        if own.kind is FieldKind.FLAGS:
            found |= {flag_dimension(name, w): int(w in told[name]) for w in own.values}
        elif own.kind is FieldKind.NUMBER:
            found[name] = space.numbers[name].piece_of(told[name])
        else:
            found[name] = own.values.index(told[name])
    found |= _asked(ground.reading, person, site)
    return sum(layout.values(name, [number]) for name, number in found.items())


def _asked(reading: Reading, person: dict[str, Any], site: object) -> dict[str, int]:
    places = reading.space.places
    practices = [reading._practice(each) for each in places.practices]
    pupil = Pupil(person["school_urn"], SchoolType(person["school_type"]))
    kinds = [_kind(reading, each) for each in places.schools]
    return {
        Asked.DISTRICT: _index(places.districts, person["district"]),
        Asked.PROVIDER: _index(places.providers, person["provider"]),
        Asked.PRACTICE: practices.index(reading._practice(person["practice"])),
        Asked.SCHOOL: kinds.index(_kind(reading, pupil)),
        Asked.SITE: _index(places.sites, site) if len(places.sites) > 1 else 0,
    }


def _kind(reading: Reading, pupil: Pupil) -> tuple[object, ...]:
    listed = COUNTY.directory.school(pupil.urn, ON)
    return reading.kind_of(pupil), pupil.urn is None, listed.district if listed else None


def _index(values: tuple[Any, ...], value: object) -> int:
    """Its own number, else that of what stands for all that no directory knows."""
    return values.index(value) if value in values else len(values) - 2


def agrees(need: Need, bits: int, ground: Ground, told: list[OwedDuty], replayed: Replayed) -> bool:
    """Whether whoever must be told, as the boxes say, is told."""
    reaching = [t for t in ground.tellings if any(piece & bits == bits for piece in t.pieces)]
    every = [t for t in reaching if t.rule.once_per_days is None]
    met = (piece for each in every for piece in conditions_met(need, each, ground.reading))
    expected = any(piece & bits == bits for piece in met)
    return not expected or any(meets_need(duty, need, replayed, COUNTY) for duty in told)


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
def test_the_boxes_say_of_a_case_what_the_engine_does(case: RuleCase) -> None:
    casebook = Casebook(COUNTY)
    for known in case.known:
        casebook.receive(known, known.time)
    outcome = casebook.receive(case.event, case.event.time)
    assert outcome is not None
    facts: Any = outcome.facts
    ground = GROUNDS[case.event.type]
    data: Any = case.event.data
    site = getattr(data, "site", None) or getattr(data, "from_site", None)

    for person in facts["people"]:
        role, features = person["features"]["role"], person["features"]
        alone = features["also victim"] == "no" or role == "victim"
        if outcome.is_cancelled or data.do_not_tell or not alone or person["told_as"] is not None:
            continue
        bits = point_of(ground, facts, person, site)
        duties = outcome.decision.duties
        told = [duty for duty in duties if duty.about and duty.about.ref == person["ref"]]
        assert not any(limit.meets(bits) for limit in ground.limits), "it is said to be impossible"
        is_guarded = any(guard.meets(bits) for guard in ground.guards)
        assert is_guarded is person["guarded"]
        reached = any(piece & bits == bits for t in ground.tellings for piece in t.pieces)
        assert (reached and not is_guarded) or not any(map(tells_of_the_event, told))
        replayed = Replayed(outcome.decision, tuple(told), {}, features, person["district"])
        is_moot = any(each.because.startswith("do not contact") for each in outcome.decision.nobody)
        if not is_guarded and not is_moot:
            assert all(agrees(need, bits, ground, told, replayed) for need in NEEDS)
