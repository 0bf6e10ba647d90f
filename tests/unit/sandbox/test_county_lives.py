import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from schemas.values import EventType
from services.sandbox.county import County, CountyMessage
from services.sandbox.county_days import as_days_pass
from services.sandbox.county_lives import life_of
from services.sandbox.county_mistakes import Mistake, with_mistake
from services.sandbox.county_people import Household, households_of
from services.sandbox.county_places import Places, places_of
from services.sandbox.county_reports import Report, Scene, Told
from tests.builders import staffordshire

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def places() -> Places:
    return places_of(staffordshire(), MONDAY.date())


@pytest.fixture(scope="module")
def homes(places: Places) -> Sequence[Household]:
    return households_of(places, seed=1)


def told(places: Places, home: Household, at: datetime) -> list[tuple[datetime, Report]]:
    """What is to come in a household from a time on, in order."""
    scene = Scene(home, at, Random(1), home.number, MINUTE)
    to_come = sorted(life_of(places, scene), key=lambda one: one[0])
    return [(when, later.tell(when)) for when, later in to_come]


def before(day: date) -> datetime:
    return datetime.combine(day, MONDAY.timetz()) - timedelta(days=3)


def test_a_birth_links_the_babies_to_their_mother_and_follows_a_booking(
    places: Places, homes: Sequence[Household]
) -> None:
    home, twins = next(
        (home, one)
        for home in homes
        for one in home.pregnancies
        if [baby.lives for baby in one.babies] == [True, True]
    )

    lives = told(places, replace(home, pregnancies=(twins,), partner=None), before(twins.booked_on))

    by_type: dict[EventType, list[Report]] = {}
    for _, report in lives:
        by_type.setdefault(report.type, []).append(report)
    order = list(dict.fromkeys(one.type for _, one in lives))
    assert order[:2] == [EventType.MATERNITY_BOOKING, EventType.MATERNITY_BIRTH]
    assert EventType.MATERNITY_POSTNATAL_TRANSFER in order
    numbers = [baby.who.nhs_number for baby in twins.babies]
    links = [one.data for one in by_type[EventType.REGISTRATION_FAMILY_LINK]]
    assert {(one["from"], one["to"]) for one in links} == {
        (home.mother.nhs_number, number) for number in numbers
    }
    registered = [json.dumps(one.data) for one in by_type[EventType.REGISTRATION_PERSON]]
    assert all(any(number in one for one in registered) for number in numbers)


def test_a_loss_ends_a_pregnancy_and_nothing_follows(
    places: Places, homes: Sequence[Household]
) -> None:
    home, lost = next((home, one) for home in homes for one in home.pregnancies if not one.babies)

    lives = told(places, replace(home, pregnancies=(lost,), partner=None), before(lost.booked_on))

    kinds = [one.type for _, one in lives if one.family == "maternity"]
    assert kinds == [EventType.MATERNITY_BOOKING, EventType.MATERNITY_ENDED]
    assert lives[-1][1].data["outcome"] in {"miscarriage", "termination"}


def test_second_records_are_merged_and_some_parted_again(
    places: Places, homes: Sequence[Household]
) -> None:
    twice = [home for home in homes if home.duplicates]

    reasons = [
        [
            one.data["reason"]
            for _, one in told(places, replace(home, pregnancies=()), MONDAY)
            if one.type is EventType.REGISTRATION_IDENTITY
        ]
        for home in twice
        if len(home.duplicates) == 1
    ]

    assert ["merged"] in reasons
    assert ["merged", "unmerged"] in reasons
    assert all(each[0] == "merged" for each in reasons)


def test_without_registers_nobody_is_recorded_twice(
    places: Places, homes: Sequence[Household]
) -> None:
    home = next(home for home in homes if home.duplicates)
    alone = replace(places, registration=None, maternity={})

    assert told(alone, replace(home, booked_with=None), MONDAY) == []


def test_rare_stories_are_told_once_and_not_again_by_a_county_that_goes_on(
    places: Places,
) -> None:
    county = County(places, seed=1, minute=MINUTE)
    first = _told_by(county, 400)
    goes_on = County(places, seed=1, sequences=dict(county.sequences), minute=MINUTE)

    again = _told_by(goes_on, 200)

    assert b"Rarely0" in b"".join(each.body for each in first)
    assert b"Rarely0" not in b"".join(each.body for each in again)


def test_a_county_that_lacks_a_publisher_has_no_rare_stories(places: Places) -> None:
    county = County(replace(places, social_care=None), seed=1, minute=MINUTE)

    assert b"Rarely" not in b"".join(each.body for each in _told_by(county, 300))


def _told_by(county: County, number: int) -> list[CountyMessage]:
    days = as_days_pass(county, MONDAY)
    return [next(days)[1] for _ in range(number)]


def test_who_is_called_mum_has_no_other_name_and_no_number() -> None:
    mother: Told = {
        "ref": "parent",
        "role": "accompanying_adult",
        "nhs_number": "9995000008",
        "name": {"given": "Asha", "family": "Alder"},
    }

    spoilt = with_mistake({"people": [mother]}, Mistake.CALLED_MUM, former_district="E07000193")

    mum = {"ref": "parent", "role": "accompanying_adult", "name": {"given": "Mum"}}
    assert spoilt == {"people": [mum]}


def test_what_is_left_blank_is_what_safeguarding_needs() -> None:
    data: Told = {"pregnancy_id": "MAT-1", "ethnicity": "Synthetic", "risk_marker": "no"}

    spoilt = with_mistake(data, Mistake.LEFT_BLANK, former_district="E07000193")

    assert spoilt == {"pregnancy_id": "MAT-1"}


def test_fathers_are_linked_to_the_unborn_before_a_birth_or_after_and_now_and_then_by_mistake(
    places: Places, homes: Sequence[Household]
) -> None:
    found: set[tuple[bool, object]] = set()
    for home in homes:
        for one in home.pregnancies:
            lives = told(places, replace(home, pregnancies=(one,)), before(one.booked_on))
            for when, report in lives:
                if report.data.get("to") == one.pregnancy_id:
                    assert home.partner
                    assert report.data["from"] == home.partner.nhs_number
                    found.add((when.date() < one.ends_on, report.data["status"]))

    assert {(True, "new"), (False, "new"), (False, "entered_in_error")} <= found
