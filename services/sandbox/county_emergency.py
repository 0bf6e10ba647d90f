"""Attendances at the synthetic county's emergency departments and minor injuries units."""

from datetime import datetime

from schemas.values import EventType
from services.sandbox.county_places import Places, Site
from services.sandbox.county_reports import Later, Report, Scene, Told, moment, person

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


def attendance(places: Places, scene: Scene) -> Report:
    """An attendance: told at arrival, sometimes again meanwhile, and at departure; or only then."""
    site = scene.chance.choice(places.sites)
    reference = f"{site.code}-{scene.number:06d}"
    arrived = _arrived(scene, site, reference)
    known = arrived | {"concerns": list(_concerns(arrived, scene))}
    left = _departed(scene)
    in_between = scene.happens(0.2)

    def report(data: Told, later: Later | None = None) -> Report:
        return Report(site.publisher, EventType.EMERGENCY_ATTENDANCE, (reference,), data, later)

    def at_departure(at: datetime) -> Report:
        return report(known | left | {"departed_at": moment(at)})

    def meanwhile(_at: datetime) -> Report:
        return report(known | {"status": "updated"}, scene.later(10, 60, at_departure))

    if scene.happens(0.3):
        return at_departure(scene.at)
    if in_between:
        return report(arrived, scene.later(5, 60, meanwhile))
    return report(known, scene.later(15, 120, at_departure))


def _arrived(scene: Scene, site: Site, reference: str) -> Told:
    home = scene.home
    who = scene.chance.choice((home.mother, *home.children * 2))
    is_child = who in home.children
    mother = person("parent", "accompanying_adult", home.mother, scene, children=("patient",))
    return {
        "attendance_id": reference,
        "site": site.code,
        "department": site.department,
        "status": "arrived",
        "arrived_at": moment(scene.earlier(5, 90)),
        "category": scene.chance.choices(
            ("unplanned_first", "unplanned_follow_up", "planned_follow_up"), (85, 10, 5)
        )[0],
        "reason": scene.chance.choice(_REASONS),
        "concerns": [],
        "patient": person("patient", "patient", who, scene),
        "people": [mother] if is_child else [],
    }


def _departed(scene: Scene) -> Told:
    disposal = scene.chance.choices(_DISPOSALS, (76, 12, 4, 4, 4))[0]
    left: Told = {"status": "departed", "disposal": disposal}
    if disposal.startswith("left"):
        left["perceived_risk"] = scene.chance.choice(("low", "high", "unknown"))
        left["parent_contacted"] = scene.chance.choice(("yes", "no", "not_recorded"))
    return left


def _concerns(arrived: Told, scene: Scene) -> tuple[str, ...]:
    """What is seen sooner or later, by the age of whom it is seen of."""
    if not scene.happens(0.35):
        return ()
    home, patient = scene.home, arrived["patient"]
    born = patient["date_of_birth"] if isinstance(patient, dict) else None
    age = next(p.age(scene.on) for p in home.residents if p.date_of_birth.isoformat() == born)
    common = _OF_CHILDREN if age < 12 else _OF_TEENAGERS if age < 18 else _OF_ADULTS
    return (scene.chance.choice(common),)
