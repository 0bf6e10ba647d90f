"""What the register of the synthetic county tells of a household.

All of it was recorded before; when it is published is another matter. Whose child somebody is may
be known to nobody else.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from schemas.values import EventType
from services.sandbox.county_places import Places
from services.sandbox.county_reports import Report, Scene, Told, moment
from services.sandbox.county_residents import Pregnancy, Resident

_FLAGGED = 0.06
AUTHORITY = "860"


def registrations(places: Places, scene: Scene) -> Iterator[Report]:
    """Everybody of a household who is born, and who is whose child."""
    if places.registration is None:
        return
    home = scene.home
    elsewhere = {one.child.nhs_number: one for one in home.children_elsewhere}
    partner = () if home.partner is None else (home.partner,)
    others = (one.child for one in home.children_elsewhere)
    for who in (home.mother, *partner, *scene.children, *others):
        one = elsewhere.get(who.nhs_number)
        record = record_of(who, scene)
        if one is not None:
            place: Told = {"lines": ["2 Elsewhere Road"], "postcode": one.postcode}
            record["address"] = {**place, "district": one.district.code}
        visitors = one.district.health_visitors if one else home.district.health_visitors
        yield _registered(places.registration, who, record, scene, visitors)
    for parent, child in _families(scene):
        yield _linked(places.registration, parent, child, scene)


def newborn(places: Places, who: Resident, scene: Scene) -> Report:
    """A baby that was born there some days ago."""
    recorded = scene.earlier(1, 600)
    data: Told = {"person": record_of(who, scene), "recorded_at": moment(recorded)}
    if scene.home.district.health_visitors is not None:
        data["health_visiting_team"] = scene.home.district.health_visitors
    return _report_of(places.registration or "", who, data, recorded)


def mother_of(places: Places, who: Resident, scene: Scene) -> Report:
    """Whose baby it is."""
    return _linked(places.registration or "", scene.home.mother, who, scene)


def father_of_unborn(
    places: Places, pregnancy: Pregnancy, father: Resident, scene: Scene, *, status: str = "new"
) -> Report:
    """Whose child is expected, as a register tells it that knows only the pregnancy by name."""
    data: Told = {
        "from": father.nhs_number,
        "to": pregnancy.pregnancy_id,
        "is": "parent",
        "recorded_at": moment(scene.at),
        "status": status,
    }
    references = (father.nhs_number, pregnancy.pregnancy_id)
    return Report(places.registration or "", EventType.REGISTRATION_FAMILY_LINK, references, data)


def flagged(places: Places, who: Resident, scene: Scene, *, kind: str, state: str) -> Report:
    """A local authority's flag of somebody, which is set from yesterday on, or has ended."""
    recorded = scene.earlier(1, 600)
    since = (recorded - timedelta(days=1)).date().isoformat()
    flag: Told = {"kind": kind, "state": state, "from": since, "authority": AUTHORITY}
    data: Told = {"person": _identity(who), "recorded_at": moment(recorded), "flags": [flag]}
    return _report_of(places.registration or "", who, data, recorded)


def second_record(places: Places, who: Resident, scene: Scene) -> Report:
    """Somebody is registered anew by mistake, under a number of their own."""
    number = scene.home.duplicates[who.nhs_number]
    record = record_of(who, scene) | {"nhs_number": number}
    record["gp_practice"] = scene.chance.choice(scene.home.district.practices)
    recorded = scene.earlier(600, 4000)
    data: Told = {"person": record, "recorded_at": moment(recorded)}
    return _report_of(places.registration or "", replace(who, nhs_number=number), data, recorded)


def changed_identity(
    places: Places, from_: str, to: str | None, scene: Scene, *, reason: str
) -> Report:
    """One number gives way to another, or is parted from it again, or is protected from now on."""
    recorded = scene.earlier(1, 60)
    data: Told = {"from": from_, "reason": reason, "recorded_at": moment(recorded)}
    if to is not None:
        data["to"] = to
    references = (from_, str(recorded.replace(microsecond=0)))
    return Report(places.registration or "", EventType.REGISTRATION_IDENTITY, references, data)


def change_of_practice(places: Places, scene: Scene) -> Report:
    """Somebody has registered with another practice, some days ago or just now.

    Officers and receptionists may go on typing the former one.
    """
    home = scene.home
    who = scene.chance.choice((home.mother, *scene.children))
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
        flag: Told = {"kind": kind, "state": "active", "from": since, "authority": AUTHORITY}
        data["flags"] = [flag]
    return _report_of(publisher, who, data, recorded)


def _report_of(publisher: str, who: Resident, data: Told, recorded: datetime) -> Report:
    at = str(recorded.replace(microsecond=0))
    references = (who.nhs_number, at)
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


def record_of(who: Resident, scene: Scene) -> Told:
    """What the register holds of somebody who lives there."""
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
    for child in scene.children:
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
    references = tuple(sorted((parent.nhs_number, child.nhs_number)))
    return Report(publisher, EventType.REGISTRATION_FAMILY_LINK, references, data)
