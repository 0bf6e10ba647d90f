"""What the register and the maternity services of the synthetic county tell of a household.

All of it was recorded before; when it is published is another matter. Whose child somebody is may
be known to nobody else.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from schemas.values import EventType
from services.sandbox.county_people import PREGNANCY_DAYS, Resident
from services.sandbox.county_places import Places
from services.sandbox.county_reports import Report, Scene, Told, moment

_BOOKED_IN_WEEK = 9
_FLAGGED = 0.06
_AUTHORITY = "860"


def registrations(places: Places, scene: Scene) -> Iterator[Report]:
    """Everybody of a household, who is whose child, and the pregnancy that is booked."""
    if places.registration is None:
        return
    home = scene.home
    elsewhere = {one.child.nhs_number: one for one in home.children_elsewhere}
    for who in home.residents:
        one = elsewhere.get(who.nhs_number)
        record = _record(who, scene)
        if one is not None:
            place: Told = {"lines": ["2 Elsewhere Road"], "postcode": one.postcode}
            record["address"] = {**place, "district": one.district.code}
        visitors = one.district.health_visitors if one else home.district.health_visitors
        yield _registered(places.registration, who, record, scene, visitors)
    for parent, child in _families(scene):
        yield _linked(places.registration, parent, child, scene)
    yield from _booking(places, scene)


def change_of_practice(places: Places, scene: Scene) -> Report:
    """Somebody has registered with another practice, some days ago or just now.

    Officers and receptionists may go on typing the former one.
    """
    home = scene.home
    who = scene.chance.choice((home.mother, *home.children))
    record = _identity(who) | {"gp_practice": scene.chance.choice(home.district.practices)}
    recorded = scene.earlier(1, 2880) - timedelta(seconds=scene.number % 60)
    publisher = places.registration or ""
    return _report_of(publisher, who, {"person": record, "recorded_at": moment(recorded)}, recorded)


def _registered(
    publisher: str, who: Resident, record: Told, scene: Scene, visitors: str | None
) -> Report:
    recorded = scene.at - timedelta(
        days=scene.chance.randint(30, 700), seconds=scene.number % 86_400, milliseconds=0
    )
    data: Told = {"person": record, "recorded_at": moment(recorded)}
    age = who.age(scene.on)
    if age < 5 and visitors is not None:
        data["health_visiting_team"] = visitors
    if age < 18 and scene.happens(_FLAGGED):
        kind = scene.chance.choice(("child_protection", "child_in_need", "looked_after"))
        since = (recorded - timedelta(days=10)).date().isoformat()
        flag: Told = {"kind": kind, "state": "active", "from": since, "authority": _AUTHORITY}
        data["flags"] = [flag]
    return _report_of(publisher, who, data, recorded)


def _report_of(publisher: str, who: Resident, data: Told, recorded: datetime) -> Report:
    at = str(recorded.replace(microsecond=0))
    references = ("person", who.nhs_number, at)
    return Report(publisher, EventType.REGISTRATION_PERSON, references, data)


def _identity(who: Resident) -> Told:
    return {
        "ref": "person",
        "role": "patient",
        "nhs_number": who.nhs_number,
        "nhs_number_status": "verified",
        "name": {"given": who.given, "family": who.family},
        "date_of_birth": who.date_of_birth.isoformat(),
        "sex": who.sex,
    }


def _record(who: Resident, scene: Scene) -> Told:
    home = scene.home
    record = _identity(who) | {
        "address": {
            "lines": list(home.lines),
            "postcode": home.postcode,
            "district": home.district.code,
        },
        "address_restricted": home.is_restricted,
        "gp_practice": who.practice,
    }
    if who.school is not None and who.is_at_school(scene.on):
        school: Told = {"type": who.school.type}
        if who.school.urn is not None:
            school["urn"] = who.school.urn
        record["school"] = school
    return record


def _families(scene: Scene) -> Iterator[tuple[Resident, Resident]]:
    """Parents and children; a partner who has moved out is the father as often as not."""
    home = scene.home
    for child in home.children:
        yield home.mother, child
    for one in home.children_elsewhere:
        yield one.parent, one.child


def _linked(publisher: str, parent: Resident, child: Resident, scene: Scene) -> Report:
    data: Told = {
        "from": parent.nhs_number,
        "to": child.nhs_number,
        "is": "parent",
        "recorded_at": moment(scene.at - timedelta(days=scene.chance.randint(1, 700))),
    }
    references = ("family-link", *sorted((parent.nhs_number, child.nhs_number)))
    return Report(publisher, EventType.REGISTRATION_FAMILY_LINK, references, data)


def _booking(places: Places, scene: Scene) -> Iterator[Report]:
    """The pregnancy of the mother, once it is old enough to be booked."""
    home = scene.home
    due = home.mother.due_on(scene.on)
    if due is None or home.booked_with is None:
        return
    begun = due - timedelta(days=PREGNANCY_DAYS)
    if scene.on < begun + timedelta(weeks=_BOOKED_IN_WEEK):
        return
    latest = (scene.on - begun).days - 1
    days = scene.chance.randint(min(7 * (_BOOKED_IN_WEEK - 1), latest), min(90, latest))
    booked = datetime.combine(begun + timedelta(days=days), scene.at.timetz())
    pregnancy_id = f"MAT-{home.mother.nhs_number[3:]}-{due:%y%m%d}"
    data: Told = {
        "pregnancy_id": pregnancy_id,
        "provider": home.booked_with,
        "booked_at": moment(booked),
        "expected_due_date": due.isoformat(),
        "mother": _record(home.mother, scene) | {"ref": "mother", "pregnant": "yes"},
    }
    publisher = places.maternity[home.booked_with]
    yield Report(publisher, EventType.MATERNITY_BOOKING, (pregnancy_id,), data)
