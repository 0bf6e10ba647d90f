"""What the register adds to an event's people: it outranks, fills, and names whom nobody named."""

from typing import Any
from uuid import UUID

import pytest

from routing_rules.known import Known
from routing_rules.registered import Registered, register_adds
from routing_rules.subjects import people_of
from schemas.person import Person, School
from schemas.values import EventType, NhsNumberStatus, Pregnant, SchoolType, Sex
from tests.builders import (
    NOW,
    POLICE,
    a_person,
    an_event,
    at_home,
    data_of,
    police,
    staffordshire,
)
from tests.unit.routing_rules.learned_events import decision
from tests.unit.routing_rules.register_events import (
    ASHA,
    booking,
    known_from,
    registration,
)

SCHOOL = {"urn": "900006", "type": "state"}
VERIFIED = {"nhs_number": ASHA, "nhs_number_status": "verified"}
UNVERIFIED = {"nhs_number": ASHA, "nhs_number_status": "unverified"}


def added(known: Known, *people: dict[str, Any]) -> Registered:
    data = data_of(POLICE, police(*people))
    settings = staffordshire().settings
    return register_adds(data, known, settings, occurrence_id=UUID(int=1), at=NOW)


def only(registered: Registered) -> Person:
    (person,) = people_of(registered.data)
    return person


def filled(known: Known, **told: Any) -> Person:
    return only(added(known, a_person(**{**VERIFIED, **told})))


def differ(known: Known, **told: Any) -> tuple[str, ...]:
    return added(known, a_person(**{**VERIFIED, **told})).conflicts.get("victim", ())


@pytest.mark.parametrize("pregnant", [*Pregnant])
def test_whoever_books_a_pregnancy_is_pregnant_even_without_a_number(pregnant: Pregnant) -> None:
    mother = a_person("patient", pregnant=pregnant.value)
    data = data_of(EventType.MATERNITY_BOOKING, {"pregnancy_id": "MAT-1", "mother": mother})
    settings = staffordshire().settings

    found = register_adds(data, known_from(), settings, occurrence_id=UUID(int=1), at=NOW)

    assert only(found).pregnant is Pregnant.YES


def test_where_nothing_is_known_the_event_stays_as_it_is() -> None:
    data = data_of(POLICE, police(a_person(**VERIFIED), a_person("child_present")))
    settings = staffordshire().settings

    registered = register_adds(data, known_from(), settings, occurrence_id=UUID(int=1), at=NOW)

    assert registered == Registered(data)
    assert registered.data is data


def test_the_register_outranks_the_event_for_practice_and_school() -> None:
    known = known_from(registration(gp_practice="Y90001", school=SCHOOL))

    person = filled(known, gp_practice="Y90004", school={"urn": "900007"})

    assert (person.gp_practice, person.school) == (
        "Y90001",
        School(urn="900006", type=SchoolType.STATE),
    )


def test_what_the_register_does_not_know_is_filled_from_the_event() -> None:
    person = filled(
        known_from(registration(name={"family": "Example"})), gp_practice="Y90004", school=SCHOOL
    )

    assert person.gp_practice == "Y90004"
    assert person.school == School(urn="900006", type=SchoolType.STATE)


def test_where_only_the_kind_of_school_is_registered_the_event_says_which_it_is() -> None:
    known = known_from(registration(school={"type": "academy"}))
    at_home_now = known_from(registration(school={"type": "home_educated"}))

    assert filled(known, school={"urn": "900007"}).school == School(
        urn="900007", type=SchoolType.ACADEMY
    )
    assert filled(at_home_now, school={"urn": "900007"}).school == School(
        type=SchoolType.HOME_EDUCATED
    )


def test_who_somebody_is_comes_from_the_event_and_else_from_the_register() -> None:
    known = known_from(
        registration(
            name={"given": "Asha"}, date_of_birth="1996-04-11", sex="female", **at_home("E07000197")
        )
    )

    told = filled(known, name={"given": "A"}, date_of_birth="1996-04-12", sex="male", **at_home())
    silent = filled(known)

    assert told.name is not None
    assert told.name.given == "A"
    assert told.address is not None
    assert (str(told.date_of_birth), told.sex) == ("1996-04-12", Sex.MALE)
    assert told.address.district == "E07000193"
    assert silent.name is not None
    assert silent.name.given == "Asha"
    assert silent.address is not None
    assert (str(silent.date_of_birth), silent.sex) == ("1996-04-11", Sex.FEMALE)
    assert silent.address.district == "E07000197"


@pytest.mark.parametrize(
    ("told", "registered", "restricted"),
    [
        (True, False, True),
        (False, True, True),
        (None, True, True),
        (False, None, False),
        (None, False, False),
        (None, None, None),
    ],
)
def test_an_address_is_restricted_if_either_says_so(
    told: bool | None, registered: bool | None, restricted: bool | None
) -> None:
    known = known_from(registration(address_restricted=registered))

    assert filled(known, address_restricted=told).address_restricted is restricted


def test_an_active_booking_outranks_what_an_officer_heard() -> None:
    person = filled(known_from(booking()), pregnant="no", maternity_provider="RJF")

    assert person.pregnant is Pregnant.YES
    assert (person.maternity_provider, person.pregnancy_id) == ("RJE", "MAT-1")
    assert str(person.expected_due_date) == "2026-08-20"


def test_what_a_booking_does_not_say_stays_as_the_event_told_it() -> None:
    silent = booking(provider=None, expected_due_date=None, pregnancy_id=None)

    person = filled(
        known_from(silent),
        maternity_provider="RJF",
        expected_due_date="2026-08-01",
        pregnancy_id="X",
    )

    assert (person.maternity_provider, person.pregnancy_id) == ("RJF", "X")
    assert str(person.expected_due_date) == "2026-08-01"


def test_an_unverified_number_counts_with_the_date_of_birth() -> None:
    known = known_from(registration(date_of_birth="1996-04-11", gp_practice="Y90001"))

    hers = only(added(known, a_person(**UNVERIFIED, date_of_birth="1996-04-11")))
    another = only(added(known, a_person(**UNVERIFIED, date_of_birth="1996-04-12")))

    assert (hers.gp_practice, hers.nhs_number_status) == ("Y90001", NhsNumberStatus.VERIFIED)
    assert (another.gp_practice, another.nhs_number_status) == (None, NhsNumberStatus.UNVERIFIED)


def test_an_unverified_number_finds_a_booking_with_the_date_of_birth_that_it_gives() -> None:
    """Only maternity knows her: no registration says when she was born."""
    known = known_from(booking(mother={"date_of_birth": "1996-04-11"}))

    hers = only(added(known, a_person(**UNVERIFIED, date_of_birth="1996-04-11")))
    another = only(added(known, a_person(**UNVERIFIED, date_of_birth="1996-04-12")))
    unknown = only(added(known, a_person(**UNVERIFIED)))

    assert hers.pregnant is Pregnant.YES
    assert another.pregnant is Pregnant.UNKNOWN
    assert unknown.pregnant is Pregnant.UNKNOWN


def test_a_registration_of_an_unmatched_number_is_nobodys_booking() -> None:
    assert only(added(known_from(booking()), a_person(**UNVERIFIED))).pregnant is Pregnant.UNKNOWN
    assert only(added(known_from(booking()), a_person())).pregnant is Pregnant.UNKNOWN


@pytest.mark.parametrize(
    ("registered", "told", "conflicts"),
    [
        ({"gp_practice": "Y90001"}, {"gp_practice": "Y90004"}, ("practice",)),
        ({"gp_practice": "Y90001"}, {"gp_practice": "Y90001"}, ()),
        ({"gp_practice": "Y90001"}, {}, ()),
        ({}, {"gp_practice": "Y90001"}, ()),
        ({"school": SCHOOL}, {"school": {"urn": "900007"}}, ("school",)),
        ({"school": SCHOOL}, {"school": {"type": "independent"}}, ("school",)),
        ({"school": SCHOOL}, {"school": {"type": "none"}}, ("school",)),
        ({"school": {"type": "home_educated"}}, {"school": {"urn": "900007"}}, ("school",)),
        ({"school": {"type": "home_educated"}}, {"school": {"type": "home_educated"}}, ()),
        ({"school": SCHOOL}, {}, ()),
        ({}, {"school": SCHOOL}, ()),
        ({"school": {"type": "state"}}, {"school": {"type": "independent"}}, ("school",)),
        ({"school": {"type": "state"}}, {"school": {"type": "unknown"}}, ()),
        ({"date_of_birth": "1996-04-11"}, {"date_of_birth": "1996-11-04"}, ("date of birth",)),
    ],
)
def test_where_both_speak_and_differ_is_a_conflict(
    registered: dict[str, Any], told: dict[str, Any], conflicts: tuple[str, ...]
) -> None:
    assert differ(known_from(registration(**registered)), **told) == conflicts


def test_a_booking_conflicts_with_another_provider_and_with_no() -> None:
    known = known_from(booking())

    assert differ(known, maternity_provider="RJF", pregnant="no") == (
        "maternity provider",
        "pregnancy",
    )
    assert differ(known, maternity_provider="RJE", pregnant="unknown") == ()


def test_somebody_who_died_before_it_happened_is_a_conflict_and_is_still_told_about() -> None:
    died = registration(record={"deceased_on": "2026-03-05"}, gp_practice="Y90004")
    died_that_day = registration(record={"deceased_on": "2026-03-06"})
    event = an_event(POLICE, police(a_person(**VERIFIED)))

    told = {(duty.service, duty.because) for duty in decision(event, died).duties}

    assert differ(known_from(died)) == ("question whether this person is alive",)
    assert differ(known_from(died_that_day)) == ()
    assert ("gp", None) in told
    differs = "the register and the event differ on the question whether this person is alive"
    assert ("mash", differs) in told
