"""Children whom only the register knows: told about, with nothing of the victim where they must."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing_rules.decision import OwedDuty
from schemas.events import Event
from schemas.values import EventType, Handling, Role, Service
from tests.builders import (
    EMERGENCY,
    MARAC,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    conference,
    everything_in,
    police,
)
from tests.families import TEXTS, tell_all
from tests.unit.routing_rules.learned_events import decision
from tests.unit.routing_rules.register_events import ASHA, BELLA, CARL, DORA, link, registration

VICTIM = a_person(
    nhs_number=ASHA,
    nhs_number_status="verified",
    name={"given": "Given0x", "family": "Family0x"},
    **at_home(),
)
ACCUSED = a_person("alleged_perpetrator", nhs_number=CARL, nhs_number_status="verified")
CHILD = registration(BELLA, date_of_birth="2023-06-06", **at_home("E07000197", "Y90016"))
OF_VICTIM, OF_ACCUSED = link(ASHA, BELLA), link(CARL, BELLA)
ACTION = {
    "id": "1",
    "text": "Action0x",
    "service": "health-visiting",
    "organisation": "R1E",
    "status": "open",
}


def incident(*people: dict[str, Any], **known: Any) -> Event:
    return an_event(POLICE, police(*people, safe_contact="Contact0x", **TEXTS, **known))


def outcome_of_conference(*people: dict[str, Any]) -> Event:
    data = conference(*people, actions=[ACTION], risk_summary="Summary0x", safe_contact="Contact0x")
    return an_event(MARAC, data)


def about_the_child(event: Event, *known: Any) -> list[OwedDuty]:
    duties = decision(event, *known).duties
    return [duty for duty in duties if duty.about and duty.about.nhs_number == BELLA]


@pytest.mark.parametrize(
    "event", [incident(VICTIM, ACCUSED), outcome_of_conference(VICTIM, ACCUSED)]
)
@pytest.mark.parametrize("whose", [OF_VICTIM, OF_ACCUSED])
def test_a_child_whom_only_the_register_knows_is_told_about_where_it_lives(
    event: Event, whose: Any
) -> None:
    duties = about_the_child(event, whose, CHILD)

    told = {duty.recipient for duty in duties if duty.service is not Service.SAFEGUARDING}
    assert told == {"R1E:health-visiting:E07000197", "Y90016:gp"}
    for duty in duties:
        assert duty.about is not None
        assert duty.about.role is Role.CHILD_KNOWN_TO_REGISTER
        assert Handling.OTHER_PARENT_MAY_HAVE_ACCESS in duty.handling


def test_the_texts_of_actions_stay_with_the_family_of_the_victim() -> None:
    event = outcome_of_conference(VICTIM, ACCUSED)

    hers = about_the_child(event, OF_VICTIM, CHILD)
    his = about_the_child(event, OF_ACCUSED, CHILD)

    assert "Action0x" in repr(hers)
    assert "Action0x" not in repr(his)
    assert [a["id"] for d in his if "actions" in d.content for a in d.content["actions"]] == ["1"]  # type: ignore[index,union-attr,call-overload]


def test_a_conflict_tells_mash_which_field_it_is_and_nothing_of_what_happened() -> None:
    identity = {"nhs_number": ASHA, "nhs_number_status": "verified"}
    patient = a_person("patient", date_of_birth="1996-04-11", **identity, **at_home())
    event = an_event(EMERGENCY, attendance(patient, reason="Reason0x", headline="Headline0x"))

    (duty,) = decision(event, registration(gp_practice="Y90001")).duties

    assert (duty.service, duty.because) == (
        Service.MASH,
        "the register and the event differ on the practice",
    )
    assert duty.content.keys() == {"event", "occurred_at", "role"}
    assert duty.instead_of is None


def test_a_conflict_in_a_confidential_attendance_stays_confidential() -> None:
    patient = a_person(
        "patient",
        nhs_number=ASHA,
        nhs_number_status="verified",
        date_of_birth="2011-03-01",
        **at_home(),
    )
    event = an_event(EMERGENCY, attendance(patient, concerns=["emergency_contraception"]))

    told = decision(event, registration(gp_practice="Y90001"))

    assert {duty.service for duty in told.duties} == {Service.SAFEGUARDING}
    assert Service.MASH in {item.service for item in told.nobody}


def test_a_conflict_does_not_stand_for_an_action_of_mash() -> None:
    action = ACTION | {"service": "mash", "organisation": "MASH"}
    event = an_event(MARAC, conference(VICTIM, actions=[action]))

    duties = decision(event, registration(gp_practice="Y90001")).duties

    (mash,) = (duty for duty in duties if duty.service is Service.MASH)
    assert "Action0x" in everything_in(mash)


def test_where_the_address_of_a_child_is_restricted_nobodys_is_told() -> None:
    hidden = registration(
        BELLA, date_of_birth="2020-01-02", **at_home("E07000197") | {"address_restricted": True}
    )
    pregnant = VICTIM | {"pregnant": "yes", "maternity_provider": "RJF"}

    duties = decision(incident(pregnant, ACCUSED), OF_VICTIM, hidden).duties

    assert duties
    assert all("address" not in duty.content for duty in duties)
    of_others = [d for d in duties if d.about and d.about.nhs_number != BELLA]
    for place in ("E07000197", "Y90016", "Stafford"):
        assert place not in repr(of_others)
    assert {
        Handling.NO_ADDRESS in duty.handling
        for duty in duties
        if duty.about and duty.about.nhs_number == BELLA
    } == {True}


EVENTS = st.sampled_from([POLICE, MARAC, EMERGENCY])
ROLES = st.sampled_from(["victim", "alleged_perpetrator", "other_adult", "parent"])
MARKS = ("Given0x", "Family0x", "Headline0x", "Summary0x", "Narrative0x", "Action0x", "Contact0x")


def made(kind: EventType, others: list[dict[str, Any]]) -> Event:
    if kind is POLICE:
        return incident(VICTIM, *others)
    if kind is MARAC:
        return outcome_of_conference(VICTIM, *others)
    patient = VICTIM | {"role": "patient"}
    data = attendance(patient, *others, concerns=["assault"], reason="Reason0x", **TEXTS)
    return an_event(EMERGENCY, data | {"safe_contact": "Contact0x"})


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), kind=EVENTS)
def test_through_somebody_accused_nothing_of_the_victim_is_told_and_nobody_is_silenced(
    data: st.DataObject, kind: EventType
) -> None:
    """Families: who the other is, whose children there are, where they live, what is restricted."""
    roles = data.draw(st.lists(ROLES, min_size=1, max_size=2, unique=True))
    others = [
        a_person(role, ref=f"o{n}", nhs_number=number, nhs_number_status="verified")
        for n, (role, number) in enumerate(zip(roles, (CARL, DORA), strict=False))
    ]
    hers = data.draw(st.booleans())
    restricted = data.draw(st.sampled_from([True, False, None]))
    known = [
        registration(
            BELLA,
            date_of_birth=data.draw(st.sampled_from(["2020-01-02", "2012-01-02", None])),
            **at_home("E07000197", "Y90016") | {"address_restricted": restricted},
        ),
        link(CARL, BELLA),
        *([OF_VICTIM] if hers else []),
    ]

    duties = [
        duty
        for duty in decision(made(kind, others), *known, rulebook=tell_all()).duties
        if duty.about and duty.about.nhs_number == BELLA
    ]

    assert {Service.HEALTH_VISITING, Service.GP} <= {duty.service for duty in duties}
    treated = kind is EMERGENCY and "alleged_perpetrator" not in roles
    guarded = roles[0] == "alleged_perpetrator" or (
        treated and roles[0] in {"other_adult", "parent"}
    )
    for duty in duties:
        assert Handling.OTHER_PARENT_MAY_HAVE_ACCESS in duty.handling
        assert ASHA not in everything_in(duty)
        if guarded and not hers:
            told = everything_in(duty)
            assert [mark for mark in MARKS if mark in told] == []
            assert duty.about is not None
            assert "risk" not in duty.content


YOUNG: dict[str, Any] = {
    "name": {"given": "Young", "family": "Example"},
    "date_of_birth": "2010-01-02",
}


def test_an_accused_child_of_the_victim_is_still_only_accused() -> None:
    """Nobody gives its number, so only name and date of birth say that the register knows it."""
    accused = a_person("alleged_perpetrator", ref="young", **YOUNG)
    child = registration(BELLA, **YOUNG, **at_home())

    told = decision(incident(VICTIM, accused), OF_VICTIM, child)

    assert {duty.about.ref for duty in told.duties if duty.about} == {"victim"}
    assert all(BELLA not in everything_in(duty) for duty in told.duties)


def test_a_child_that_the_event_names_without_its_number_is_told_about_once_and_fully() -> None:
    child = registration(BELLA, **YOUNG, **at_home("E07000197", "Y90016"))

    told = decision(
        incident(VICTIM, a_person("child_present", ref="young", **YOUNG)), OF_VICTIM, child
    )

    about = {duty.about.ref for duty in told.duties if duty.about}
    (gp,) = (
        d for d in told.duties if d.service is Service.GP and d.about and d.about.ref == "young"
    )
    assert about == {"victim", "young"}
    assert gp.recipient == "Y90016:gp"
    assert {item.because for item in told.nobody if item.about.startswith("child-")} == {
        "told about under another ref"
    }
