"""What is known of an occurrence's people, in the words of rules: unknown is never no."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from routing_rules.facts import Facts, PersonFacts
from routing_rules.gathering import Times, Told, gather
from routing_rules.known import NOTHING_KNOWN
from routing_rules.people import person_key
from routing_rules.registered import Registered
from routing_rules.subjects import people_of
from schemas.events import AnyEventData
from schemas.values import EventType
from tests.builders import (
    EMERGENCY,
    MARAC,
    NOW,
    POLICE,
    a_person,
    at_home,
    attendance,
    conference,
    data_of,
    police,
    staffordshire,
)

HAPPENED = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


def gathered(
    event_type: EventType, known: Mapping[str, Any], *, happened: datetime = HAPPENED
) -> Facts:
    data = data_of(event_type, known)
    keys = {person.ref: person_key(person, "s") for person in people_of(data)}
    times = Times(happened, NOW, NOW, (NOW,))
    return gather(as_told(event_type, data, keys), staffordshire(), times)


def as_told(event_type: EventType, data: AnyEventData, keys: Mapping[str, str]) -> Told:
    return Told(event_type, UUID(int=1), Registered(data), keys, NOTHING_KNOWN)


def person(**known: Any) -> PersonFacts:
    return gathered(POLICE, police(a_person(**known))).people[0]


def test_the_fields_of_a_police_notification() -> None:
    facts = gathered(POLICE, {"people": [a_person()], "incident_types": ["coercive_control"]})

    assert facts.event == {
        "risk": "not assessed",
        "incident types": frozenset({"coercive control"}),
        "children present": "unknown",
    }


@pytest.mark.parametrize(("repeat", "word"), [(True, "yes"), (False, "no"), (None, "unknown")])
def test_the_fields_of_a_conference(repeat: bool | None, word: str) -> None:
    known = conference(a_person(), criteria=["marac_repeat"]) | {"repeat": repeat}

    assert gathered(MARAC, known).event == {
        "criteria": frozenset({"marac repeat"}),
        "repeat": word,
    }


def test_the_fields_of_an_attendance() -> None:
    assert gathered(EMERGENCY, attendance(a_person("patient"))).event == {
        "department": "ed",
        "status": "departed",
        "departure": "recorded",
        "category": "unplanned first",
        "concerns": frozenset(),
        "disposal": "treated",
        "perceived risk": "unknown",
        "parent contacted": "not recorded",
        "caring responsibilities": "not recorded",
        "accompanying adult": "not recorded",
    }


@pytest.mark.parametrize(
    ("adults", "word"),
    [
        ([], "not recorded"),
        ([a_person("sibling", name={"given": "Sam", "family": "Example"})], "not recorded"),
        ([a_person("parent")], "not named"),
        ([a_person("parent", name={"given": "Mum"})], "not named"),
        ([a_person("parent", name={"given": " Dad ", "family": "Example"})], "not named"),
        ([a_person("accompanying_adult", name={"given": "Asha", "family": None})], "not named"),
        ([a_person("parent", name={"given": "Asha", "family": "Example"})], "named"),
        (
            [
                a_person("parent", ref="m", name={"given": "Mum"}),
                a_person("parent", ref="f", name={"given": "Adam", "family": "Example"}),
            ],
            "named",
        ),
        (
            [
                a_person(
                    "parent",
                    name={"given": "Asha", "family": "Example"},
                    status="entered_in_error",
                )
            ],
            "not recorded",
        ),
    ],
)
def test_mum_is_no_name_of_whoever_came_with_a_child(
    adults: list[dict[str, Any]], word: str
) -> None:
    facts = gathered(EMERGENCY, attendance(a_person("patient"), *adults))

    assert facts.event["accompanying adult"] == word


@pytest.mark.parametrize(
    ("known", "departure"),
    [
        ({"status": "departed", "departed_at": None}, "recorded"),
        ({"status": "updated"}, "recorded"),
        ({"status": "arrived", "departed_at": None}, "awaited"),
        ({"status": "updated", "departed_at": None, "arrived_at": None}, "overdue"),
        ({"status": "unknown", "departed_at": None}, "overdue"),
        (
            {"status": "arrived", "departed_at": None, "arrived_at": "2026-03-06T10:00:00Z"},
            "overdue",
        ),
        (
            {"status": "arrived", "departed_at": None, "arrived_at": "2026-03-06T10:00:01Z"},
            "awaited",
        ),
    ],
)
def test_a_departure_that_cannot_be_waited_for_is_overdue(
    known: Mapping[str, Any], departure: str
) -> None:
    facts = gathered(EMERGENCY, attendance(a_person("patient")) | dict(known))

    assert facts.event["departure"] == departure


def test_somebody_of_whom_nothing_is_known() -> None:
    facts = person()

    assert facts.features == {
        "role": "victim",
        "also victim": "yes",
        "also alleged perpetrator": "no",
        "age": None,
        "stage": "unknown",
        "pregnant": "unknown",
        "sex": "unknown",
        "home": "unknown",
        "district": "unknown",
        "booking": "none",
        "practice": "unknown",
        "school type": "unknown",
        "address restricted": "unknown",
        "parent's role": frozenset(),
        "flags": frozenset(),
        "attendances in 91 days": None,
        "attendances in 183 days": None,
    }
    assert (facts.provider, facts.practice, facts.district) == (None, None, None)


def test_an_age_is_as_at_the_occurrence_in_london() -> None:
    """Half past eleven at night in UTC is the next day in London's summer."""
    born = {"date_of_birth": "2008-07-01"}
    data = police(a_person(**born), incident_at="2026-06-30T23:30:00Z")
    happened = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    (facts,) = gathered(POLICE, data, happened=happened).people

    assert (facts.features["age"], facts.features["stage"]) == (18, "adult")


@pytest.mark.parametrize(
    ("born", "age", "stage"),
    [
        ("2026-03-05", 0, "before school"),
        ("2026-03-06", 0, "before school"),
        ("2026-03-07", None, "unknown"),
    ],
)
def test_a_child_born_between_a_meeting_and_its_report_is_a_newborn(
    born: str, age: int | None, stage: str
) -> None:
    """Its age is not unknown; that of a child whose birth is yet to come is."""
    data = police(a_person(date_of_birth=born))

    (facts,) = gathered(POLICE, data, happened=HAPPENED - timedelta(days=2)).people

    assert (facts.features["age"], facts.features["stage"]) == (age, stage)


@pytest.mark.parametrize(
    ("known", "home", "district"),
    [
        (at_home(), "in the county", "East Staffordshire"),
        (at_home("E06000021"), "elsewhere", "Stoke-on-Trent"),
        ({"gp_practice": "Y90016"}, "in the county", "Stafford"),
        (
            {"address": {"postcode": "ZZ99 3CZ"}, "gp_practice": "Y90016"},
            "in the county",
            "Stafford",
        ),
        ({"gp_practice": "Y99999"}, "unknown", "unknown"),
    ],
    ids=["address", "neighbour", "practice", "address without district", "unlisted practice"],
)
def test_home_is_by_the_address_else_by_the_practice(
    known: Mapping[str, Any], home: str, district: str
) -> None:
    features = person(**known).features

    assert (features["home"], features["district"]) == (home, district)


@pytest.mark.parametrize(
    ("provider", "booking"),
    [(None, "none"), ("RJE", "with a listed provider"), ("XYZ", "elsewhere")],
)
def test_a_booking_is_with_a_provider_of_the_directory_or_elsewhere(
    provider: str | None, booking: str
) -> None:
    assert person(maternity_provider=provider).features["booking"] == booking


@pytest.mark.parametrize(
    ("practice", "word"), [("Y90004", "listed"), ("Y99999", "elsewhere"), (None, "unknown")]
)
def test_a_practice_is_listed_or_elsewhere(practice: str | None, word: str) -> None:
    assert person(gp_practice=practice).features["practice"] == word


@pytest.mark.parametrize(
    ("school", "school_type"),
    [
        ({"urn": "900010", "type": "state"}, "independent"),
        ({"urn": "999999", "type": "state"}, "state"),
        ({"type": "home_educated"}, "home educated"),
        (None, "unknown"),
    ],
    ids=["listed", "unlisted", "at home", "not known"],
)
def test_the_directory_knows_a_school_better_than_the_event(
    school: Mapping[str, str] | None, school_type: str
) -> None:
    assert person(school=school).features["school type"] == school_type


def test_an_unborn_child_is_where_its_mother_is() -> None:
    mother = a_person(pregnant="yes", maternity_provider="RJE", **at_home())
    unborn = gathered(POLICE, police(mother, a_person("unborn"))).people[1]

    assert (unborn.provider, unborn.practice, unborn.district) == ("RJE", "Y90004", "E07000193")
    assert (unborn.features["stage"], unborn.features["age"]) == ("unborn", None)
    assert unborn.features["booking"] == "with a listed provider"


def test_what_is_stored_is_enough_to_replay_and_names_nobody() -> None:
    known = a_person(name={"given": "Asha", "family": "Example"}, number=3, **at_home())
    facts = gathered(POLICE, police(known))

    stored = facts.as_json()

    assert "Asha" not in repr(stored)
    assert "Test Road" not in repr(stored)
    assert stored["publications"] == ["2026-03-06T14:00:00+00:00"]
    assert stored["directory_on"] == "2026-03-06"
    assert stored["event"] == {
        "risk": "medium",
        "incident types": ["physical"],
        "children present": "no",
    }
    people = stored["people"]
    assert isinstance(people, list)
    (someone,) = people
    assert isinstance(someone, dict)
    assert (someone["ref"], someone["guarded"], someone["told_as"]) == ("victim", False, None)


def test_the_directory_is_as_at_routing() -> None:
    data = data_of(POLICE, police(a_person()))
    times = Times(HAPPENED, NOW, NOW + timedelta(days=30), (NOW,))

    facts = gather(as_told(POLICE, data, {"victim": "x"}), staffordshire(), times)

    assert facts.on.isoformat() == "2026-04-05"
