"""Finding one person by what is exactly known of them: never by part of a name, never a list."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from routing_rules.humans import named_as, usable_nhs_number
from routing_rules.rulebook import Rulebook
from routing_rules.subjects import people_of
from schemas.events import Event, RegisterData
from schemas.occurrence import occurrence_id
from schemas.person import Name, Somebody
from schemas.registration import RegistrationPerson
from schemas.values import EventType
from services.ledger.cases import stored_event
from services.ledger.person_identity import Someone, identities_of, read_someone
from services.ledger.person_looks import Handle
from services.ledger.person_reading import read_told, stands_of, stands_of_ref
from services.ledger.person_standing import number_of, speaks_of
from services.ledger.queries import SQL
from services.runtime.postgres import Connection

_MOST_EVENTS = 500
"""With one date of birth; where there are more, a name does not tell people apart."""
_SOURCE = "urn:fieldfare:source:"
Found = Handle | None


class Several(Exception):
    """More than one person fits: more must be known of the one who is meant."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds people in the ledger as at a time. Of somebody who may not be shown it says nothing.

    All methods answer None where nobody is found, and raise `Several`.
    """

    connection: Connection
    rulebook: Rulebook
    at: datetime

    async def by_number(self, nhs_number: str, born: date) -> Found:
        """By exact NHS number and date of birth; also by a number that has given way."""
        someone = await self._someone(nhs_number)
        stands = await stands_of(self.connection, someone)
        if someone.registered is None and not stands.shown:
            return None
        told = {person.date_of_birth for person in stands.people}
        registered = someone.date_of_birth
        is_born_then = born in told if registered is None else born == registered
        return Handle(nhs_number=someone.number) if is_born_then else None

    async def by_reference(self, reference: str, ref: str) -> Found:
        """By the publisher's reference, the event's id or the occurrence's, and the person in it.

        Where a date is part of the reference (a conference) it stands behind it.
        """
        found = [await self._person_in(each, ref) for each in await self._occurrences(reference)]
        return _only(found)

    async def by_name(self, name: Name, born: date) -> Found:
        """By exact full name and date of birth; nobody who is protected is found so."""
        rows = await self.connection.fetch(
            SQL["events_with_birth_date"], born.isoformat(), _MOST_EVENTS + 1
        )
        if len(rows) > _MOST_EVENTS:
            raise Several
        wanted = named_as(name, born)
        found: set[Found] = set()
        numbers: dict[str, bool] = {}
        for row in rows:
            for person in _people(stored_event(row)):
                if person.date_of_birth != born:
                    continue
                is_named = named_as(person.name, born) == wanted
                number = usable_nhs_number(person)
                if number is not None:
                    numbers[number] = numbers.get(number, False) or is_named
                elif is_named:  # a number that nobody has verified names nobody
                    found.add(await self._person_in(row["occurrence_id"], person.ref))
        who = await identities_of(self.connection, numbers)
        for number in numbers.keys() - who.protected:
            found.add(await self._if_named(number, name, born, is_named=numbers[number]))
        return _only(found)

    async def _if_named(
        self, number: str, name: Name, born: date, *, is_named: bool
    ) -> Handle | None:
        someone = await self._someone(number)
        registered = someone.registered
        registers_it = registered is not None and named_as(
            registered.name, registered.date_of_birth
        ) == named_as(name, born)
        if not (is_named or registers_it):
            return None
        return await self.by_number(number, born)

    async def _person_in(self, occurrence: UUID, ref: str) -> Handle | None:
        told = await read_told(self.connection, [occurrence])
        if not told:
            return None
        person = next((each for each in told[0].people if each.ref == ref), None)
        spoken = speaks_of(told[0], ref, person)
        who = await identities_of(self.connection, spoken)
        if spoken & who.protected and len(spoken) > 1:
            return None
        number = number_of(told[0], ref)
        if number is not None:
            someone = await self._someone(number)
            shown = (await stands_of(self.connection, someone)).shown
            is_there = any(each.occurrence_id == occurrence for each in shown)
            return Handle(nhs_number=someone.number) if is_there else None
        handle = Handle(occurrence_id=occurrence, ref=ref)
        shown = (await stands_of_ref(self.connection, handle)).shown
        return handle if any(ref in each.refs for each in shown) else None

    async def _occurrences(self, reference: str) -> list[UUID]:
        topics = [row["topic"] for row in await self.connection.fetch(SQL["publishers"])]
        from_ = [tuple(topic.rsplit(".", 2)[1:]) for topic in topics if topic.count(".") >= 2]
        asked = [occurrence_id(key) for pair in from_ for key in _keys(reference, *pair)]
        with suppress(ValueError):
            asked.append(UUID(reference))
        sources = [f"{_SOURCE}{publisher}" for _, publisher in from_]
        rows = await self.connection.fetch(SQL["occurrences_known"], asked, sources, reference)
        return [row["occurrence_id"] for row in rows]

    async def _someone(self, number: str) -> Someone:
        return await read_someone(self.connection, number, self.rulebook, at=self.at)


def _keys(reference: str, family: str, publisher: str) -> Iterator[str]:
    """The names that an occurrence with this reference may have (`schemas.occurrence`)."""
    types = {t.value.split(".")[2] for t in EventType if t.value.split(".")[1] == family}
    for named in _parts(reference):
        parts = [part.replace("%", "%25").replace("|", "%7C") for part in named]
        yield "|".join((family, publisher, *parts))
        for one in sorted(types):
            yield "|".join((family, publisher, one, *parts))


def _parts(reference: str) -> Iterator[tuple[str, ...]]:
    yield (reference,)
    name, _, last = reference.rpartition(" ")
    try:
        day = date.fromisoformat(last)
    except ValueError:
        return
    if name:
        yield (name.strip(), day.isoformat())


def _people(event: Event) -> tuple[Somebody, ...]:
    if isinstance(event.data, RegistrationPerson):
        return (event.data.person,)
    if isinstance(event.data, RegisterData):
        return ()
    return people_of(event.data)


def _only(found: Iterable[Found]) -> Found:
    people = {handle for handle in found if handle is not None}
    if len(people) > 1:
        raise Several
    return next(iter(people), None)
