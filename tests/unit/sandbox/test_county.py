import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from routing_rules.rulebook import Rulebook, load_rulebook
from schemas.events import Event, Refused, RegisterData
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.reading import read_event
from schemas.values import Service
from services.runtime.rulebook_files import open_rulebook
from services.runtime.settings import RulebookSettings
from services.sandbox.county import County, CountyMessage
from services.sandbox.county_mistakes import Mistake
from services.sandbox.county_people import households_of
from services.sandbox.county_places import Places, places_of

BEGUN = datetime(2026, 11, 22, 9, tzinfo=UTC)
MANY = 2000


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return open_rulebook(RulebookSettings().path)


@pytest.fixture(scope="module")
def places(rulebook: Rulebook) -> Places:
    return places_of(rulebook, BEGUN.date())


@pytest.fixture(scope="module")
def messages(places: Places) -> list[CountyMessage]:
    return list(told(County(places, seed=1), MANY))


def told(county: County, number: int, begun: datetime = BEGUN) -> Iterator[CountyMessage]:
    for second in range(number):
        yield county.next_message(begun + timedelta(seconds=second))


def read(message: CountyMessage) -> Event | Refused:
    return read_event(message.body, (), publisher=message.publisher, family=message.family)


def data_of(messages: list[CountyMessage]) -> list[dict[str, Any]]:
    whole = [each for each in messages if each.mistake is not Mistake.UNREADABLE]
    return [json.loads(each.body)["data"] for each in whole]


def test_the_same_seed_and_times_give_the_same_bytes(
    places: Places, messages: list[CountyMessage]
) -> None:
    assert list(told(County(places, seed=1), 200)) == messages[:200]


def test_another_seed_gives_another_county(places: Places, messages: list[CountyMessage]) -> None:
    assert list(told(County(places, seed=2), 20)) != messages[:20]


def test_what_has_no_mistake_is_accepted_without_warnings(messages: list[CountyMessage]) -> None:
    for message in messages:
        if message.mistake in {None, Mistake.MISSING_PRACTICE}:
            event = read(message)
            assert isinstance(event, Event)
            assert event.warnings == ()


def test_mistakes_are_rare_and_of_every_kind(messages: list[CountyMessage]) -> None:
    mistakes = Counter(each.mistake for each in messages if each.mistake)

    assert set(mistakes) == set(Mistake)
    assert mistakes.total() < MANY / 10


def test_a_wrong_check_digit_and_an_unknown_field_are_warned_about(
    messages: list[CountyMessage],
) -> None:
    for message in messages:
        if message.mistake in {Mistake.WRONG_CHECK_DIGIT, Mistake.UNKNOWN_FIELD}:
            event = read(message)
            assert isinstance(event, Event)
            assert event.warnings or b'"nhs_number":' not in message.body


def test_half_a_message_is_refused(messages: list[CountyMessage]) -> None:
    halves = [each for each in messages if each.mistake is Mistake.UNREADABLE]

    assert all(isinstance(read(each), Refused) for each in halves)


def test_a_repeat_has_the_bytes_of_an_earlier_message(messages: list[CountyMessage]) -> None:
    for place, message in enumerate(messages):
        if message.mistake is Mistake.REPEATED:
            assert message.body == messages[place - 1].body


def test_the_key_is_of_the_occurrence(messages: list[CountyMessage]) -> None:
    for message in messages:
        event = read(message)
        if isinstance(event, Event) and not _names_nobody(message):
            assert message.key == str(occurrence_id(occurrence_key(event)))


def test_each_publisher_counts_without_gaps(messages: list[CountyMessage]) -> None:
    first = [each for each in messages if each.mistake is not Mistake.REPEATED]
    for publisher in {each.publisher for each in first}:
        own = [each for each in first if each.publisher == publisher]
        numbers = [
            None if each.mistake is Mistake.UNREADABLE else json.loads(each.body)["sequence"]
            for each in own
        ]
        readable = sorted(number for number in numbers if number is not None)
        missing = int(readable[-1]) - len(readable)
        assert len(set(readable)) == len(readable)
        assert 0 <= missing <= numbers.count(None) + 1  # one may still be held up


def test_some_are_held_up_and_overtaken(messages: list[CountyMessage]) -> None:
    late = [place for place, each in enumerate(messages) if each.mistake is Mistake.LATE]
    times = [
        "" if each.mistake is Mistake.UNREADABLE else json.loads(each.body)["time"]
        for each in messages
    ]

    assert late
    overtaken = [place for place in late if any(times[place] < one for one in times[:place])]
    assert len(overtaken) > len(late) / 3


def test_the_register_comes_first_and_goes_on(messages: list[CountyMessage]) -> None:
    families = [each.family for each in messages]
    opening = families[:25]

    assert set(opening) <= {"registration", "maternity"}
    assert {"police", "emergency"} <= set(families[25:75])
    assert {"registration", "maternity"} <= set(families[75:])


def test_an_incident_may_be_updated_with_a_child(messages: list[CountyMessage]) -> None:
    children: dict[str, set[int]] = {}
    for data in data_of(messages):
        if "police_reference" in data:
            children.setdefault(data["police_reference"], set()).add(len(data["people"]))

    assert any(len(numbers) > 1 for numbers in children.values())


def test_some_are_booked_elsewhere_and_some_children_live_elsewhere(places: Places) -> None:
    homes = households_of(places, seed=1)
    own = [home.district.organisations[Service.MIDWIFERY] for home in homes]

    assert {home.booked_with for home in homes} == set(places.maternity)
    assert any(h.booked_with != o for h, o in zip(homes, own, strict=True) if o in places.maternity)
    assert any(home.children_elsewhere for home in homes)
    assert all(
        child.date_of_birth > home.mother.date_of_birth + timedelta(days=16 * 365)
        for home in homes
        for child in home.children
    )


def test_without_registers_nobody_is_registered(places: Places) -> None:
    alone = replace(places, registration=None, maternity={})

    families = {each.family for each in told(County(alone, seed=1), 200)}

    assert families <= {"police", "emergency", "marac"}


def test_a_county_that_goes_on_uses_no_id_and_no_reference_twice(
    places: Places, messages: list[CountyMessage]
) -> None:
    before = [read(each) for each in messages[:300]]
    county = County(places, seed=1)
    list(told(county, 300))
    restarted = County(places, seed=1, sequences=dict(county.sequences))

    after = [read(each) for each in told(restarted, 300, BEGUN + timedelta(hours=1))]

    assert not _ids(before) & _ids(after)
    assert not _occurrences(before) & _occurrences(after)
    assert len(_occurrences(after)) > 50


def test_an_attendance_is_told_again_at_departure(messages: list[CountyMessage]) -> None:
    told_of = [data for data in data_of(messages) if "attendance_id" in data]
    statuses = {(data["attendance_id"], data["status"]) for data in told_of}
    arrived = {reference for reference, status in statuses if status == "arrived"}
    departed = {reference for reference, status in statuses if status == "departed"}

    assert arrived & departed
    assert departed - arrived


def test_an_incident_is_sometimes_updated_and_sometimes_cancelled(
    messages: list[CountyMessage],
) -> None:
    statuses = {data.get("status") for data in data_of(messages) if "police_reference" in data}

    assert statuses == {None, "updated", "cancelled"}


def test_nobody_real_can_be_meant(messages: list[CountyMessage]) -> None:
    people = [
        person
        for data in data_of(messages)
        for person in [*data.get("people", ()), *([data["patient"]] if "patient" in data else [])]
    ]

    assert all(p.get("nhs_number", "999").startswith("999") for p in people)
    assert all(p.get("address", {}).get("postcode", "ZZ99").startswith("ZZ99") for p in people)
    assert {True, False} <= {p.get("address_restricted") for p in people}


def test_people_are_the_same_from_day_to_day(rulebook: Rulebook, places: Places) -> None:
    a_year_later = places_of(rulebook, BEGUN.date() + timedelta(days=365))

    assert households_of(a_year_later, seed=1) == households_of(places, seed=1)


def test_a_rulebook_without_a_police_source_cannot_be_simulated(rulebook: Rulebook) -> None:
    files = dict(rulebook.files)
    files["settings.yaml"] = files["settings.yaml"].replace("family: police", "family: community")
    without = load_rulebook(files)

    with pytest.raises(LookupError, match="publisher of police events"):
        places_of(without, BEGUN.date())


def _names_nobody(message: CountyMessage) -> bool:
    """Whether a register's event has lost the number that would say whom it is about."""
    of_register = message.family == "registration"
    return of_register and message.mistake is Mistake.WRONG_CHECK_DIGIT


def _occurrences(events: list[Event | Refused]) -> set[str]:
    """What happened; a register may tell of the same people again."""
    routed = [e for e in events if isinstance(e, Event) and not isinstance(e.data, RegisterData)]
    return {occurrence_key(event) for event in routed}


def _ids(events: list[Event | Refused]) -> set[str]:
    return {event.id for event in events if isinstance(event, Event)}
