"""What the synthetic county's services of the community tell: contacts, moves, plans, absences."""

from collections.abc import Callable
from datetime import timedelta

from routing_rules.decision import Json
from schemas.values import EventType
from services.sandbox.county_places import Places
from services.sandbox.county_register import AUTHORITY
from services.sandbox.county_reports import Report, Scene, Told, moment, person, told_in_turn
from services.sandbox.county_residents import Resident

_RECORDED = ("yes", "no", "not_recorded")
_OFTEN_YES = (80, 12, 8)
_CONSENT = ("given", "refused", "not_sought_unsafe", "not_recorded")
_CLINIC = ("sexual_health", "emergency_contraception", "exploitation", "self_harm")
_ELSEWHERE = ("worrying_encounter", "young_carer", "worse_while_waiting", "bruising", "head_injury")
_SETTINGS = ("gp", "health_visiting", "school_nursing", "camhs", "paediatrics")


def community(places: Places, scene: Scene) -> Report | None:
    """One of the things that services of the community see; None where there is nobody for it."""
    kinds: dict[str, tuple[Callable[[str, Scene], Report | None], int]] = {
        "community": (_seen_in_the_community, 70),
        "sexual-health": (_clinic, 10),
        "looked-after": (_looked_after, 8),
        "mental-health": (_of_an_adult, 12),
    }
    have = [name for name in kinds if name in places.community]
    if not have:
        return None
    [name] = scene.chance.choices(have, [kinds[each][1] for each in have])
    if name == "community" and scene.happens(0.2):
        return _moved(places.community[name], places, scene)
    return kinds[name][0](places.community[name], scene)


def _seen_in_the_community(publisher: str, scene: Scene) -> Report | None:
    if not scene.children:
        return None
    if scene.happens(0.5):
        return not_brought(publisher, scene, scene.chance.choice(scene.children))
    return contact(publisher, scene, scene.chance.choice(scene.children))


def contact(publisher: str, scene: Scene, who: Resident, concern: str = "") -> Report:
    """A child is seen at a practice, a clinic or at home, and something is noticed."""
    age = who.age(scene.on)
    noticed = scene.chance.choice(_ELSEWHERE) if scene.happens(0.6) else None
    if (age < 8 and noticed == "young_carer") or (age > 2 and noticed == "bruising"):
        noticed = "worrying_encounter"
    noticed = concern or noticed
    data = _contact(publisher, scene, who) | {
        "setting": scene.chance.choice(_SETTINGS),
        "concerns": [noticed] if noticed else [],
    }
    if noticed == "bruising":
        data["mobile"] = scene.chance.choice(("yes", "no", "unknown"))
    return Report(publisher, EventType.COMMUNITY_CONTACT, (str(data["contact_id"]),), data)


def _clinic(publisher: str, scene: Scene) -> Report | None:
    """A young person comes to a sexual-health clinic, which asks what it must ask, or forgets."""
    young = [child for child in scene.children if child.age(scene.on) >= 12]
    return seen_at_clinic(publisher, scene, scene.chance.choice(young)) if young else None


def seen_at_clinic(publisher: str, scene: Scene, who: Resident) -> Report:
    """A young person is seen at a sexual-health clinic."""
    data = _contact(publisher, scene, who) | {
        "setting": "sexual_health",
        "concerns": [scene.chance.choice(_CLINIC)],
        "fraser_assessed": scene.chance.choices(_RECORDED, _OFTEN_YES)[0],
        "exploitation_tool": scene.chance.choices(
            ("negative", "positive", "not_recorded"), _OFTEN_YES
        )[0],
    }
    return Report(publisher, EventType.COMMUNITY_CONTACT, (str(data["contact_id"]),), data)


def _contact(publisher: str, scene: Scene, who: Resident) -> Told:
    mother = person("parent", "parent", scene.home.mother, scene, children=("patient",))
    return {
        "contact_id": f"CON-{scene.number:06d}",
        "contact_at": moment(scene.earlier(5, 400)),
        "provider": provider_of(publisher),
        "patient": person("patient", "patient", who, scene),
        "people": [mother] if scene.happens(0.5) else [],
    }


def not_brought(publisher: str, scene: Scene, who: Resident) -> Report:
    """A child was not brought, or an adult did not come."""
    reference = f"APP-{scene.number:06d}"
    is_adult = who.age(scene.on) >= 18
    day = scene.on - timedelta(days=scene.chance.randint(0, 3))
    setting = "adult_mental_health" if is_adult else scene.chance.choice(_SETTINGS)
    data: Told = {
        "appointment_id": reference,
        "appointment_on": day.isoformat(),
        "provider": provider_of(publisher),
        "setting": setting,
        "missed": "did_not_attend" if is_adult else "was_not_brought",
        "first_appointment": scene.chance.choice(("yes", "no", "unknown")),
        "missed_in_12_months": scene.chance.randint(1, 4),
        "caring_responsibilities": scene.chance.choice(_RECORDED),
        "safeguarding_marker": scene.chance.choices(_RECORDED, (15, 75, 10))[0],
        "patient": person("patient", "patient", who, scene),
        "people": _family_of(who, scene) if scene.happens(0.5) else [],
    }
    return Report(publisher, EventType.NOT_BROUGHT, (reference,), data)


def _family_of(who: Resident, scene: Scene) -> list[Json]:
    """The children of an adult who did not come; mother, brothers and sisters of a child."""
    others = [child for child in scene.children if child != who]
    role = "dependant" if who == scene.home.mother else "sibling"
    children: list[Json] = [
        person(f"child{number}", role, child, scene) for number, child in enumerate(others, start=1)
    ]
    if who == scene.home.mother:
        return children
    return [person("parent", "parent", scene.home.mother, scene, children=("patient",)), *children]


def _of_an_adult(publisher: str, scene: Scene) -> Report:
    if scene.happens(0.5):
        return not_brought(publisher, scene, scene.home.mother)
    return relapse_plan(publisher, scene)


def relapse_plan(publisher: str, scene: Scene, consent: str = "") -> Report:
    """How a mother's relapse shows; consent to share it is given, refused, or taken back later."""
    reference, day = f"REL-{scene.number:06d}", scene.on.isoformat()
    consent = consent or scene.chance.choices(_CONSENT, (55, 20, 10, 15))[0]
    children = scene.children if scene.happens(0.5) else ()
    refs = [f"child{number}" for number in range(1, len(children) + 1)]
    data: Told = {
        "plan_id": reference,
        "agreed_on": day,
        "provider": provider_of(publisher),
        "plan": scene.chance.choice(("mental_health", "mental_health", "substance_misuse")),
        "consent": consent,
        "crisis": scene.chance.choices(("no", "yes", "unknown"), (75, 10, 15))[0],
        "caring_responsibilities": scene.chance.choices(_RECORDED, (60, 20, 20))[0],
        "indicators": "Synthetic: signs of relapse",
        "contingency": "Synthetic: what helps",
        "patient": person("patient", "patient", scene.home.mother, scene, children=refs),
        "people": [
            person(ref, "dependant", child, scene)
            for ref, child in zip(refs, children, strict=True)
        ],
    }
    if consent == "refused" and scene.happens(0.3):
        data["override_reason"] = "Synthetic: a child would be at risk."
    report = Report(publisher, EventType.RELAPSE_PLAN, (reference, day), data)
    if consent != "given" or not scene.happens(0.2):
        return report
    refused = Report(
        publisher,
        EventType.RELAPSE_PLAN,
        (reference, day),
        {**data, "status": "updated", "consent": "refused"},
    )
    return told_in_turn(scene, report, (scene.days(1, 6), lambda _then: refused))


def _moved(publisher: str, places: Places, scene: Scene) -> Report | None:
    if not scene.children:
        return None
    [reason] = scene.chance.choices(
        ("move", "family_nurse_graduation", "school_entry"), (75, 10, 15)
    )
    here = tuple(district.code for district in places.districts)
    return transfer_in(
        publisher, scene, reason, scene.chance.choice((*here, places.former_district))
    )


def transfer_in(publisher: str, scene: Scene, reason: str, former: str | None) -> Report:
    """A family has moved into its district, or passes from one kind of team to another."""
    reference = f"MOVE-{scene.number:06d}"
    data: Told = {
        "transfer_id": reference,
        "reason": reason,
        "effective_on": scene.on.isoformat(),
        "to_district": scene.home.district.code,
        "people": [
            *(
                person(f"child{number}", "child_elsewhere", child, scene)
                for number, child in enumerate(scene.children, start=1)
            ),
            person("parent", "parent", scene.home.mother, scene),
        ],
    }
    if reason == "move":
        data["records_sent"] = scene.chance.choice(_RECORDED)
        if former is not None and scene.happens(0.9):
            data["from_district"] = former
    return Report(publisher, EventType.TRANSFER_IN, (reference,), data)


def _looked_after(publisher: str, scene: Scene) -> Report | None:
    if not scene.children:
        return None
    return assessment_due(publisher, scene, scene.chance.choice(scene.children))


def assessment_due(publisher: str, scene: Scene, who: Resident) -> Report:
    """A looked-after child's health assessment is due."""
    reference = f"HA-{scene.number:06d}"
    data: Told = {
        "assessment_id": reference,
        "assessment": scene.chance.choice(("initial", "review", "review")),
        "due_on": (scene.on + timedelta(days=scene.chance.randint(10, 60))).isoformat(),
        "authority": AUTHORITY,
        "strengths_and_difficulties": scene.chance.choice(_RECORDED),
        "patient": person("patient", "patient", who, scene),
        "people": [],
    }
    return Report(publisher, EventType.ASSESSMENT_DUE, (reference,), data)


def provider_of(publisher: str) -> str:
    """The organisation that `r1e-community` publishes for."""
    return publisher.partition("-")[0].upper()
