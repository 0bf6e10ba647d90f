"""Families of the synthetic county that expect a child, lose one, or are somebody else on paper."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from routing_rules.decision import Json
from services.sandbox.county_community import contact, not_brought, relapse_plan
from services.sandbox.county_emergency import departed_from
from services.sandbox.county_marac import marac_outcome
from services.sandbox.county_maternity import (
    appointment_missed,
    birth,
    booked_elsewhere,
    booking,
    concern,
    ended,
    transfer,
    unborn,
)
from services.sandbox.county_places import Places
from services.sandbox.county_police import domestic_abuse
from services.sandbox.county_rare_tellings import Tell, days_ago, social_care_of
from services.sandbox.county_register import changed_identity, flagged, mother_of, newborn
from services.sandbox.county_register import second_record as registered_again
from services.sandbox.county_reports import Report, Scene, moment, person, saying
from services.sandbox.county_residents import Pregnancy
from services.sandbox.county_social_care import conference, outcome, status


def expecting() -> Iterator[Tell]:
    """A plan for an unborn child; of the twins who are born one lives."""
    yield from _known()
    yield from _told_of_pregnancy("started")
    yield lambda p, s: flagged(p, s.home.mother, days_ago(s), kind="unborn_plan", state="active")
    yield lambda p, s: saying(_seen(p, s), concerns=["mental_health", "fgm"])
    yield _missed_appointment
    yield lambda p, s: _worried(p, s, "delayed_discharge", "unborn_alert")
    yield lambda p, s: _worried(p, s, "fgm")
    yield lambda p, s: booked_elsewhere(p, s, _pregnancy(s), _other_provider(p, s))
    yield lambda p, s: departed_from(p.sites[0], s, s.home.mother, concerns=("fgm",))
    yield _plan_of_mind
    yield _missed_of_mind
    yield _worrying
    yield lambda p, s: saying(_missed_of_mind(p, s), setting="camhs")
    yield lambda p, s: saying(birth(p, s, _pregnancy(s)), born_on=s.on.isoformat())
    yield lambda p, s: saying(
        transfer(p, s, _pregnancy(s)), child_protection_status="child_protection", ethnicity=None
    )
    yield lambda p, s: newborn(p, _pregnancy(s).babies[0].who, s)
    yield lambda p, s: mother_of(p, _pregnancy(s).babies[0].who, s)
    yield lambda p, s: departed_from(p.sites[0], s, _pregnancy(s).babies[0].who)


def bereaved() -> Iterator[Tell]:
    """A pregnancy of which much is told, and then it is lost."""
    yield from _known()
    yield from _told_of_pregnancy("started")
    yield lambda p, s: flagged(p, s.home.mother, days_ago(s), kind="unknown", state="active")
    yield _missed_appointment
    yield _seen
    yield lambda p, s: saying(_missed_of_mind(p, s), first_appointment="no")
    yield _worrying
    yield lambda p, s: saying(
        ended(p, s, _pregnancy(s)), outcome="miscarriage", ended_on=s.on.isoformat()
    )
    yield _seen
    yield _booked_corrected


def young() -> Iterator[Tell]:
    """A mother who is a girl herself, under a plan; her booking is corrected, then an error."""
    yield lambda p, s: flagged(
        p, s.home.mother, days_ago(s), kind="child_protection", state="active"
    )
    yield lambda p, s: departed_from(p.sites[0], s, s.home.mother, concerns=("fgm",))
    yield lambda p, s: saying(booking(p, s, _pregnancy(s)), booked_at=moment(s.at))
    yield lambda p, s: saying(_seen(p, s), concerns=["fgm"])
    yield _booked_corrected
    yield _seen
    yield lambda p, s: saying(booking(p, s, _pregnancy(s)), status="entered_in_error")
    yield _seen
    yield lambda p, s: _worried(p, s, "fgm", "young_parent")
    yield _worried_elsewhere
    for setting, cares in (
        ("perinatal_mental_health", "not_recorded"),
        ("substance_misuse", "yes"),
        ("adult_mental_health", "not_recorded"),
        ("camhs", "yes"),
    ):
        yield partial(_missed_as_a_parent, setting=setting, cares=cares)


def protected() -> Iterator[Tell]:
    """A child with two records, which are joined and parted; and one whom nothing may lead to."""
    yield from _known()
    first, second = 0, 1
    yield lambda p, s: registered_again(p, s.home.children[first], s)
    yield _by_second_record
    for reason in ("merged", "unmerged", "corrected"):
        yield partial(_identity, child=first, reason=reason)
        yield _by_second_record
        yield domestic_abuse
    yield partial(_identity, child=second, reason="protected")
    yield domestic_abuse
    yield lambda p, s: saying(_seen(p, s), people=[])


def _known() -> Iterator[Tell]:
    """The register tells of mother and children, and maternity of the pregnancy."""
    yield lambda p, s: newborn(p, s.home.mother, s)
    for number in (0, -1):
        yield partial(_registered, number=number)
        yield partial(_linked, number=number)
    yield lambda p, s: booking(p, s, _pregnancy(s))


def _registered(places: Places, scene: Scene, *, number: int) -> Report:
    return newborn(places, scene.home.children[number], scene)


def _linked(places: Places, scene: Scene, *, number: int) -> Report:
    return mother_of(places, scene.home.children[number], scene)


def _pregnancy(scene: Scene) -> Pregnancy:
    return scene.home.pregnancies[0]


def _told_of_pregnancy(change: str) -> Iterator[Tell]:
    """Police, conferences and social care name the unborn child."""
    yield lambda p, s: saying(domestic_abuse(p, s), people=[*unborn(s, "victim")])
    yield lambda p, s: saying(marac_outcome(p, s), people=[*unborn(s, "victim")])
    yield lambda p, s: status(p, social_care_of(p), s, change, "unborn_plan")
    yield lambda p, s: saying(
        conference(p, social_care_of(p), s, ("midwifery", "health-visiting")),
        people=[*unborn(s, "parent")],
    )
    yield lambda p, s: outcome(
        social_care_of(p), [*unborn(s, "parent")], f"CPC-{s.number}", "plan_started", s
    )


def _booked_corrected(places: Places, scene: Scene) -> Report:
    due = _pregnancy(scene).due + timedelta(days=6)
    told = booking(places, scene, _pregnancy(scene))
    return saying(told, expected_due_date=due.isoformat())


def _other_provider(places: Places, scene: Scene) -> str:
    others = sorted(places.maternity.keys() - {scene.home.booked_with})
    return others[0] if others else scene.home.booked_with or ""


def _seen(places: Places, scene: Scene) -> Report:
    told = departed_from(places.sites[0], scene, scene.home.mother, concerns=("mental_health",))
    return saying(told, people=[])


def _missed_appointment(places: Places, scene: Scene) -> Report:
    told = appointment_missed(places, scene, _pregnancy(scene))
    return saying(told, missed_in_pregnancy=2, safeguarding_marker="yes")


def _worried(places: Places, scene: Scene, *kinds: str) -> Report:
    told = concern(places, scene, _pregnancy(scene), kinds)
    return saying(told, risk_to_girls="unknown") if "fgm" in kinds else told


def _worried_elsewhere(places: Places, scene: Scene) -> Report:
    """The day before, somebody was worried who knew of no booking."""
    before = replace(scene, at=scene.at - timedelta(days=1))
    return saying(_worried(places, before, "fgm"), provider=None, mother=_unbooked(before))


def _unbooked(scene: Scene) -> dict[str, Json]:
    whole = person("mother", "patient", scene.home.mother, scene)
    return {name: told for name, told in whole.items() if name != "maternity_provider"}


def _plan_of_mind(places: Places, scene: Scene) -> Report:
    told = relapse_plan(places.community["mental-health"], scene, "given")
    return saying(told, people=[])


def _missed_of_mind(places: Places, scene: Scene) -> Report:
    told = not_brought(places.community["mental-health"], scene, scene.home.mother)
    return saying(told, first_appointment="yes")


def _worrying(places: Places, scene: Scene) -> Report:
    return contact(places.community["community"], scene, scene.home.mother, "worrying_encounter")


def _missed_as_a_parent(places: Places, scene: Scene, *, setting: str, cares: str) -> Report:
    return saying(_missed_of_mind(places, scene), setting=setting, caring_responsibilities=cares)


def _by_second_record(places: Places, scene: Scene) -> Report:
    """A receptionist takes the second record."""
    who = scene.home.children[0]
    told = departed_from(places.sites[0], scene, who)
    number = scene.home.duplicates[who.nhs_number]
    patient = told.data["patient"]
    assert isinstance(patient, dict)  # noqa: S101 - as it was made
    return saying(told, patient={**patient, "nhs_number": number, "nhs_number_status": "verified"})


def _identity(places: Places, scene: Scene, *, child: int, reason: str) -> Report:
    who = scene.home.children[child]
    number = scene.home.duplicates[who.nhs_number]
    if reason == "protected":
        return changed_identity(places, who.nhs_number, None, scene, reason=reason)
    return changed_identity(places, number, who.nhs_number, scene, reason=reason)
