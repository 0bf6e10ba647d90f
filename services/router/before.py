"""What the ledger holds before a batch is decided, read under the locks that this needs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from routing_rules.case import Case
from routing_rules.learning import OfOnePregnancy, stands_under
from routing_rules.register import Register
from routing_rules.register_rows import booking_of
from routing_rules.register_storage import label_of_unborn, pregnancy_label
from schemas.events import Event, RegisterData
from schemas.maternity import Birth, MaternityBooking, PregnancyEnded
from schemas.registration import FamilyLink
from services.ledger import cases, locks, register
from services.router.arrivals import Arrival, Understood, lock_keys, numbers_in
from services.runtime.postgres import Connection

OverData = Birth | PregnancyEnded
"""What is routed, and tells the register whose pregnancy is over."""
TellingData = RegisterData | MaternityBooking | OverData
"""What tells the register of others than those in it."""


class Before(NamedTuple):
    """The cases that are known already, and a register that can answer about all their people."""

    cases: dict[UUID, Case]
    register: Register


async def lock_arrivals(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Takes the locks of the occurrences and of everybody who is concerned, in sorted order.

    These are the people in the arrivals, those who stood in their occurrences before, and for
    events that tell the register of others (registrations, births) the family: what is learned of
    a child may concern its mother. Each is locked by all numbers that are, or were, that person's.
    """
    events = [each.event for each in arrivals if isinstance(each, Understood)]
    telling = [event for event in events if isinstance(event.data, TellingData)]
    people = {
        *_labels(events),
        *await register.people_of(connection, _routed(arrivals)),
        *await register.relatives_of(
            connection, await register.same_people(connection, _labels(telling))
        ),
    }
    everybody = await register.same_people(connection, people)
    keys = {key for each in arrivals for key in lock_keys(each)}
    await locks.lock(connection, keys | {locks.person_lock(each) for each in everybody})


async def read_before(connection: Connection, arrivals: Sequence[Arrival]) -> Before:
    """What is known of the arrivals. The caller holds their locks, taken by an earlier statement.

    Raises `CaseUnreadable` and `RegisterUnreadable`.
    """
    known = await cases.read_cases(connection, _routed(arrivals))
    events = [each.event for each in arrivals if isinstance(each, Understood)]
    return await _with_register(connection, known, events)


async def lock_occurrences(connection: Connection, asked: Sequence[UUID]) -> None:
    """Takes the locks of occurrences and of everybody who stood in them, in sorted order."""
    stood = await register.people_of(connection, asked)
    people = await register.same_people(connection, stood)
    keys = {locks.occurrence_lock(each) for each in asked}
    await locks.lock(connection, keys | {locks.person_lock(each) for each in people})


async def read_occurrences(connection: Connection, asked: Iterable[UUID]) -> Before:
    """What is known of occurrences, whose locks the caller holds. Raises as `read_before`."""
    return await _with_register(connection, await cases.read_cases(connection, asked), ())


async def _with_register(
    connection: Connection, known: Mapping[UUID, Case], events: Collection[Event]
) -> Before:
    earlier = [event for case in known.values() for event in case.events]
    traced = {each.nhs_number for case in known.values() for each in case.identified}
    labels = _labels([*events, *earlier]) | traced
    return Before(dict(known), await register.read_register(connection, labels))


def _routed(arrivals: Iterable[Arrival]) -> list[UUID]:
    return sorted(
        {
            each.occurrence_id
            for each in arrivals
            if isinstance(each, Understood) and not isinstance(each.event.data, RegisterData)
        }
    )


def _labels(events: Iterable[Event]) -> set[str]:
    """What the register's rows about these events are found by."""
    labels: set[str] = set()
    for event in events:
        labels.update(numbers_in(event.data))
        if name := _unborn(event):
            labels.add(label_of_unborn(name))
        if isinstance(event.data, MaternityBooking):
            labels.add(pregnancy_label(booking_of(event, event.data)))
        elif isinstance(event.data, OfOnePregnancy):
            labels.update(stands_under(event.data, event.publisher))
    return labels


def _unborn(event: Event) -> str | None:
    """The name of the pregnancy of whose children an event may tell whose they are."""
    match event.data:
        case FamilyLink() as link:
            return None if link.to in link.numbers else link.to
        case MaternityBooking() | Birth() | PregnancyEnded() as told:
            return told.pregnancy_id
        case _:
            return None
