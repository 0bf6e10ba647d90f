"""A family of the synthetic county that no register knows at first; it has every kind of child."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from routing_rules.decision import Json
from services.sandbox.county_community import (
    assessment_due,
    contact,
    not_brought,
    relapse_plan,
    seen_at_clinic,
    transfer_in,
)
from services.sandbox.county_emergency import departed_from
from services.sandbox.county_marac import marac_outcome
from services.sandbox.county_maternity import appointment_missed, concern, unborn
from services.sandbox.county_onward import sent_on
from services.sandbox.county_places import Places
from services.sandbox.county_police import domestic_abuse
from services.sandbox.county_register import flagged, mother_of, newborn
from services.sandbox.county_reports import Report, Scene, person, saying
from services.sandbox.county_residents import Resident
from services.sandbox.county_social_care import conference, exploitation, outcome, referral, status

Tell = Callable[[Places, Scene], Report]
"""What is told of such a family; the county has every publisher that it needs."""
_EVERYBODY = (
    "gp",
    "health-visiting",
    "school-nursing",
    "midwifery",
    "camhs",
    "adult-mental-health",
    "looked-after-health",
    "paediatric-liaison",
)
_WITHOUT_SCHOOL = ("Anise", "Basil")
_OFTEN = 4
_WORRIES = ("fgm", "unborn_alert", "mental_health", "delayed_discharge")


def strangers() -> Iterator[Tell]:
    """What happens while nobody knows them: reports are all there is."""
    yield lambda p, s: saying(domestic_abuse(p, s), people=_family(s, "victim"))
    yield lambda p, s: saying(marac_outcome(p, s), people=_family(s, "victim"))
    yield from _seen_in_departments()
    yield from _of_community()
    yield from _of_social_care()
    yield _in_pregnancy
    yield _not_at_her_appointment


def known_at_last() -> Iterator[Tell]:
    """The register tells of them, with plans; then only their mother is named."""
    for given in ("Anise", "Basil", "Clove", "Dill", "Eddo", "Quill", "Rowan", "Sorrel"):
        yield partial(_registered, given=given)
        yield partial(_linked, given=given)
    plans = {"Dill": "looked_after", "Fern": "child_in_need"}
    for given in (*_WITHOUT_SCHOOL, "Eddo", "Quill", "Rowan", *plans):
        kind = plans.get(given, "child_protection")
        yield partial(_flagged, given=given, kind=kind)
    yield lambda p, s: saying(_seen(p, s, s.home.mother, "overdose"), people=[])
    for given in _WITHOUT_SCHOOL:
        yield partial(_seen_child, given=given, concerns=("head_injury",))
    yield partial(_seen_child, given="Dill", concerns=("self_harm",))
    for given in (*_WITHOUT_SCHOOL, "Eddo", "Dill"):
        yield partial(_contact, given=given, concerns=("worrying_encounter",))
        yield partial(_not_brought, given=given)
    yield lambda p, s: _missed(p, s, s.home.mother, "mental-health")
    yield lambda p, s: _relapse_plan(p, s, "given", people=[])
    yield partial(_exploitation, given="Dill")


def days_ago(scene: Scene) -> Scene:
    """A scene of some days before: what the register tells now, it recorded then."""
    return replace(scene, at=scene.at - timedelta(days=5))


def _family(scene: Scene, role: str) -> list[Json]:
    """The mother in a role, her unborn child, and all the others."""
    children: list[Json] = [
        person(f"child{number}", "child_elsewhere", each, scene)
        for number, each in enumerate(scene.children, start=1)
    ]
    return [*unborn(scene, role), *children]


def child(scene: Scene, given: str) -> Resident:
    """The child of that name."""
    return next(each for each in scene.children if each.given == given)


def _seen(places: Places, scene: Scene, who: Resident, *concerns: str) -> Report:
    told = departed_from(places.sites[0], scene, who, concerns=concerns)
    return saying(
        told,
        category="unplanned_first",
        disposal="left_before_treatment",
        perceived_risk="high",
    )


def _seen_child(places: Places, scene: Scene, *, given: str, concerns: Sequence[str]) -> Report:
    return _seen(places, scene, child(scene, given), *concerns)


def _sent_on(places: Places, scene: Scene, *, given: str) -> Report:
    return sent_on(scene, child(scene, given), places.sites[0], places.sites[-1])


def _registered(places: Places, scene: Scene, *, given: str) -> Report:
    return newborn(places, child(scene, given), days_ago(scene))


def _linked(places: Places, scene: Scene, *, given: str) -> Report:
    return mother_of(places, child(scene, given), days_ago(scene))


def _flagged(places: Places, scene: Scene, *, given: str, kind: str) -> Report:
    who = child(scene, given)
    return flagged(places, who, days_ago(scene), kind=kind, state="active")


def _plan_of_all(places: Places, scene: Scene, *, change: str) -> Report:
    told = status(places, social_care_of(places), scene, change, "looked_after")
    return saying(told, people=_family(scene, "parent"))


def _moved(places: Places, scene: Scene, *, reason: str) -> Report:
    return transfer_in(places.community["community"], scene, reason, places.former_district)


def _not_brought(places: Places, scene: Scene, *, given: str) -> Report:
    return _missed(places, scene, child(scene, given), "community")


def _seen_in_departments() -> Iterator[Tell]:
    for given in _WITHOUT_SCHOOL:
        for _ in range(_OFTEN):
            yield partial(_seen_child, given=given, concerns=("dog_bite",))
    for given in (*_WITHOUT_SCHOOL, "Dill", "Eddo"):
        yield partial(_sent_on, given=given)
    seen = {"Clove": "burn", "Quill": "self_harm", "Eddo": "bruising", "Dill": "exploitation"}
    for given, concern_of in seen.items():
        yield partial(_seen_child, given=given, concerns=(concern_of,))
    yield partial(_seen_child, given="Fern", concerns=("emergency_contraception", "self_harm"))
    yield lambda p, s: saying(
        _seen(p, s, s.home.mother, "overdose", "fgm"),
        caring_responsibilities="yes",
        people=_dependants(s),
    )
    yield _mutilated


def _mutilated(places: Places, scene: Scene) -> Report:
    """A woman who is booked nowhere; her girls are with her."""
    told = _seen(places, scene, scene.home.mother, "fgm")
    patient = told.data["patient"]
    assert isinstance(patient, dict)  # noqa: S101 - as it was made
    return saying(told, patient={**patient, "pregnant": "possible"}, people=_dependants(scene))


def _dependants(scene: Scene) -> list[Json]:
    return [
        person(f"child{number}", "dependant", each, scene)
        for number, each in enumerate(scene.children, start=1)
    ]


def _of_social_care() -> Iterator[Tell]:
    yield lambda p, s: referral(social_care_of(p), s)
    for change in ("started", "ended"):
        yield partial(_plan_of_all, change=change)
    yield lambda p, s: status(p, social_care_of(p), s, "started", "unborn_plan")
    yield lambda p, s: saying(
        conference(p, social_care_of(p), s, _EVERYBODY), people=_family(s, "parent")
    )
    yield lambda p, s: outcome(
        social_care_of(p), _family(s, "parent"), f"CPC-{s.number}", "plan_started", s
    )
    for given in ("Anise", "Basil", "Clove"):
        yield partial(_exploitation, given=given)


def social_care_of(places: Places) -> str:
    """The publisher of social care."""
    return places.social_care or ""


def _exploitation(places: Places, scene: Scene, *, given: str) -> Report:
    return exploitation(social_care_of(places), scene, child(scene, given))


def _of_community() -> Iterator[Tell]:
    for reason in ("move", "family_nurse_graduation", "school_entry"):
        yield partial(_moved, reason=reason)
    for given in (*_WITHOUT_SCHOOL, "Dill"):
        for worry in ("young_carer", "worse_while_waiting"):
            yield partial(_contact, given=given, concerns=(worry,))
    yield partial(_contact, given="Eddo", concerns=("bruising",))
    yield partial(
        _contact,
        given="Fern",
        concerns=("emergency_contraception", "self_harm", "worse_while_waiting"),
    )
    yield lambda p, s: _at_clinic(p, s, "Fern")
    yield lambda p, s: saying(_at_clinic(p, s, "Fern"), provider=None)
    yield lambda p, s: saying(_at_clinic(p, s, "Dill"), exploitation_tool="not_recorded")
    yield lambda p, s: _relapse_plan(
        p, s, "given", people=_dependants(s), caring_responsibilities="yes"
    )
    yield lambda p, s: _relapse_plan(
        p, s, "not_recorded", people=[], caring_responsibilities="not_recorded"
    )
    yield lambda p, s: _missed(p, s, s.home.mother, "mental-health")
    for given in ("Anise", "Basil", "Clove", "Dill", "Eddo"):
        yield partial(_assessment, given=given)
    yield lambda p, s: saying(_assessment(p, s, given="Dill"), assessment="initial")


def _contact(places: Places, scene: Scene, *, given: str, concerns: Sequence[str]) -> Report:
    publisher = places.community["community"]
    told = contact(publisher, scene, child(scene, given), concerns[0])
    return saying(told, concerns=[*concerns])


def _at_clinic(places: Places, scene: Scene, given: str) -> Report:
    """Sexual health of somebody under thirteen, who is asked nothing that must be asked."""
    publisher = places.community["sexual-health"]
    told = seen_at_clinic(publisher, scene, child(scene, given))
    return saying(
        told,
        concerns=["sexual_health", "self_harm", "worse_while_waiting"],
        fraser_assessed="no",
        exploitation_tool="positive",
    )


def _relapse_plan(places: Places, scene: Scene, consent: str, **told: Json) -> Report:
    publisher = places.community["mental-health"]
    return saying(relapse_plan(publisher, scene, consent), **told)


def _missed(places: Places, scene: Scene, who: Resident, of: str) -> Report:
    publisher = places.community[of]
    told = not_brought(publisher, scene, who)
    return saying(
        told,
        appointment_on=scene.on.isoformat(),
        first_appointment="yes",
        safeguarding_marker="yes",
    )


def _assessment(places: Places, scene: Scene, *, given: str) -> Report:
    publisher = places.community["looked-after"]
    told = assessment_due(publisher, scene, child(scene, given))
    return saying(told, assessment="review", strengths_and_difficulties="no")


def _in_pregnancy(places: Places, scene: Scene) -> Report:
    return saying(concern(places, scene, scene.home.pregnancies[0], _WORRIES), risk_to_girls="yes")


def _not_at_her_appointment(places: Places, scene: Scene) -> Report:
    told = appointment_missed(places, scene, scene.home.pregnancies[0])
    return saying(told, missed_in_pregnancy=2, safeguarding_marker="yes")
