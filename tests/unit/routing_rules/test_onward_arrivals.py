"""Onward referrals: who is told when a child does not arrive, and that it ends when one does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing_rules.case import HeldDuty, Outcome
from routing_rules.explain import Casebook
from routing_rules.onward_arrivals import ARRIVED
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import DutyState, EventType
from tests.builders import EMERGENCY, NOW, a_person, an_event, at_home, attendance, staffordshire
from tests.unit.routing_rules.learned_events import arriving
from tests.unit.routing_rules.register_events import ASHA, BELLA, registration
from tests.unit.routing_rules.test_identities import change

SENT = NOW - timedelta(hours=1)
UNTIL = NOW + timedelta(hours=3)
LONG_AFTER = UNTIL + timedelta(hours=4)
END = NOW + timedelta(days=3)
BORN = {"nhs_number": BELLA, "nhs_number_status": "verified", "date_of_birth": "2023-05-01"}
CHILD = a_person("patient", **BORN, **at_home())
MIU = "RJF:emergency:RJF-TAMWORTH-MIU"
EVERYBODY = {MIU, "RJF:safeguarding", "R1E:health-visiting:E07000193", "Y90004:gp"}


def sent_on(patient: dict[str, Any] = CHILD, *, time: datetime = NOW, **known: Any) -> Event:
    data = {
        "referral_id": "REF-1",
        "from_site": "RJF-TAMWORTH-MIU",
        "to_site": "RJF-QUEENS-ED",
        "for": "paediatrics",
        "referred_at": SENT.isoformat(),
        "expected_by": UNTIL.isoformat(),
        "patient": patient,
        **known,
    }
    return an_event(EventType.ONWARD_REFERRAL, data, event_id=f"r{time}", time=time)


def arrived(
    at: datetime, patient: dict[str, Any] = CHILD, *, name: str = "A1", **known: Any
) -> Event:
    """An attendance; what is published of it again is published later."""
    data = attendance(
        patient, attendance_id=name, arrived_at=at.isoformat(), departed_at=None, **known
    )
    again = timedelta(minutes=1) if "status" in known else timedelta()
    return an_event(EMERGENCY, data, event_id=f"{name} {known}", time=at + again)


def about(casebook: Casebook, event: Event) -> tuple[HeldDuty, ...]:
    """The duties of a referral that stand."""
    case = casebook.cases[occurrence_id(occurrence_key(event))]
    return tuple(duty for duty in case.duties if duty.state is not DutyState.WITHDRAWN)


def recipients(casebook: Casebook, event: Event) -> set[str]:
    return {duty.recipient for duty in about(casebook, event)}


def looked_at(casebook: Casebook, event: Event, at: datetime) -> Outcome:
    return casebook.decide_again(occurrence_id(occurrence_key(event)), at)


def at_the_end(referral: Event, *known: Event) -> set[str]:
    """Who is told in the end of a referral, when this came in beside it."""
    casebook = Casebook(staffordshire())
    for event in (referral, *known):
        casebook.receive(event, event.time)
    looked_at(casebook, referral, END)
    return recipients(casebook, referral)


def test_first_the_site_rings_and_then_those_hear_who_look_after_the_child() -> None:
    casebook, referral = Casebook(staffordshire()), sent_on()

    awaited = casebook.receive(referral, NOW)
    assert awaited is not None
    assert (awaited.changes, awaited.look_again_at) == ((), UNTIL)

    overdue = looked_at(casebook, referral, UNTIL)
    assert recipients(casebook, referral) == {MIU}
    (change,) = overdue.changes
    assert change.held.respond_by == UNTIL + timedelta(hours=4)
    assert (change.late, overdue.look_again_at) == (False, LONG_AFTER)

    missing = looked_at(casebook, referral, LONG_AFTER)
    assert recipients(casebook, referral) >= EVERYBODY
    assert {change.late for change in missing.changes} == {False}
    assert missing.look_again_at is None


def test_teams_that_are_closed_when_it_is_found_out_are_told_out_of_hours() -> None:
    """On a Friday at seven in the evening nobody is at the practice; the clock starts then."""
    casebook, referral = Casebook(staffordshire()), sent_on()
    casebook.receive(referral, NOW)
    looked_at(casebook, referral, UNTIL)

    looked_at(casebook, referral, LONG_AFTER)

    due = {duty.recipient: duty.respond_by for duty in about(casebook, referral)}
    assert due["Y90004:gp"] > LONG_AFTER + timedelta(days=2)


def test_a_referral_that_is_published_afterwards_starts_the_clock_when_it_is() -> None:
    casebook, referral = Casebook(staffordshire()), sent_on(time=UNTIL + timedelta(hours=1))

    casebook.receive(referral, referral.time)

    (duty,) = about(casebook, referral)
    assert duty.respond_by == referral.time + timedelta(hours=4)


@pytest.mark.parametrize(
    ("known", "until"),
    [
        ({"expected_by": None}, SENT + timedelta(hours=4)),
        ({"expected_by": (SENT + timedelta(days=200)).isoformat()}, SENT + timedelta(days=7)),
    ],
    ids=["nobody says by when", "much too late"],
)
def test_nobody_is_awaited_for_ever(known: dict[str, Any], until: datetime) -> None:
    outcome = Casebook(staffordshire()).receive(sent_on(**known), NOW)

    assert outcome is not None
    assert outcome.look_again_at == until


NAMED: dict[str, Any] = {"arrived_referral_id": "REF-1"}
UNCHECKED: dict[str, Any] = {"nhs_number_status": "unverified"}


@pytest.mark.parametrize(
    "arrival",
    [
        arrived(NOW),
        arrived(UNTIL + timedelta(hours=9)),
        arrived(NOW, site="RJE-COUNTY-ED", **NAMED),
        arrived(SENT - timedelta(minutes=5), **NAMED),
        arrived(NOW, CHILD | UNCHECKED),
        arrived(NOW, category="planned_follow_up"),
    ],
    ids=["there", "late", "named elsewhere", "clock is slow", "born alike", "as planned"],
)
def test_an_arrival_confirms(arrival: Event) -> None:
    child = registration(BELLA, date_of_birth="2023-05-01")

    assert at_the_end(sent_on(), arriving(child), arrival) == set()


@pytest.mark.parametrize(
    "arrival",
    [
        arrived(NOW, site="RJE-COUNTY-ED"),
        arrived(NOW, site="RJE-COUNTY-ED", arrived_referral_id="REF-2"),
        arrived(SENT - timedelta(minutes=5)),
        arrived(SENT + timedelta(days=8)),
        arrived(NOW, CHILD | {"nhs_number": ASHA}, **NAMED),
        arrived(NOW, CHILD | {"nhs_number": None, "nhs_number_status": "absent"}, **NAMED),
        arrived(NOW, CHILD | UNCHECKED | {"date_of_birth": "2022-05-01"}),
        arrived(NOW, status="cancelled"),
    ],
    ids=[
        "elsewhere",
        "another referral's",
        "before",
        "long after",
        "somebody else",
        "somebody unknown",
        "born another day",
        "cancelled",
    ],
)
def test_what_may_be_no_arrival_of_this_child_does_not_confirm(arrival: Event) -> None:
    assert at_the_end(sent_on(), arrival) >= EVERYBODY


def test_a_child_whom_nobody_can_match_is_not_taken_to_have_arrived() -> None:
    unchecked = CHILD | UNCHECKED
    unborn_day = unchecked | {"date_of_birth": None}
    nobody = {"ref": "patient", "role": "patient"}

    assert at_the_end(sent_on(unchecked), arrived(NOW)) == set()
    assert MIU in at_the_end(sent_on(unborn_day), arrived(NOW))
    assert MIU in at_the_end(sent_on(nobody), arrived(NOW))


def test_nobody_knows_where_the_child_was_sent_so_only_its_referral_confirms() -> None:
    nowhere = sent_on(to_site=None)

    assert at_the_end(nowhere, arrived(NOW)) >= EVERYBODY
    assert at_the_end(nowhere, arrived(NOW, **NAMED)) == set()


def test_an_arrival_that_comes_later_ends_it_and_says_so() -> None:
    casebook, referral = Casebook(staffordshire()), sent_on()
    casebook.receive(referral, NOW)
    looked_at(casebook, referral, UNTIL)
    told = about(casebook, referral)

    casebook.receive(arrived(UNTIL + timedelta(hours=1)), UNTIL + timedelta(hours=1))

    (notice,) = (casebook.told[duty.duty_id] for duty in told)
    assert (notice["kind"], notice["because"]) == ("withdraw", ARRIVED)
    assert looked_at(casebook, referral, END).changes == ()


def test_an_arrival_under_another_number_of_the_child_ends_it_as_well() -> None:
    """Two records of it were joined before; what comes in is of the one that gave way."""
    casebook, referral = Casebook(staffordshire()), sent_on()
    casebook.receive(arriving(change(ASHA, BELLA)), NOW)
    casebook.receive(referral, NOW)
    looked_at(casebook, referral, UNTIL)
    assert MIU in recipients(casebook, referral)

    there = arrived(UNTIL + timedelta(hours=1), CHILD | {"nhs_number": ASHA})
    casebook.receive(there, UNTIL + timedelta(hours=1))

    assert recipients(casebook, referral) == set()


def test_an_arrival_that_was_none_after_all_is_owed_again() -> None:
    casebook, referral, there = Casebook(staffordshire()), sent_on(), arrived(NOW)
    casebook.receive(referral, NOW)
    casebook.receive(there, NOW)
    assert looked_at(casebook, referral, END).changes == ()

    casebook.receive(arrived(NOW, status="entered_in_error"), END)

    assert recipients(casebook, referral) >= EVERYBODY


def test_what_is_not_about_the_arrival_stays_told_when_the_child_arrives() -> None:
    """The register and the site differ on the practice: that is MASH's, wherever the child is."""
    registered = arriving(registration(BELLA, **at_home("E07000193", "Y90001")))

    assert at_the_end(sent_on(), registered, arrived(NOW)) == {"MASH:mash"}


STORIES = {
    "sent": sent_on(),
    "sent again": sent_on(time=NOW + timedelta(minutes=1), to_site="RJE-COUNTY-ED"),
    "later": sent_on(
        time=NOW + timedelta(minutes=2), expected_by=(UNTIL + timedelta(hours=5)).isoformat()
    ),
    "there": arrived(NOW + timedelta(minutes=3)),
    "elsewhere": arrived(NOW + timedelta(minutes=4), site="RJE-COUNTY-ED", status="updated"),
    "named": arrived(NOW + timedelta(minutes=5), name="A2", site="RJE-ROYAL-STOKE-ED", **NAMED),
    "not there": arrived(NOW + timedelta(minutes=6), status="cancelled"),
}


def told_in(order: list[str], hours: list[int]) -> set[tuple[str, bytes]]:
    """Who is told in the end, and what: each event comes in so many hours after the one before."""
    casebook, at = Casebook(staffordshire()), NOW + timedelta(minutes=10)
    due: datetime | None = None
    referral = STORIES["sent"]
    key = occurrence_id(occurrence_key(referral))
    for name, wait in zip(order, hours, strict=True):
        at += timedelta(hours=wait)
        while due is not None and due <= at and key in casebook.cases:
            due = casebook.decide_again(key, due).look_again_at
        outcome = casebook.receive(STORIES[name], at)
        if outcome is not None and name in ("sent", "sent again", "later"):
            due = outcome.look_again_at
    looked_at(casebook, referral, END)
    return {(duty.recipient, duty.fingerprint) for duty in about(casebook, referral)}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_late_and_out_of_order_the_same_is_owed_in_the_end(data: st.DataObject) -> None:
    others = sorted(STORIES.keys() - {"sent"})
    names = ["sent", *data.draw(st.lists(st.sampled_from(others), unique=True))]
    mixed = data.draw(st.permutations(names))
    waits = data.draw(st.lists(st.integers(0, 9), min_size=len(names), max_size=len(names)))

    assert told_in(mixed, waits) == told_in(names, [0] * len(names))
