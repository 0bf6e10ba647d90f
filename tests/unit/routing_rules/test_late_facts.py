"""Late facts decide again: known before or after the events, the same is owed."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing_rules.case import HeldDuty
from routing_rules.explain import Casebook
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import DutyState, Service
from tests.builders import (
    EMERGENCY,
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    attendance,
    police,
    staffordshire,
)
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.register_events import (
    ASHA,
    BELLA,
    CARL,
    booking,
    link,
    registration,
)
from tests.unit.routing_rules.test_learning import KID, LATER, VICTIM, came


def casebook_of(*events: Event, at: datetime = LATER) -> Casebook:
    casebook = Casebook(staffordshire())
    for event in events:
        casebook.receive(event, at)
    return casebook


def standing(casebook: Casebook) -> dict[tuple[str, ...], HeldDuty]:
    return {
        (str(case.occurrence_id), duty.person_key, duty.recipient, duty.instead_of or ""): duty
        for case in casebook.cases.values()
        for duty in case.duties
        if duty.state is not DutyState.WITHDRAWN
    }


def frequent(casebook: Casebook) -> list[str]:
    """The attendances that the paediatric liaison nurse was told of, oldest first."""
    names = {
        occurrence_id(occurrence_key(event)): event.id
        for event in (came(day) for day in range(200))
    }
    told = {
        case.occurrence_id
        for case in casebook.cases.values()
        for duty in case.duties
        if duty.service is Service.PAEDIATRIC_LIAISON and duty.state is not DutyState.WITHDRAWN
    }
    return sorted((names[key] for key in told), key=lambda name: -int(name[1:]))


def test_a_booking_that_is_learned_later_is_told_late_and_says_why() -> None:
    event = an_event(POLICE, police(VICTIM))
    casebook = casebook_of(event)

    casebook.receive(arriving(booking(), time=LATER), LATER)

    (midwifery,) = (
        told
        for told in casebook.told.values()
        if told["service"] == "midwifery" and told["kind"] != "withdraw"
    )
    assert (midwifery["recipient"], midwifery["late"]) == ("RJE:midwifery", True)


def test_what_nobody_in_an_event_has_to_do_with_decides_nothing_again() -> None:
    casebook = casebook_of(an_event(POLICE, police(VICTIM)))
    before = dict(casebook.cases)

    casebook.receive(arriving(booking(CARL)), LATER)

    assert {key: casebook.cases[key] for key in before} == before


def test_what_happened_longer_ago_than_the_rulebook_looks_back_stays_as_it_was() -> None:
    casebook = casebook_of(an_event(POLICE, police(VICTIM)))
    before = dict(casebook.cases)

    casebook.receive(arriving(booking()), NOW + timedelta(days=91))

    assert {key: casebook.cases[key] for key in before} == before


def test_of_all_that_learns_of_an_earlier_attendance_only_the_fourth_is_told() -> None:
    """The last that comes in is the first that happened; ids have no part in the order."""
    days = (70, 60, 50, 40, 30, 20, 10)

    in_turn = casebook_of(*(came(day) for day in days))
    first_comes_last = casebook_of(*(came(day) for day in (*days[4:], *days[:3])))
    last_of_all = casebook_of(*(came(day) for day in (*days[1:3], *days[4:], *days[:1])))

    assert frequent(in_turn) == ["a40"]
    assert frequent(first_comes_last)[0] == "a30"
    assert frequent(last_of_all)[0] == "a30"


def test_several_that_learn_of_one_at_once_are_decided_in_the_order_in_which_they_happened() -> (
    None
):
    """Three attendances of unknown people turn out to be one child's: one notice, not three."""
    days = (60, 50, 40, 30, 20, 10)
    born = registration(BELLA, date_of_birth="2019-03-03", at=NOW - timedelta(days=100))
    unverified = [
        an_event(
            EMERGENCY,
            attendance(
                KID | {"nhs_number_status": "unverified"},
                attendance_id=f"A{day}",
                arrived_at=(NOW - timedelta(days=day)).isoformat(),
                departed_at=None,
            ),
            event_id=f"a{day}",
            time=NOW - timedelta(days=day) + timedelta(hours=1),
        )
        for day in days
    ]

    casebook = casebook_of(*unverified, arriving(born))

    assert frequent(casebook) == ["a30"]


def test_a_notice_that_was_kept_back_does_not_silence_the_next_one() -> None:
    """The fourth attendance is confidential, so the school nurse hears at the fifth."""
    teen = {"date_of_birth": "2011-03-01"}
    kids = [came(day) for day in (40, 30, 20)]
    confidential = an_event(
        EMERGENCY,
        attendance(
            KID | teen,
            attendance_id="A10",
            arrived_at=(NOW - timedelta(days=10)).isoformat(),
            departed_at=None,
            concerns=["emergency_contraception"],
        ),
        event_id="a10",
        time=NOW - timedelta(days=9),
    )

    casebook = casebook_of(*kids, confidential, came(1), came(0))

    assert frequent(casebook) == ["a1"]


REGISTRATIONS = {
    "victim": registration(**at_home("E07000197", "Y90001")),
    "booking": booking(),
    "link": link(ASHA, BELLA),
    "child": registration(BELLA, date_of_birth="2023-06-06", **at_home("E07000197", "Y90016")),
    "flag": registration(
        BELLA,
        record={"flags": [{"kind": "child_in_need", "state": "active"}]},
        at=NOW - timedelta(days=50),
    ),
    "school": registration(
        CARL, school={"urn": "900026", "type": "state"}, date_of_birth="2014-01-01"
    ),
    "father": link(CARL, ASHA, "sibling"),
}
PUPIL = a_person(
    "child_present",
    nhs_number=CARL,
    nhs_number_status="verified",
    date_of_birth="2014-01-01",
    school={"urn": "900006", "type": "state"},
    **at_home(),
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_known_before_or_after_the_events_the_same_is_owed(data: st.DataObject) -> None:
    """Whatever is learned, and whenever: the same duties stand, with the same content."""
    names = data.draw(st.lists(st.sampled_from(sorted(REGISTRATIONS)), unique=True, min_size=1))
    known = [arriving(REGISTRATIONS[name]) for name in names]
    victim = VICTIM if data.draw(st.booleans()) else VICTIM | {"gp_practice": None}
    pregnant = data.draw(st.sampled_from(["no", "unknown", "yes"]))
    pupil = PUPIL if data.draw(st.booleans()) else PUPIL | {"date_of_birth": None, "school": None}
    events = [
        an_event(POLICE, police(victim | {"pregnant": pregnant}, pupil)),
        an_event(
            EMERGENCY,
            attendance(victim | {"role": "patient"}, concerns=["overdose"]),
            event_id="e2",
        ),
    ]
    mixed = data.draw(st.permutations([*known, *events]))

    before = standing(casebook_of(*known, *events))
    after = standing(casebook_of(*events, *known))
    between = standing(casebook_of(*mixed))

    assert after.keys() == before.keys()
    assert between.keys() == before.keys()
    marks = {key: duty.fingerprint for key, duty in before.items()}
    assert {key: duty.fingerprint for key, duty in after.items()} == marks
    assert {key: duty.fingerprint for key, duty in between.items()} == marks


def test_a_repeated_registration_decides_nothing_again() -> None:
    event = arriving(registration())
    casebook = casebook_of(an_event(POLICE, police(VICTIM)), event)
    before = dict(casebook.cases)

    assert casebook.receive(event, LATER) is None
    assert casebook.cases == before


CANCELLED = an_event(
    POLICE, police(VICTIM, status="cancelled"), event_id="e0", time=NOW - timedelta(minutes=5)
)


@pytest.mark.parametrize("before", [(), (CANCELLED,)], ids=["as it is", "first cancelled"])
def test_what_was_learned_wrongly_is_withdrawn_when_it_is_taken_back(
    before: tuple[Event, ...],
) -> None:
    """A link that was entered in error: somebody else's child was told about."""
    wrong = arriving(link(ASHA, BELLA))
    taken_back = arriving(link(ASHA, BELLA, status="entered_in_error", at=NOW))
    casebook = casebook_of(*before, an_event(POLICE, police(VICTIM)), wrong)
    told = {duty.person_key for duty in standing(casebook).values()}

    casebook.receive(taken_back, LATER)

    assert told == {f"nhs:{ASHA}", f"nhs:{BELLA}"}
    assert {duty.person_key for duty in standing(casebook).values()} == {f"nhs:{ASHA}"}


def test_what_only_a_later_event_left_out_stays_told_whatever_is_learned() -> None:
    first = an_event(POLICE, police(VICTIM | {"pregnant": "yes", "maternity_provider": "RJF"}))
    second = an_event(
        POLICE, police(VICTIM | {"pregnant": "no"}), event_id="e2", time=NOW + timedelta(minutes=5)
    )
    casebook = casebook_of(first, second)
    before = standing(casebook)

    casebook.receive(arriving(registration(name={"given": "Asha"})), LATER)

    assert standing(casebook).keys() == before.keys()
    assert any(recipient == "RJF:midwifery" for _, _, recipient, _ in before)
