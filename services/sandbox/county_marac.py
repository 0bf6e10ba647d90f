"""Outcomes of the synthetic county's multi-agency risk assessment conferences."""

from datetime import timedelta

from schemas.values import EventType, Service
from services.sandbox.county_maternity import unborn
from services.sandbox.county_places import Places
from services.sandbox.county_reports import Report, Scene, Told, person

_CRITERIA = ("visible_high_risk", "professional_judgement", "potential_escalation")
_ACTIONS = {
    Service.MIDWIFERY: "Synthetic: midwife to update the birth plan",
    Service.HEALTH_VISITING: "Synthetic: health visitor to bring the next contact forward",
}


def marac_outcome(places: Places, scene: Scene) -> Report:
    """What a conference concluded about a household."""
    case_number = f"MARAC-{scene.number:05d}"
    met_on = (scene.on - timedelta(days=scene.chance.randint(0, 2))).isoformat()
    data: Told = {
        "case_number": case_number,
        "marac": "Synthetic County",
        "met_on": met_on,
        "repeat": scene.happens(0.3),
        "criteria": [scene.chance.choice(_CRITERIA)],
        "flag_until": (scene.on + timedelta(days=365)).isoformat(),
        "risk_summary": "Synthetic: high risk; a protective order is in place.",
        "people": list(_people(scene)),
        "actions": list(_actions(scene)),
    }
    return Report(places.marac, EventType.MARAC_OUTCOME, (case_number, met_on), data)


def _people(scene: Scene) -> list[Told]:
    home = scene.home
    refs = [f"child{number}" for number in range(1, len(scene.children) + 1)]
    people = [person("victim", "victim", home.mother, scene, children=refs)]
    if scene.pregnancy is not None and scene.happens(0.3):
        people = [*unborn(scene, "victim")]
    for ref, child in zip(refs, scene.children, strict=True):
        people.append(person(ref, "child_elsewhere", child, scene))
    if home.partner is not None:
        people.append(person("accused", "alleged_perpetrator", home.partner, scene))
    return people


def _actions(scene: Scene) -> list[Told]:
    """One action for midwives if she is expecting, one for health visitors if a child is young."""
    home = scene.home
    concerned = {
        Service.MIDWIFERY: scene.pregnancy is not None,
        Service.HEALTH_VISITING: any(child.age(scene.on) < 5 for child in scene.children),
    }
    return [
        {
            "id": str(number),
            "text": _ACTIONS[service],
            "service": service.value,
            "organisation": home.district.organisations[service],
            "due_on": (scene.on + timedelta(days=scene.chance.randint(3, 14))).isoformat(),
            "status": "open",
        }
        for number, service in enumerate(_ACTIONS, start=1)
        if concerned[service] and service in home.district.organisations
    ]
