"""What arrived: records read as events, as refused, or not at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, TypeAlias
from uuid import UUID

from schemas.cloudevent import Headers
from schemas.events import Event, ReadData, Refused
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.registration import FamilyLink, IdentityChange
from schemas.shape import people_of
from schemas.source_messages import CountedDay, Probe, read_source_message
from services.ledger.events import EventKey
from services.ledger.locks import occurrence_lock, person_lock
from services.router.record import Record
from services.runtime.topics import Topics

WHOLE = "$"
"""The path of the whole message, where no field of it is to blame."""
NOT_READ = "could not be read"


class ReadEvent(Protocol):
    """Reads one message; `schemas.reading.read_event` in production."""

    def __call__(
        self, value: bytes, headers: Headers, *, publisher: str, family: str
    ) -> Event | Refused:
        """The event, or why it is not one. Pure."""
        ...


@dataclass(frozen=True, slots=True)
class Understood:
    """A record that is an event, with its occurrence."""

    record: Record
    event: Event
    occurrence_id: UUID

    @property
    def key(self) -> EventKey:
        """What names the event for ever."""
        return EventKey(self.event.source, self.event.id)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is refused, and will be a dead letter."""

    record: Record
    refused: Refused


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that our own code failed on: no fault of the publisher's, as far as we know."""

    record: Record


@dataclass(frozen=True, slots=True)
class FromSource:
    """A record in which a source says something of itself, or a probe: nothing to be routed."""

    record: Record
    publisher: str
    told: CountedDay | Probe


Arrival: TypeAlias = Understood | Unreadable | Broken | FromSource


def arrival(record: Record, topics: Topics, read: ReadEvent) -> Arrival:
    """What a record is. Never raises: a reader that fails gives `Broken`."""
    try:
        publisher = topics.publisher_of(record.topic)
        told = read_source_message(record.value, record.headers, publisher=publisher)
        if isinstance(told, CountedDay | Probe):
            return FromSource(record, publisher, told)
        found = told or read(
            record.value or b"",
            record.headers,
            publisher=publisher,
            family=topics.family_of(record.topic),
        )
        if isinstance(found, Refused):
            return Unreadable(record, found)
        return Understood(record, found, occurrence_id(occurrence_key(found)))
    except Exception:  # noqa: BLE001 - the edge of one record: it must not stop the others
        return Broken(record)


def given_up(what: Arrival, reason: str) -> Unreadable:
    """The dead letter of a record that could not be read, routed or stored."""
    known = what.event if isinstance(what, Understood) else None
    return Unreadable(
        what.record,
        Refused(
            field=WHOLE,
            reason=reason,
            sha256=known.sha256 if known else sha256(what.record.value or b"").digest(),
            source=known.source if known else None,
            id=known.id if known else None,
            sequence=known.sequence if known else None,
        ),
    )


def lock_keys(what: Arrival) -> set[int]:
    """The locks that an arrival needs: its occurrence's, and those of everybody with a number."""
    if not isinstance(what, Understood):
        return set()
    people = {person_lock(number) for number in numbers_in(what.event.data)}
    return {occurrence_lock(what.occurrence_id), *people}


def numbers_in(data: ReadData) -> Iterator[str]:
    """The NHS numbers of everybody in an event, whatever it is for, trusted or not."""
    if isinstance(data, FamilyLink | IdentityChange):
        yield from data.numbers
    for _, person in people_of(data):
        if person.nhs_number is not None:
            yield person.nhs_number


def in_parts(arrivals: Iterable[Arrival], *, most_locks: int) -> Iterator[list[Arrival]]:
    """The arrivals in order, cut so that no part needs more locks than a server may have to spare.

    A part of one arrival may still need more.
    """
    part: list[Arrival] = []
    held: set[int] = set()
    for each in arrivals:
        keys = lock_keys(each)
        if part and len(held | keys) > most_locks:
            yield part
            part, held = [], set()
        part.append(each)
        held |= keys
    if part:
        yield part
