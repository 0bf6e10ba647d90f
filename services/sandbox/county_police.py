"""Police domestic-abuse notifications of the synthetic county."""

from dataclasses import replace
from datetime import datetime, timedelta

from routing_rules.decision import Json
from schemas.values import EventType
from services.sandbox.county_maternity import unborn
from services.sandbox.county_places import Places
from services.sandbox.county_reports import Report, Scene, Told, moment, person

_RISKS = ("standard", "medium", "high", "not_assessed")
_TYPES = ("physical", "coercive_control", "emotional", "threats", "damage", "stalking", "economic")
_SAFE_CONTACT = ("Do not telephone the home", "Text only, weekdays before 15:00", "By her sister")


_NAMES_UNBORN = 0.15
"""How often officers name the unborn child of a victim who is expecting."""


def domestic_abuse(places: Places, scene: Scene) -> Report:
    """An incident in a household; sometimes an update follows, or rarely a cancellation."""
    reference = f"STF/{scene.on.year}/{scene.number:06d}"
    happened = scene.earlier(20, 300)
    data: Told = {
        "police_reference": reference,
        "incident_at": moment(happened),
        "reported_at": moment(happened + timedelta(minutes=10)),
        "risk": scene.chance.choices(_RISKS, (45, 30, 18, 7))[0],
        "incident_types": list(scene.chance.sample(_TYPES, k=scene.chance.randint(1, 2))),
        "children_present": "yes" if scene.children else "no",
        "district": scene.home.district.code,
        "people": list(_people(scene)),
        "prior_incidents_12_months": scene.chance.choice((0, 0, 1, 2, 4)),
        "headline": "Synthetic: domestic abuse in the household.",
        "summary": "Synthetic: officers attended; everybody was safe when they left.",
        "narrative": "Synthetic narrative: shouting was heard by a neighbour.",
    }
    if scene.happens(0.6):
        data["safe_contact"] = scene.chance.choice(_SAFE_CONTACT)
    report = Report(places.police, EventType.POLICE_DOMESTIC_ABUSE, (reference,), data)
    return _later(report, scene)


def _people(scene: Scene) -> list[Told]:
    """The victim, the children, and whoever is accused, if known."""
    home = scene.home
    refs = [f"child{number}" for number in range(1, len(scene.children) + 1)]
    people = [person("victim", "victim", home.mother, scene, children=refs)]
    if scene.pregnancy is not None and scene.happens(_NAMES_UNBORN):
        people = [*unborn(scene, "victim")]
        links: list[Json] = [{"to": ref, "is": "parent"} for ref in refs]
        people[0]["relationships"] = links
    for ref, child in zip(refs, scene.children, strict=True):
        role = scene.chance.choices(
            ("child_present", "child_resident_not_present", "child_elsewhere"), (60, 30, 10)
        )[0]
        people.append(person(ref, role, child, scene))
    if home.partner is not None:
        people.append(person("accused", "alleged_perpetrator", home.partner, scene))
        if not home.partner_lives_here:
            people[-1]["address"] = {"district": home.district.code}
    return people


def _later(report: Report, scene: Scene) -> Report:
    """The report as it is first sent, and what is said later, if anything is."""
    told, first, changed = report.data, report.data, dict[str, Json]()
    drawn = scene.chance.random()
    if drawn < 0.12:
        changed = {"status": "updated", "risk": "high"}
    elif drawn < 0.15:
        changed = {"status": "cancelled"}
    elif drawn < 0.25 and scene.children:
        first = told | {"people": _without_youngest(told)}
        changed = {"status": "updated"}
    if not changed:
        return report

    def tell(_at: datetime) -> Report:
        return replace(report, data=told | changed)

    return replace(report, data=first, later=scene.later(20, 180, tell))


def _without_youngest(data: Told) -> list[Json]:
    """The people, but for a child of whom the officers hear only later."""
    people = data["people"]
    assert isinstance(people, list)  # noqa: S101 - as it was made
    children = [p for p in people if isinstance(p, dict) and str(p["ref"]).startswith("child")]
    left = [p for p in people if p is not children[-1]]
    victim = left[0]
    assert isinstance(victim, dict)  # noqa: S101 - as it was made
    links: list[Json] = [{"to": child["ref"], "is": "parent"} for child in children[:-1]]
    return [{**victim, "relationships": links}, *left[1:]]
