from datetime import date
from typing import Any

import pytest

from routing_rules.register_people import (
    RegisteredPerson,
    matches,
    person_as_at,
)
from schemas.values import SchoolType, Sex
from tests.builders import person_of
from tests.unit.routing_rules.register_events import (
    ASHA,
    AT,
    BELLA,
    ToldEvent,
    days,
    known_from,
    registration,
)

HOME = {"lines": ["1 Test Road"], "postcode": "ZZ99 3CZ", "district": "E07000193"}


def asha(*events: ToldEvent) -> RegisteredPerson:
    found = person_as_at(known_from(*events), ASHA, AT)
    assert found is not None
    return found


def test_everything_that_was_recorded_by_then_is_known() -> None:
    found = asha(
        registration(
            name={"given": "Asha", "family": "Example"},
            date_of_birth="2015-04-11",
            sex="female",
            address=HOME,
            address_restricted=True,
            gp_practice="Y90001",
            school={"urn": "900001", "type": "state"},
            record={"health_visiting_team": "HV-1", "family_nurse": True},
        )
    )
    assert found.name is not None
    assert found.name.given == "Asha"
    assert found.date_of_birth == date(2015, 4, 11)
    assert found.sex is Sex.FEMALE
    assert found.address is not None
    assert found.address.district == "E07000193"
    assert found.address_restricted is True
    assert found.gp_practice == "Y90001"
    assert found.school is not None
    assert (found.school.urn, found.school.type) == ("900001", SchoolType.STATE)
    assert (found.health_visiting_team, found.family_nurse) == ("HV-1", True)
    assert (found.deceased_on, found.contradicted) == (None, frozenset())


def test_somebody_of_whom_nothing_was_told_is_not_known() -> None:
    assert person_as_at(known_from(registration()), BELLA, AT) is None


def test_where_somebody_is_is_as_recorded_at_the_time_but_who_they_are_is_timeless() -> None:
    later = registration(
        at=days(1),
        gp_practice="Y90002",
        date_of_birth="2015-04-11",
        address_restricted=True,
        record={"health_visiting_team": "HV-2", "deceased_on": "2026-03-07"},
    )
    found = asha(registration(at=AT, gp_practice="Y90001", address_restricted=False), later)
    assert (found.gp_practice, found.health_visiting_team) == ("Y90001", None)
    assert found.date_of_birth == date(2015, 4, 11)
    assert found.address_restricted is True
    assert found.deceased_on == date(2026, 3, 7)
    assert asha(later).gp_practice is None


def test_a_later_record_wins_field_by_field_and_leaves_what_it_does_not_give() -> None:
    found = asha(
        registration(at=days(-10), gp_practice="Y90002"),
        registration(at=days(-20), gp_practice="Y90001", school={"urn": "900001"}),
    )
    assert found.gp_practice == "Y90002"
    assert found.school is not None
    assert found.school.urn == "900001"


def test_an_explicit_null_clears_and_what_is_left_out_or_unknown_does_not() -> None:
    first = registration(gp_practice="Y90001", school={"urn": "900001"}, sex="male", address=HOME)
    nothing_said = registration(at=days(-5), school={"type": "unknown"}, sex="unknown", address={})
    cleared = registration(at=days(-4), gp_practice=None)
    found = asha(first, nothing_said, cleared)
    assert found.gp_practice is None
    assert found.school is not None
    assert found.sex is Sex.MALE
    assert found.address is not None
    born = registration(at=days(-9), date_of_birth="2015-04-11")
    assert asha(born, registration(date_of_birth=None)).date_of_birth == date(2015, 4, 11)
    assert asha(born, registration(at=days(9), date_of_birth=None)).date_of_birth is None


def test_a_contradiction_is_not_known_until_a_later_record_settles_it() -> None:
    one = registration(at=days(-20), gp_practice="Y90001", school={"urn": "900001"})
    other = registration(at=days(-20), gp_practice="Y90002", school={"urn": "900001"})
    found = asha(one, other)
    assert found.gp_practice is None
    assert found.school is not None
    assert found.contradicted == {"gp_practice"}
    settled = asha(one, other, registration(at=days(-10), gp_practice="Y90003"))
    assert (settled.gp_practice, settled.contradicted) == ("Y90003", frozenset())
    unsettled = asha(one, other, registration(at=days(10), gp_practice="Y90003"))
    assert unsettled.contradicted == {"gp_practice"}


def test_a_correction_outranks_what_its_own_publisher_recorded_at_that_time() -> None:
    wrong = registration(gp_practice="Y90001", school={"urn": "900001"})
    corrected = registration(
        gp_practice="Y90002", record={"status": "updated"}, event={"at": days(-50)}
    )
    again = registration(
        gp_practice="Y90003", record={"status": "updated"}, event={"at": days(-40)}
    )
    found = asha(again, wrong, corrected)
    assert (found.gp_practice, found.contradicted) == ("Y90003", frozenset())
    assert found.school is not None
    elsewhere = registration(gp_practice="Y90004", event={"publisher": "another"})
    assert asha(wrong, again, elsewhere).contradicted == {"gp_practice"}
    same_time = registration(
        gp_practice="Y90009", record={"status": "updated"}, event={"at": days(-40)}
    )
    assert asha(wrong, again, same_time).contradicted == {"gp_practice"}


@pytest.mark.parametrize("status", ["entered_in_error", "cancelled"])
def test_a_record_entered_in_error_never_was(status: str) -> None:
    good = registration(at=days(-80), gp_practice="Y90001")
    wrong = registration(gp_practice="Y90002", event={"at": days(-60), "sequence": "7"})
    gone = registration(record={"status": status}, event={"at": days(5)})
    assert asha(gone, good, wrong).gp_practice == "Y90001"
    assert person_as_at(known_from(gone, wrong), ASHA, AT) is None


def test_only_what_the_publisher_told_before_of_that_person_and_time_is_withdrawn() -> None:
    gone = registration(record={"status": "entered_in_error"}, event={"at": days(-50)})
    for kept in (
        registration(gp_practice="Y90002", event={"at": days(-49)}),
        registration(gp_practice="Y90002", event={"publisher": "another"}),
        registration(at=days(-59), gp_practice="Y90002"),
    ):
        assert asha(gone, kept).gp_practice == "Y90002"
    sequence = {"at": days(-50), "sequence": "8"}
    assert asha(gone, registration(gp_practice="Y90002", event=sequence)).gp_practice == "Y90002"


def test_a_person_entered_in_error_withdraws_the_record() -> None:
    wrong = registration(gp_practice="Y90002")
    assert (
        person_as_at(known_from(wrong, registration(status="entered_in_error")), ASHA, AT) is None
    )


def test_a_record_without_its_time_is_of_when_it_was_published() -> None:
    late = registration(gp_practice="Y90002", record={"recorded_at": None}, event={"at": days(1)})
    assert asha(registration(gp_practice="Y90001"), late).gp_practice == "Y90001"


def test_an_unverified_record_counts_only_with_the_date_of_birth() -> None:
    loose: dict[str, Any] = {"nhs_number_status": "unverified", "gp_practice": "Y90009"}
    verified = registration(date_of_birth="2015-04-11", gp_practice="Y90001")
    same = registration(at=days(-9), **loose, date_of_birth="2015-04-11")
    other = registration(at=days(-9), **loose, date_of_birth="2015-04-12")
    assert asha(same, verified).gp_practice == "Y90009"
    assert asha(other, verified).gp_practice == "Y90001"
    assert asha(registration(at=days(-9), **loose), verified).gp_practice == "Y90001"
    assert person_as_at(known_from(same), ASHA, AT) is None
    assert asha(same, registration(gp_practice="Y90001")).gp_practice == "Y90001"


@pytest.mark.parametrize(
    ("known", "is_match"),
    [
        ({"nhs_number_status": "verified"}, True),
        ({"nhs_number_status": "traced", "date_of_birth": "1999-01-01"}, True),
        ({"nhs_number_status": "unverified", "date_of_birth": "2015-04-11"}, True),
        ({"nhs_number_status": "unverified", "date_of_birth": "2015-04-12"}, False),
        ({"nhs_number_status": "unverified"}, False),
        ({"nhs_number": BELLA, "nhs_number_status": "verified"}, False),
    ],
)
def test_a_number_matches_if_it_was_traced_or_the_date_of_birth_confirms_it(
    known: dict[str, Any], is_match: bool
) -> None:
    registered = asha(registration(date_of_birth="2015-04-11"))
    somebody = person_of({"ref": "p", "role": "victim", "nhs_number": ASHA, **known})
    assert matches(somebody, registered) is is_match


def test_no_date_of_birth_confirms_nothing() -> None:
    somebody = person_of({"ref": "p", "role": "victim", "nhs_number": ASHA})
    assert not matches(somebody, asha(registration()))
