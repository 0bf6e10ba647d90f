"""The body of a notice, in the fields and the order of the contract."""

import json
from datetime import UTC, datetime

import pytest

from routing_rules.case import Case, DutyChange
from routing_rules.casework import decide
from schemas.events import Event
from schemas.occurrence import occurrence_id, occurrence_key
from tests.builders import NOW, POLICE, a_person, an_event, at_home, police, staffordshire

FIELDS = [
    *("notification_id", "duty_id", "supersedes", "kind", "service", "recipient", "organisation"),
    *("event", "routed_at", "about", "urgency", "respond_by", "asks", "reasons", "handling"),
    *("safe_contact", "instead_of", "because", "content", "late", "basis", "rulebook", "notice"),
]
LATE = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def changes(*events: Event, at: datetime = NOW) -> tuple[DutyChange, ...]:
    """What the last event changed."""
    case = Case(occurrence_id(occurrence_key(events[0])))
    for event in events:
        case, outcome = decide(case, event, staffordshire(), at)
    return outcome.changes


VICTIM = a_person(number=3, name={"given": "Asha", "family": "Example"}, **at_home())


def test_a_notice_has_the_fields_of_the_contract_in_their_order() -> None:
    (change,) = changes(an_event(POLICE, police(VICTIM)))

    assert list(change.notification) == FIELDS
    assert json.loads(json.dumps(change.notification))["kind"] == "notify"


def test_what_a_notice_says() -> None:
    (change,) = changes(an_event(POLICE, police(VICTIM)))

    told = change.notification
    assert told["event"] == {
        "source": "urn:fieldfare:source:staffordshire-police",
        "id": "e1",
        "type": "fieldfare.police.domestic-abuse.v1",
        "occurred_at": "2026-03-06T12:00:00+00:00",
    }
    assert told["about"] == {
        "ref": "victim",
        "role": "victim",
        "nhs_number": "9990000034",
        "name": {"given": "Asha", "family": "Example"},
        "date_of_birth": None,
    }
    assert told["reasons"] == [
        {
            "rule": "da-victim-practice",
            "why": "The practice of a victim of domestic abuse can recognise harm and ask safely.",
        }
    ]
    assert told["notice"] == "This is a notification, not a referral."
    assert told["rulebook"] == staffordshire().label
    assert (told["late"], told["supersedes"], told["instead_of"]) == (False, None, None)


def test_what_is_routed_after_its_time_says_so() -> None:
    (change,) = changes(an_event(POLICE, police(VICTIM)), at=LATE)

    assert change.late
    assert change.notification["late"] is True
    assert change.notification["routed_at"] == "2026-03-20T12:00:00+00:00"


@pytest.mark.parametrize("field", ["asks", "reasons", "handling", "content"])
def test_a_withdrawal_asks_and_tells_nothing(field: str) -> None:
    first = an_event(POLICE, police(VICTIM))
    cancelled = an_event(POLICE, police(VICTIM, status="cancelled"), event_id="e2")

    (change,) = changes(first, cancelled)

    assert change.notification["kind"] == "withdraw"
    assert not change.notification[field]
    assert change.notification["about"] is not None


def test_an_exception_says_for_whom_it_stands_and_why() -> None:
    change = changes(an_event(POLICE, police(a_person())))[0]

    assert change.notification["kind"] == "exception"
    assert change.notification["instead_of"] == "gp"
    assert change.notification["because"] == "the practice is not known"
