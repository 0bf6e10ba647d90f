"""Everything about one person over time, as it may be shown: docs/adr/0020 says what never is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from routing_rules.humans import usable_nhs_number
from routing_rules.register_people import RegisteredPerson, date_of_birth
from routing_rules.rulebook import Rulebook
from schemas.person import Name, Person
from schemas.values import Role
from services.ledger.jsonb import from_json
from services.ledger.person_identity import Relative, Someone, identities_of, read_someone
from services.ledger.person_looks import Handle
from services.ledger.person_reading import Stands, read_told, stands_of, stands_of_ref
from services.ledger.person_standing import Standing, mother_of
from services.ledger.queries import SQL
from services.runtime.postgres import Connection

MOST_DUTIES = 200
_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
_MOST_NAMES = 50


class Place(NamedTuple):
    """A place in a timeline, behind which it goes on."""

    at: datetime = _BEGINNING
    kind: str = ""
    place: int = 0
    belongs_to: UUID = UUID(int=0)


class Line(NamedTuple):
    """One line of a timeline: an event, a decision, or a change, receipt or step of a duty."""

    at: datetime
    kind: str
    place: int
    belongs_to: UUID
    by: str
    what: str
    why: str

    @property
    def position(self) -> Place:
        """Where it stands."""
        return Place(self.at, self.kind, self.place, self.belongs_to)


class DutyAbout(NamedTuple):
    """A duty about the person; `recipient_sequence` is the last notice's number on its queue."""

    duty_id: UUID
    occurrence_id: UUID
    service: str
    recipient: str
    kind: str
    instead_of: str | None
    urgency: str
    respond_by: datetime
    late: bool
    state: str
    owed_at: datetime
    ended_at: datetime | None
    cause: str | None
    recipient_sequence: int | None
    handling: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonStory:
    """One person, without addresses and without anybody else's details.

    `duties` are the newest, of `duty_ids` in all. `without_rule` are occurrences in which no rule
    applied though somebody should have been told. `is_unborn_lost`: a pregnancy that is over, of
    which to speak gently.
    """

    someone: Someone | None
    stands: Stands
    name: Name | None
    born: date | None
    due: date | None
    address_restricted: bool | None
    relatives: tuple[Relative, ...]
    unborn: tuple[Handle, ...]
    duties: tuple[DutyAbout, ...]
    duty_ids: tuple[UUID, ...]
    without_rule: frozenset[UUID]
    register_names: tuple[str, ...]
    is_lost: bool

    @property
    def registered(self) -> RegisteredPerson | None:
        """As the register knows them."""
        return None if self.someone is None else self.someone.registered

    @property
    def occurrences(self) -> tuple[Standing, ...]:
        """Where they stand and may be shown, the newest first."""
        return self.stands.shown

    @property
    def is_cut(self) -> bool:
        """Whether there are more events or duties than these, which are the newest."""
        return self.stands.is_cut or len(self.duties) < len(self.duty_ids)

    @property
    def is_unborn(self) -> bool:
        """Whether they are known as an unborn child only."""
        roles = {role for each in self.occurrences for role in each.roles}
        return self.someone is None and roles == {Role.UNBORN}

    @property
    def things(self) -> tuple[str, ...]:
        """The ids of what is shown, for the record."""
        shown = [str(each.occurrence_id) for each in self.occurrences]
        return (*shown, *(str(each.duty_id) for each in self.duties), *self.register_names)


async def person_story(
    connection: Connection,
    handle: Handle,
    rulebook: Rulebook,
    *,
    at: datetime,
    most_duties: int = MOST_DUTIES,
) -> PersonStory:
    """A person as at a time. Raises `CaseUnreadable` and `RegisterUnreadable`."""
    someone = None
    if handle.nhs_number is not None:
        someone = await read_someone(connection, handle.nhs_number, rulebook, at=at)
        stands = await stands_of(connection, someone)
        relatives = _may_be_shown(someone.relatives, stands)
    else:
        stands = await stands_of_ref(connection, handle)
        relatives = await _mother(connection, handle, rulebook, at)
    occurrences = [occurrence for occurrence, _ in stands.keys]
    keys = [key for _, key in stands.keys]
    rows = await connection.fetch(SQL["duties_about"], occurrences, keys, at, most_duties)
    ids = await connection.fetch(SQL["duty_ids_about"], occurrences, keys)
    without = await connection.fetch(SQL["without_rule_about"], occurrences, keys)
    numbers = [] if someone is None else sorted(someone.numbers)
    names = await connection.fetch(SQL["register_names"], numbers, _MOST_NAMES)
    people, registered = stands.people, None if someone is None else someone.registered
    return PersonStory(
        someone=someone,
        stands=stands,
        name=_first(registered, people, "name"),
        born=(someone.date_of_birth if someone else None) or _first(None, people, "date_of_birth"),
        due=_first(None, people, "expected_due_date"),
        address_restricted=_is_restricted(registered, people),
        relatives=relatives,
        unborn=() if someone is None else _unborn(stands),
        duties=tuple(_duty(row) for row in rows),
        duty_ids=tuple(row["duty_id"] for row in ids),
        without_rule=frozenset(row["occurrence_id"] for row in without),
        register_names=tuple(row["name"] for row in names),
        is_lost=stands.has_rested or (someone is not None and someone.is_lost),
    )


async def timeline(
    connection: Connection, story: PersonStory, *, after: Place, limit: int
) -> tuple[Line, ...]:
    """Everything that came of what may be shown, in order of time, from behind a place."""
    occurrences = [each.occurrence_id for each in story.occurrences]
    rows = await connection.fetch(
        SQL["timeline_about"], occurrences, list(story.duty_ids), *after, limit
    )
    return tuple(Line(**dict(row)) for row in rows)


async def recipients_of(
    connection: Connection, lines: Sequence[Line]
) -> dict[UUID, tuple[str, str]]:
    """By duty, the service and recipient of every duty of which the lines speak."""
    ids = list({each.belongs_to for each in lines})
    rows = await connection.fetch(SQL["duties_named"], ids)
    return {row["duty_id"]: (row["service"], row["recipient"]) for row in rows}


def _first(registered: RegisteredPerson | None, people: Sequence[Person], name: str) -> Any:
    """What the register says, else the newest event that says anything."""
    told = (getattr(each, name) for each in (registered, *people) if each is not None)
    return next((value for value in told if value is not None), None)


def _is_restricted(registered: RegisteredPerson | None, people: Sequence[Person]) -> bool | None:
    """Restricted if anything says so; unrestricted only if something does and nothing otherwise."""
    said = {each.address_restricted for each in (registered, *people) if each is not None}
    if True in said:
        return True
    return False if False in said else None


def _may_be_shown(relatives: Sequence[Relative], stands: Stands) -> tuple[Relative, ...]:
    """Without those from whom this person is kept apart somewhere."""
    return tuple(each for each in relatives if each.nhs_number not in stands.kept_apart)


def _unborn(stands: Stands) -> tuple[Handle, ...]:
    """The unborn children that this person carries, by one place where each stands."""
    found: dict[str, Handle] = {}
    mine = {each.occurrence_id: each.refs for each in stands.shown}
    for told in stands.told:
        for ref, key in told.person_keys.items():
            mother = mother_of(told, ref) if key.startswith("unborn") else None
            if mother is not None and mother.ref in mine[told.occurrence_id]:
                handle = Handle(occurrence_id=told.occurrence_id, ref=ref)
                found.setdefault(key, handle)
    return tuple(found.values())


async def _mother(
    connection: Connection, handle: Handle, rulebook: Rulebook, at: datetime
) -> tuple[Relative, ...]:
    """The mother of an unborn child, where she may be shown with it."""
    if handle.occurrence_id is None or handle.ref is None:
        return ()
    told = await read_told(connection, [handle.occurrence_id])
    mother = mother_of(told[0], handle.ref) if told else None
    number = None if mother is None else usable_nhs_number(mother)
    if number is None:
        return ()
    who = await identities_of(connection, [number])
    if who.same_as(number) & who.protected:
        return ()
    someone = await read_someone(connection, number, rulebook, at=at)
    return (Relative(someone.number, "mother", date_of_birth(someone.known, number), None),)


def _duty(row: asyncpg.Record) -> DutyAbout:
    values: dict[str, Any] = dict(row)
    values["handling"] = tuple(from_json(values["handling"]))
    return DutyAbout(**values)
