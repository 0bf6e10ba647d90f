"""A family of the synthetic county that no register knows at first; it has every kind of child."""

from collections.abc import Iterator
from functools import partial

from routing_rules.decision import Json
from services.sandbox.county_community import (
    assessment_due,
    seen_at_clinic,
    transfer_in,
)
from services.sandbox.county_marac import marac_outcome
from services.sandbox.county_maternity import appointment_missed, concern, unborn
from services.sandbox.county_onward import sent_on
from services.sandbox.county_places import Places
from services.sandbox.county_police import domestic_abuse
from services.sandbox.county_rare_tellings import (
    Tell,
    child,
    child_contacted,
    child_left_untreated,
    dependants,
    exploitation_of,
    left_untreated,
    missed,
    relapse_plan_of,
    social_care_of,
)
from services.sandbox.county_reports import Report, Scene, person, saying
from services.sandbox.county_social_care import conference, outcome, referral, status

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


def _family(scene: Scene, role: str) -> list[Json]:
    """The mother in a role, her unborn child, and all the others."""
    children: list[Json] = [
        person(f"child{number}", "child_elsewhere", each, scene)
        for number, each in enumerate(scene.children, start=1)
    ]
    return [*unborn(scene, role), *children]


def _sent_on(places: Places, scene: Scene, *, given: str) -> Report:
    return sent_on(scene, child(scene, given), places.sites[0], places.sites[-1])


def _plan_of_all(places: Places, scene: Scene, *, change: str) -> Report:
    told = status(places, social_care_of(places), scene, change, "looked_after")
    return saying(told, people=_family(scene, "parent"))


def _moved(places: Places, scene: Scene, *, reason: str) -> Report:
    return transfer_in(places.community["community"], scene, reason, places.former_district)


def _seen_in_departments() -> Iterator[Tell]:
    for given in _WITHOUT_SCHOOL:
        for _ in range(_OFTEN):
            yield partial(child_left_untreated, given=given, concerns=("dog_bite",))
    for given in (*_WITHOUT_SCHOOL, "Dill", "Eddo"):
        yield partial(_sent_on, given=given)
    seen = {
        "Clove": "burn",
        "Quill": "self_harm",
        "Eddo": "bruising",
        "Rowan": "bruising",
        "Dill": "exploitation",
    }
    for given, concern_of in seen.items():
        yield partial(child_left_untreated, given=given, concerns=(concern_of,))
    yield partial(
        child_left_untreated, given="Fern", concerns=("emergency_contraception", "self_harm")
    )
    yield lambda p, s: saying(
        left_untreated(p, s, s.home.mother, "overdose", "fgm"),
        caring_responsibilities="yes",
        people=dependants(s),
    )
    yield _mutilated


def _mutilated(places: Places, scene: Scene) -> Report:
    """A woman who is booked nowhere; her girls are with her."""
    told = left_untreated(places, scene, scene.home.mother, "fgm")
    patient = told.data["patient"]
    assert isinstance(patient, dict)  # noqa: S101 - as it was made
    return saying(told, patient={**patient, "pregnant": "possible"}, people=dependants(scene))


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
        yield partial(exploitation_of, given=given)


def _of_community() -> Iterator[Tell]:
    for reason in ("move", "family_nurse_graduation", "school_entry"):
        yield partial(_moved, reason=reason)
    for given in (*_WITHOUT_SCHOOL, "Dill"):
        for worry in ("young_carer", "worse_while_waiting"):
            yield partial(child_contacted, given=given, concerns=(worry,))
    for given in (*_WITHOUT_SCHOOL, "Dill", "Quill"):
        yield partial(_harms_itself, given=given)
    for worry in ("exploitation", "fgm", "unknown"):
        yield partial(child_contacted, given="Clove", concerns=(worry,))
    yield lambda p, s: saying(
        child_contacted(p, s, given="Eddo", concerns=("bruising",)), mobile="no"
    )
    yield partial(
        child_contacted,
        given="Fern",
        concerns=("emergency_contraception", "self_harm", "worse_while_waiting"),
    )
    yield lambda p, s: _at_clinic(p, s, "Fern")
    yield lambda p, s: saying(_at_clinic(p, s, "Fern"), provider=None)
    yield lambda p, s: saying(_at_clinic(p, s, "Dill"), exploitation_tool="not_recorded")
    yield lambda p, s: relapse_plan_of(
        p, s, "given", people=dependants(s), caring_responsibilities="yes"
    )
    yield lambda p, s: relapse_plan_of(
        p, s, "not_recorded", people=[], caring_responsibilities="not_recorded"
    )
    yield lambda p, s: missed(p, s, s.home.mother, "mental-health")
    for given in ("Anise", "Basil", "Clove", "Dill", "Eddo"):
        yield partial(_assessment, given=given)
    yield lambda p, s: saying(_assessment(p, s, given="Dill"), assessment="initial")


def _harms_itself(places: Places, scene: Scene, *, given: str) -> Report:
    told = child_contacted(places, scene, given=given, concerns=("self_harm",))
    return saying(told, setting="school_nursing")


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


def _assessment(places: Places, scene: Scene, *, given: str) -> Report:
    publisher = places.community["looked-after"]
    told = assessment_due(publisher, scene, child(scene, given))
    return saying(told, assessment="review", strengths_and_difficulties="no")


def _in_pregnancy(places: Places, scene: Scene) -> Report:
    return saying(concern(places, scene, scene.home.pregnancies[0], _WORRIES), risk_to_girls="yes")


def _not_at_her_appointment(places: Places, scene: Scene) -> Report:
    told = appointment_missed(places, scene, scene.home.pregnancies[0])
    return saying(told, missed_in_pregnancy=2, safeguarding_marker="yes")
