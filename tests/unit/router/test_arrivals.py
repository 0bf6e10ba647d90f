import json
from hashlib import sha256

import pytest

from schemas.events import Event, Refused
from schemas.reading import read_event
from services.ledger.locks import occurrence_lock, person_lock
from services.router.arrivals import (
    Broken,
    Understood,
    Unreadable,
    arrival,
    given_up,
    in_parts,
    lock_keys,
)
from services.router.record import Record
from services.runtime.topics import Topics
from tests.builders import a_person, nhs_number, police
from tests.unit.schemas.letters import (
    TODDLER,
    VICTIM,
    Raw,
    booking,
    changed,
    family_link,
    registration,
)

TOPICS = Topics("fieldfare")


def a_record(
    value: bytes | None, topic: str = "fieldfare.events.police.staffordshire-police"
) -> Record:
    return Record(topic, 0, 7, (), value, 0)


def an_event(*numbers: int, event_id: str = "e1", reference: str = "STF/1") -> Record:
    people = [a_person("victim", number=n, ref=f"p{n}") for n in numbers] or [a_person("victim")]
    return a_record(
        json.dumps(
            {
                "specversion": "1.0",
                "id": event_id,
                "source": "urn:fieldfare:source:staffordshire-police",
                "type": "fieldfare.police.domestic-abuse.v1",
                "time": "2026-03-06T12:00:00+00:00",
                "data": police(*people, police_reference=reference),
            }
        ).encode()
    )


def understood(*numbers: int, reference: str = "STF/1") -> Understood:
    found = arrival(an_event(*numbers, reference=reference), TOPICS, read_event)
    assert isinstance(found, Understood)
    return found


def test_an_event_is_understood_with_its_occurrence() -> None:
    assert understood(1).occurrence_id == understood(2).occurrence_id
    assert understood(1).occurrence_id != understood(1, reference="STF/2").occurrence_id


def test_bytes_that_are_no_event_are_unreadable() -> None:
    found = arrival(a_record(b"{"), TOPICS, read_event)

    assert isinstance(found, Unreadable)
    assert found.refused.sha256 == sha256(b"{").digest()


def test_a_record_without_a_value_is_unreadable() -> None:
    assert isinstance(arrival(a_record(None), TOPICS, read_event), Unreadable)


def test_a_reader_that_fails_breaks_one_record_alone() -> None:
    def failing(*_: object, **__: object) -> Event | Refused:
        raise ZeroDivisionError

    assert arrival(an_event(1), TOPICS, failing) == Broken(an_event(1))


def test_a_topic_that_is_not_ours_breaks_one_record_alone() -> None:
    assert isinstance(arrival(a_record(b"{}", "elsewhere"), TOPICS, read_event), Broken)


def test_what_is_given_up_keeps_the_event_s_name_so_that_its_publisher_is_told() -> None:
    refused = given_up(understood(1), "could not be routed").refused

    assert (refused.field, refused.reason) == ("$", "could not be routed")
    assert (refused.source, refused.id) == ("urn:fieldfare:source:staffordshire-police", "e1")


def test_what_could_not_even_be_read_is_given_up_without_a_name() -> None:
    refused = given_up(Broken(a_record(b"x")), "could not be routed").refused

    assert (refused.source, refused.id) == (None, None)
    assert refused.sha256 == sha256(b"x").digest()


def test_an_event_locks_its_occurrence_and_everybody_with_a_number() -> None:
    event = understood(1, 2)

    assert lock_keys(event) == {
        occurrence_lock(event.occurrence_id),
        person_lock(nhs_number(1)),
        person_lock(nhs_number(2)),
    }


def test_nothing_is_locked_for_what_is_no_event() -> None:
    assert lock_keys(Broken(a_record(b""))) == set()


@pytest.mark.parametrize(
    ("event", "numbers"),
    [
        (registration(), [TODDLER]),
        (changed(registration(), "data.person.nhs_number", None), []),
        (family_link(), [VICTIM, TODDLER]),
        (family_link({"to": "MAT-1"}), [VICTIM]),
        (booking(), [VICTIM]),
    ],
)
def test_what_is_for_the_register_locks_whom_it_is_about(event: Raw, numbers: list[str]) -> None:
    publisher, family = event["source"].rsplit(":", 1)[-1], event["type"].split(".")[1]
    topic = TOPICS.events(family, publisher)
    found = arrival(a_record(json.dumps(event).encode(), topic), TOPICS, read_event)

    assert isinstance(found, Understood)
    assert lock_keys(found) == {
        occurrence_lock(found.occurrence_id),
        *map(person_lock, numbers),
    }


def test_a_lock_does_not_show_the_number_that_it_stands_for() -> None:
    assert nhs_number(1) not in str(person_lock(nhs_number(1)))


def test_arrivals_are_cut_where_a_transaction_would_hold_too_many_locks() -> None:
    events = [understood(i, 100 + i, reference=f"STF/{i}") for i in range(5)]

    parts = list(in_parts(events, most_locks=6))

    assert [len(part) for part in parts] == [2, 2, 1]
    assert [each for part in parts for each in part] == events


def test_one_arrival_is_a_part_however_many_locks_it_needs() -> None:
    big = understood(*range(1, 9))

    assert list(in_parts([big, big], most_locks=3)) == [[big], [big]]


def test_shared_locks_count_once() -> None:
    events = [understood(1, 2)] * 4

    assert len(list(in_parts(events, most_locks=3))) == 1


def test_nothing_has_no_parts() -> None:
    assert list(in_parts([], most_locks=3)) == []
