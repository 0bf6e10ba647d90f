"""What children's social care of the synthetic county tells: referrals, conferences, plans."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial

from routing_rules.decision import Json
from schemas.values import EventType, Service
from services.sandbox.county_maternity import unborn
from services.sandbox.county_places import Places
from services.sandbox.county_register import AUTHORITY, flagged
from services.sandbox.county_reports import Report, Scene, Step, Told, moment, person, told_in_turn
from services.sandbox.county_residents import Resident

_CATEGORIES = ("neglect", "emotional", "physical", "sexual")
_INVITED = (
    Service.GP,
    Service.HEALTH_VISITING,
    Service.SCHOOL_NURSING,
    Service.MIDWIFERY,
    Service.CAMHS,
    Service.ADULT_MENTAL_HEALTH,
    Service.LOOKED_AFTER_HEALTH,
    Service.PAEDIATRIC_LIAISON,
)
_BY_NAME = 0.2
_ANSWERS = ("attending", "report_sent", "apology", "awaited", "awaited")
_DECISIONS = ("plan_started", "plan_continued", "plan_ended", "no_plan", "adjourned")
_PLANS = ("child_protection", "child_protection", "child_in_need", "looked_after")


def social_care(places: Places, scene: Scene) -> Report | None:
    """A referral, a conference, a plan that changed, or an assessment; of somebody's children."""
    publisher = places.social_care
    if publisher is None or not (scene.children or scene.pregnancy):
        return None
    drawn = scene.chance.random()
    if drawn < 0.35:
        return referral(publisher, scene)
    if drawn < 0.65:
        return conference(places, publisher, scene)
    if drawn < 0.9 or not scene.children:
        return status(places, publisher, scene)
    return exploitation(publisher, scene, scene.chance.choice(scene.children))


def referral(publisher: str, scene: Scene) -> Report:
    """A copy of a referral; what it means for the child is left blank now and then."""
    organisations = sorted(set(scene.home.district.organisations.values()) - {AUTHORITY, "MASH"})
    reference = f"MARF-{scene.number:06d}"
    data: Told = {
        "referral_id": reference,
        "referred_at": moment(scene.earlier(10, 600)),
        "referred_by": scene.chance.choice(organisations) if organisations else "RJE",
        "referred_to": scene.chance.choice(("first_response", "mash")),
        "categories": [scene.chance.choice(_CATEGORIES)],
        "people": list(_family(scene)),
    }
    if scene.happens(0.8):
        data["household"] = "Synthetic: mother and children live together."
    if scene.happens(0.7):
        data["analysis_of_risk"] = "Synthetic: what it means for the children."
    return Report(publisher, EventType.SOCIAL_CARE_REFERRAL, (reference,), data)


def conference(
    places: Places, publisher: str, scene: Scene, services: Sequence[str] = ()
) -> Report:
    """An invitation, the answers to it, what the conference decides, and the plan after it."""
    reference = f"CPC-{scene.number:06d}"
    kind = "pre_birth" if scene.pregnancy and scene.happens(0.5) else "initial"
    invited = services or [s.value for s in _INVITED if scene.happens(0.55)] or ["gp"]
    named = _named(scene) if not services and scene.happens(_BY_NAME) else {}
    people: list[Json] = list(_family(scene, unborn_too=kind == "pre_birth" or not scene.children))
    meets = scene.at + timedelta(days=scene.chance.randint(10, 15))
    data: Told = {
        "conference_id": reference,
        "conference": kind,
        "invited_on": scene.on.isoformat(),
        "conference_at": moment(meets),
        "response_due_on": (scene.on + timedelta(days=2)).isoformat(),
        "authority": AUTHORITY,
        "people": people,
        "invitees": _invitees(invited, named, lambda: "awaited"),
    }
    if scene.happens(0.9):
        data["report_due_on"] = (meets.date() - timedelta(days=2)).isoformat()
    invitation = Report(publisher, EventType.CONFERENCE_INVITATION, (reference,), data)

    def answered(then: Scene) -> Report:
        answers = _invitees(invited, named, lambda: then.chance.choice(_ANSWERS))
        told = {**data, "status": "updated", "invitees": answers}
        return Report(publisher, EventType.CONFERENCE_INVITATION, (reference,), told)

    decision = scene.chance.choice(_DECISIONS)
    steps: list[Step] = [
        (scene.days(1, 3), answered),
        (scene.days(8, 11), partial(outcome, publisher, people, reference, decision)),
    ]
    if scene.children and decision in {"plan_started", "plan_ended"}:
        change = decision.removeprefix("plan_")
        steps.append((scene.days(0, 2), lambda then: status(places, publisher, then, change)))
    return told_in_turn(scene, invitation, *steps)


def _invitees(
    invited: Sequence[str], named: Mapping[str, str], answer: Callable[[], str]
) -> list[Json]:
    names = {service: {"recipient": name} for service, name in named.items()}
    return [
        {"service": service, "answer": answer(), **names.get(service, {})} for service in invited
    ]


def _named(scene: Scene) -> Mapping[str, str]:
    """Whom an invitation names: rightly, or a team of elsewhere, or one that nobody knows."""
    practices = (scene.home.mother.practice, "Y90001", "Y99999")
    return {
        "midwifery": scene.chance.choice(("RJE:midwifery", "RJF:midwifery", "RXX:midwifery")),
        "gp": f"{scene.chance.choice(practices)}:gp",
    }


def outcome(
    publisher: str, people: list[Json], reference: str, decision: str, scene: Scene
) -> Report:
    """What a conference decided about them."""
    data: Told = {
        "conference_id": reference,
        "held_on": scene.on.isoformat(),
        "decision": decision,
        "plan": "child_protection",
        "authority": AUTHORITY,
        "categories": [scene.chance.choice(_CATEGORIES)],
        "people": [*people],
    }
    return Report(publisher, EventType.CONFERENCE_OUTCOME, (reference,), data)


def status(
    places: Places, publisher: str, scene: Scene, change: str = "", plan: str = ""
) -> Report:
    """A plan starts, changes or ends, of one child or an unborn one; a flag follows."""
    of_unborn = scene.pregnancy is not None and (not scene.children or scene.happens(0.25))
    plan = plan or ("unborn_plan" if of_unborn else scene.chance.choice(_PLANS))
    change = change or scene.chance.choice(("started", "started", "changed", "ended"))
    who = scene.home.mother if plan == "unborn_plan" else scene.chance.choice(scene.children)
    reference, day = f"PLAN-{scene.number:06d}", scene.on.isoformat()
    data: Told = {
        "plan_reference": reference,
        "changed_on": day,
        "plan": plan,
        "change": change,
        "authority": AUTHORITY,
        "categories": [scene.chance.choice(_CATEGORIES)],
        "people": list(_of_plan(scene, who)),
    }
    report = Report(publisher, EventType.CHILD_STATUS, (reference, day), data)
    if places.registration is None:
        return report
    state = "ended" if change == "ended" else "active"
    flag = partial(flagged, places, who, kind=plan, state=state)
    return told_in_turn(scene, report, (scene.days(0, 2), flag))


def exploitation(publisher: str, scene: Scene, who: Resident) -> Report:
    """A child was assessed for exploitation."""
    reference = f"CSE-{scene.number:06d}"
    data: Told = {
        "assessment_id": reference,
        "assessed_on": scene.on.isoformat(),
        "exploitation": [scene.chance.choice(("sexual", "criminal"))],
        "risk": scene.chance.choice(("low", "medium", "high", "not_assessed")),
        "authority": AUTHORITY,
        "people": [person("child1", "child_elsewhere", who, scene)],
    }
    return Report(publisher, EventType.EXPLOITATION_RISK, (reference,), data)


def _of_plan(scene: Scene, who: Resident) -> Iterator[Told]:
    """The child whose plan it is, and a brother or sister; or the unborn child and its mother."""
    if who == scene.home.mother:
        yield from unborn(scene, "parent")
        return
    yield person("child1", "child_elsewhere", who, scene)
    others = [child for child in scene.children if child != who]
    if others and scene.happens(0.4):
        yield person("sibling1", "sibling", others[0], scene)


def _family(scene: Scene, *, unborn_too: bool = False) -> Iterator[Told]:
    for number, child in enumerate(scene.children, start=1):
        yield person(f"child{number}", "child_elsewhere", child, scene)
    if unborn_too:
        yield from unborn(scene, "parent")
    else:
        yield person("parent", "parent", scene.home.mother, scene)
