"""The family of the synthetic county that no register knew, once one does: with its plans."""

from collections.abc import Iterator
from functools import partial

from routing_rules.decision import Json
from services.sandbox.county_community import contact
from services.sandbox.county_places import Places
from services.sandbox.county_rare_tellings import (
    Tell,
    child,
    child_contacted,
    child_left_untreated,
    child_not_brought,
    days_ago,
    dependants,
    exploitation_of,
    left_untreated,
    missed,
    relapse_plan_of,
)
from services.sandbox.county_register import flagged, mother_of, newborn
from services.sandbox.county_reports import Report, Scene, person, saying

_WITHOUT_SCHOOL = ("Anise", "Basil")


def known_at_last() -> Iterator[Tell]:
    """The register tells of them, with plans; then only their mother is named."""
    for given in ("Anise", "Basil", "Clove", "Dill", "Eddo", "Quill", "Rowan", "Sorrel"):
        yield partial(_registered, given=given)
        yield partial(_linked, given=given)
    plans = {"Dill": "looked_after", "Fern": "child_in_need"}
    for given in (*_WITHOUT_SCHOOL, "Eddo", "Quill", "Rowan", *plans):
        kind = plans.get(given, "child_protection")
        yield partial(_flagged, given=given, kind=kind)
    yield lambda p, s: saying(left_untreated(p, s, s.home.mother, "overdose"), people=[])
    for given in _WITHOUT_SCHOOL:
        yield partial(child_left_untreated, given=given, concerns=("head_injury",))
    yield partial(child_left_untreated, given="Dill", concerns=("self_harm",))
    confided = ("self_harm", "emergency_contraception")
    yield partial(child_left_untreated, given="Dill", concerns=confided)
    for given in (*_WITHOUT_SCHOOL, "Eddo", "Dill"):
        yield partial(child_contacted, given=given, concerns=("worrying_encounter",))
        yield partial(child_not_brought, given=given)
    yield lambda p, s: missed(p, s, s.home.mother, "mental-health", people=[])
    yield lambda p, s: missed(p, s, s.home.mother, "mental-health", people=dependants(s))
    yield lambda p, s: missed(p, s, child(s, "Fern"), "community", people=_others(s, "Fern"))
    yield lambda p, s: relapse_plan_of(p, s, "given", people=[])
    yield partial(exploitation_of, given="Dill")
    for kind in ("unknown", "unborn_plan"):
        yield partial(_mother_flagged, kind=kind)
        yield _expecting_at_department
        yield _expecting_at_appointment
        yield _expecting_and_worrying
    yield lambda p, s: saying(
        _expecting_at_appointment(p, s), setting="camhs", first_appointment="yes"
    )


def _registered(places: Places, scene: Scene, *, given: str) -> Report:
    return newborn(places, child(scene, given), days_ago(scene))


def _linked(places: Places, scene: Scene, *, given: str) -> Report:
    return mother_of(places, child(scene, given), days_ago(scene))


def _flagged(places: Places, scene: Scene, *, given: str, kind: str) -> Report:
    who = child(scene, given)
    return flagged(places, who, days_ago(scene), kind=kind, state="active")


def _others(scene: Scene, given: str) -> list[Json]:
    """The mother of a child, and two others of hers."""
    mother: Json = person("parent", "parent", scene.home.mother, scene, children=("patient",))
    two = (child(scene, name) for name in ("Anise", "Dill") if name != given)
    return [mother, *(person(f"sibling-{c.given}", "sibling", c, scene) for c in two)]


def _mother_flagged(places: Places, scene: Scene, *, kind: str) -> Report:
    return flagged(places, scene.home.mother, days_ago(scene), kind=kind, state="active")


def _expecting_at_department(places: Places, scene: Scene) -> Report:
    """Nobody knows where she is booked."""
    return _expecting(
        saying(left_untreated(places, scene, scene.home.mother, "burn"), people=[]), "yes"
    )


def _expecting_at_appointment(places: Places, scene: Scene) -> Report:
    told = missed(places, scene, scene.home.mother, "mental-health", people=[])
    return _expecting(saying(told, first_appointment="no"), "possible")


def _expecting_and_worrying(places: Places, scene: Scene) -> Report:
    publisher = places.community["community"]
    told = contact(publisher, scene, scene.home.mother, "worrying_encounter")
    return _expecting(told, "yes")


def _expecting(report: Report, pregnant: str) -> Report:
    patient = report.data["patient"]
    assert isinstance(patient, dict)  # noqa: S101 - as it was made
    return saying(report, patient={**patient, "pregnant": pregnant})
