"""Whose event it is, and that everybody in it is found and put back in their own place."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from routing_rules.known import NOTHING_KNOWN
from routing_rules.learning import numbers_in
from routing_rules.register import Register
from routing_rules.registered import register_adds
from routing_rules.subjects import people_of, subject_of, with_people
from schemas.person import Person
from schemas.values import EventType, Role
from tests.builders import NOW, data_of, staffordshire
from tests.documented import DOCUMENTED, ROUTED_PATHWAYS, people_in
from tests.examples import read
from tests.unit.schemas.letters import family_link, registration

TYPES = pytest.mark.parametrize("event_type", ROUTED_PATHWAYS, ids=str)
_ID = UUID(int=1)
CHILD = Person.model_validate({"ref": "new", "role": "child_known_to_register"})


def documented(event_type: EventType) -> Any:
    return data_of(event_type, DOCUMENTED[event_type]["data"])


@TYPES
def test_everybody_in_it_is_found_the_patient_first(event_type: EventType) -> None:
    data = documented(event_type)
    refs = [person.ref for person in people_of(data)]
    assert refs == [person["ref"] for person in people_in(DOCUMENTED[event_type])]
    subject = subject_of(data)
    if subject is not None:
        assert refs[0] == subject.ref
        assert subject.role is Role.PATIENT


@TYPES
def test_people_are_put_back_in_their_own_places(event_type: EventType) -> None:
    data = documented(event_type)

    same = with_people(data, people_of(data))
    more = with_people(data, [*people_of(data), CHILD])

    assert same.model_dump() == data.model_dump()
    assert type(same) is type(data)
    assert [person.ref for person in people_of(more)][-1] == "new"
    assert more.people[-1] == CHILD
    assert len(people_of(more)) == len(people_of(data)) + 1


@TYPES
def test_the_register_adds_a_child_to_any_event(event_type: EventType) -> None:
    data = documented(event_type)
    known_numbers = sorted(numbers_in(data))
    if not known_numbers:
        assert (
            register_adds(
                data, NOTHING_KNOWN, staffordshire().settings, occurrence_id=_ID, at=NOW
            ).data
            is data
        )
        return
    parent = people_of(data)[0].nhs_number
    register = Register()
    for message in (
        registration({"recorded_at": "2026-01-05T09:00:00Z"}),
        family_link({"from": parent, "recorded_at": "2026-01-05T09:00:00Z"}),
    ):
        register.apply(read(message))  # type: ignore[arg-type]

    added = register_adds(
        data,
        register.known_about(known_numbers),
        staffordshire().settings,
        occurrence_id=_ID,
        at=datetime(2026, 3, 6, 12, tzinfo=UTC),
    ).data

    assert [p.role for p in people_of(added)][-1] is Role.CHILD_KNOWN_TO_REGISTER
    assert [p.ref for p in people_of(added)][:-1] == [p.ref for p in people_of(data)]
