"""Registrations, family links and bookings as all their events tell them."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.events import Event, ReadData
from schemas.folding import fold
from schemas.maternity import MaternityBooking
from schemas.registration import FamilyLink, RegistrationPerson
from tests.unit.schemas.letters import (
    TODDLER,
    VICTIM,
    Raw,
    accepted,
    booking,
    family_link,
    person,
    registration,
)

START = datetime(2026, 3, 6, 22, 0, tzinfo=UTC)


def told(message: Raw, minute: int) -> Event:
    at = (START + timedelta(minutes=minute)).isoformat()
    return accepted(message | {"id": f"e{minute}", "time": at})


def folded(*messages: Raw) -> ReadData:
    """The same in any order of arrival."""
    events = [told(message, minute) for minute, message in enumerate(messages)]
    data = fold(events)
    for order in itertools.permutations(events):
        assert fold(order) == data
    return data


def registered(*known: Raw, beside: tuple[Raw, ...] = ()) -> RegistrationPerson:
    people = ({"ref": "p", "role": "patient", "nhs_number": TODDLER} | one for one in known)
    further = (*beside, *({} for _ in known[len(beside) :]))
    data = folded(
        *(registration({"person": one, **more}) for one, more in zip(people, further, strict=True))
    )
    assert isinstance(data, RegistrationPerson)
    return data


def linked(*links: Raw) -> FamilyLink:
    data = folded(*map(family_link, links))
    assert isinstance(data, FamilyLink)
    return data


def booked(*bookings: Raw) -> MaternityBooking:
    data = folded(*map(booking, bookings))
    assert isinstance(data, MaternityBooking)
    return data


def test_what_a_later_registration_leaves_out_or_does_not_know_stays() -> None:
    data = registered({"gp_practice": "Y90001", "sex": "female"}, {"sex": "unknown"}, {})
    assert (data.person.gp_practice, data.person.sex) == ("Y90001", "female")


def test_an_explicit_null_clears_until_something_is_told_again() -> None:
    home = {"address": {"postcode": "ZZ99 3CZ"}, "gp_practice": "Y90001", "sex": "female"}
    gone = {"address": None, "gp_practice": None, "sex": None}
    data = registered(home, gone, {})
    assert {"address", "gp_practice", "sex"} <= data.person.model_fields_set
    assert (data.person.address, data.person.gp_practice, data.person.sex) == (None, None, None)
    again = registered(home, gone, {"address": {"district": "E1"}, "gp_practice": "Y90002"})
    assert again.person.address is not None
    assert (again.person.address.postcode, again.person.address.district) == (None, "E1")
    assert (again.person.gp_practice, again.person.sex) == ("Y90002", None)


def test_a_null_beside_the_person_clears_as_well() -> None:
    team = {"health_visiting_team": "HV-1", "deceased_on": "2026-01-04"}
    data = registered({}, {}, {}, beside=(team, {"deceased_on": None}))
    assert (data.health_visiting_team, data.deceased_on) == ("HV-1", None)
    assert "deceased_on" in data.model_fields_set


def test_a_registration_is_about_one_person_whatever_the_ref() -> None:
    data = registered({"ref": "a", "gp_practice": "Y90001"}, {"ref": "b", "sex": "male"})
    assert (data.person.ref, data.person.gp_practice, data.person.sex) == ("b", "Y90001", "male")


def test_flags_of_one_kind_and_authority_are_told_anew_together() -> None:
    plan = {"kind": "child_protection", "authority": "E1"}
    care = {"kind": "looked_after", "state": "active"}
    first = {"flags": [plan | {"state": "active", "from": "2025-01-01"}, care]}
    ended = {"flags": [plan | {"state": "ended"}, plan | {"authority": "E2", "state": "active"}]}
    unclear = {"flags": [plan]}
    data = registered({}, {}, {}, beside=(first, ended, unclear))
    assert [(flag.kind, flag.authority, flag.state, flag.from_) for flag in data.flags] == [
        ("child_protection", "E1", "ended", None),
        ("looked_after", None, "active", None),
        ("child_protection", "E2", "active", None),
    ]


def test_a_link_is_as_it_was_last_recorded() -> None:
    later = {"recorded_at": "2026-02-01T00:00:00Z", "from": TODDLER, "to": VICTIM, "is": "sibling"}
    assert linked(later, {"ended_at": "2026-01-06T00:00:00Z"}) == linked(later)
    turned = linked({}, {"from": TODDLER, "to": VICTIM, "is": ...})
    assert (turned.from_, turned.to, turned.is_) == (TODDLER, VICTIM, "unknown")


def test_a_link_without_a_time_of_record_was_recorded_when_published() -> None:
    assert linked({"recorded_at": ..., "is": "carer"}, {}).is_ == "carer"


def test_whether_a_link_stands_is_as_last_told() -> None:
    assert linked({}, {"status": "entered_in_error"}).status == "entered_in_error"
    gone = {"status": "entered_in_error", "recorded_at": "2026-01-01T00:00:00Z"}
    data = linked({}, gone)
    assert (data.status, data.is_) == ("entered_in_error", "parent")
    assert linked(gone, {}).status == "new"


@pytest.mark.parametrize("due", [..., None, "unknown"])
def test_what_a_later_booking_does_not_know_stays(due: object) -> None:
    data = booked({}, {"expected_due_date": due, "provider": "RJF"})
    assert (data.expected_due_date, data.provider) == (date(2026, 8, 20), "RJF")


def test_another_mother_stands_as_a_whole() -> None:
    data = booked({}, {"mother": person("other", "patient", nhs_number=TODDLER)})
    assert (data.mother.ref, data.mother.nhs_number) == ("other", TODDLER)
    assert data.mother.nhs_number_status == "unverified"
