"""Attendances at the synthetic county's emergency departments and minor injuries units."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from schemas.values import EventType
from services.sandbox.county_places import Places, Site
from services.sandbox.county_reports import Report, Scene, Told, moment, person
from services.sandbox.county_residents import Resident

_DISPOSALS = (
    "treated",
    "admitted",
    "transferred",
    "left_before_assessment",
    "left_before_treatment",
)
_REASONS = ("Synthetic: fall", "Synthetic: fever", "Synthetic: abdominal pain", "Synthetic: cut")
_OF_CHILDREN = ("head_injury", "bruising", "burn", "dog_bite")
_OF_TEENAGERS = ("self_harm", "overdose", "alcohol", "emergency_contraception", "exploitation")
_OF_ADULTS = ("assault", "domestic_abuse", "self_harm", "overdose", "alcohol", "mental_health")
_FGM = 0.01
_SECOND_RECORD = 0.4
"""How often a receptionist takes the second record of a child who has two."""


def attendance(places: Places, scene: Scene) -> Report:
    """An attendance: told at arrival, sometimes again meanwhile, and at departure; or only then."""
    site = scene.chance.choice(places.sites)
    who = scene.chance.choice((scene.home.mother, *scene.children * 2))
    arrived = _arrived(scene, site, who)
    known = arrived | {"concerns": list(_concerns(who, scene))}
    left = _departed(scene)
    in_between = scene.happens(0.2)

    def at_departure(at: datetime) -> Report:
        return _report(site, known | left | {"departed_at": moment(at)})

    def meanwhile(_at: datetime) -> Report:
        told = _report(site, known | {"status": "updated"})
        return replace(told, later=scene.later(10, 60, at_departure))

    if scene.happens(0.3):
        return at_departure(scene.at)
    if in_between:
        return replace(_report(site, arrived), later=scene.later(5, 60, meanwhile))
    return replace(_report(site, known), later=scene.later(15, 120, at_departure))


def departed_from(
    site: Site,
    scene: Scene,
    who: Resident,
    *,
    concerns: Iterable[str] = (),
    referral: str | None = None,
) -> Report:
    """An attendance that is told once, when it is over; `referral` is the one that it names."""
    told = _arrived(scene, site, who) | {"concerns": [*concerns]} | _departed(scene)
    if referral is not None:
        told["arrived_referral_id"] = referral
    return _report(site, told | {"departed_at": moment(scene.at)})


def _report(site: Site, data: Told) -> Report:
    references = (str(data["attendance_id"]),)
    return Report(site.publisher, EventType.EMERGENCY_ATTENDANCE, references, data)


def _arrived(scene: Scene, site: Site, who: Resident) -> Told:
    is_child = who.age(scene.on) < 18
    told: Told = {
        "attendance_id": f"{site.code}-{scene.number:06d}",
        "site": site.code,
        "department": site.department,
        "status": "arrived",
        "arrived_at": moment(scene.earlier(5, 90)),
        "category": scene.chance.choices(
            ("unplanned_first", "unplanned_follow_up", "planned_follow_up"), (85, 10, 5)
        )[0],
        "reason": scene.chance.choice(_REASONS),
        "concerns": [],
        "patient": _patient(scene, who),
        "people": [],
    }
    if not is_child:
        told |= _looked_after_by(scene)
    elif not scene.happens(0.04):
        mother = scene.home.mother
        told["people"] = [
            person("parent", "accompanying_adult", mother, scene, children=("patient",))
        ]
    return told


def _patient(scene: Scene, who: Resident) -> Told:
    """The patient, by a second record's number now and then."""
    told = person("patient", "patient", who, scene)
    second = scene.home.duplicates.get(who.nhs_number)
    if second is not None and "nhs_number" in told and scene.happens(_SECOND_RECORD):
        told |= {"nhs_number": second, "nhs_number_status": "verified"}
    return told


def _looked_after_by(scene: Scene) -> Told:
    """Whether an adult was asked who depends on them, and who it is."""
    asked = scene.chance.choices(("yes", "no", "not_recorded"), (40, 30, 30))[0]
    children = scene.children if asked == "yes" and scene.happens(0.6) else ()
    people = [
        person(f"child{number}", "dependant", child, scene)
        for number, child in enumerate(children, start=1)
    ]
    return {"caring_responsibilities": asked, "people": [*people]}


def _departed(scene: Scene) -> Told:
    disposal = scene.chance.choices(_DISPOSALS, (76, 12, 4, 4, 4))[0]
    left: Told = {"status": "departed", "disposal": disposal}
    if disposal.startswith("left"):
        left["perceived_risk"] = scene.chance.choice(("low", "high", "unknown"))
        left["parent_contacted"] = scene.chance.choice(("yes", "no", "not_recorded"))
    return left


def _concerns(who: Resident, scene: Scene) -> tuple[str, ...]:
    """What is seen sooner or later, by the age of whom it is seen of."""
    if who.sex == "female" and scene.happens(_FGM):
        return ("fgm",)
    if not scene.happens(0.35):
        return ()
    age = who.age(scene.on)
    common = _OF_CHILDREN if age < 12 else _OF_TEENAGERS if age < 18 else _OF_ADULTS
    return (scene.chance.choice(common),)
