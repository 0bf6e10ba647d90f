"""The occurrences in which a person stands, read without locks; and what of them may be shown."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from routing_rules.humans import usable_nhs_number
from routing_rules.identifying import Identification
from routing_rules.pregnancy_endings import LET_IT_REST
from schemas.person import Person
from services.ledger.cases import stored_event
from services.ledger.jsonb import from_json
from services.ledger.person_identity import Someone, identities_of
from services.ledger.person_looks import Handle
from services.ledger.person_standing import (
    Sought,
    Standing,
    Told,
    mother_of,
    numbers_told,
    standing_in,
)
from services.ledger.queries import SQL
from services.runtime.postgres import Connection

MOST_OCCURRENCES = 500
"""Of one person, the newest."""


@dataclass(frozen=True, slots=True)
class Stands:
    """Where somebody stands. `told` are the occurrences that may be shown, the newest first.

    `kept_apart` are the NHS numbers (as they now hold) of all others where this person is guarded:
    no link of theirs may be shown either. `is_cut`: there are more than could be read.
    """

    shown: tuple[Standing, ...] = ()
    told: tuple[Told, ...] = ()
    kept_apart: frozenset[str] = frozenset()
    is_cut: bool = False

    @property
    def people(self) -> tuple[Person, ...]:
        """This person as the occurrences tell of them, the newest first."""
        refs = {each.occurrence_id: each.refs for each in self.shown}
        return tuple(
            person
            for told in self.told
            for person in told.people
            if person.ref in refs[told.occurrence_id]
        )

    @property
    def has_rested(self) -> bool:
        """Whether it was decided that nobody is told about this person any more: a loss."""
        by_id = {told.occurrence_id: told.rested for told in self.told}
        return any(each.refs & by_id[each.occurrence_id] for each in self.shown)

    @property
    def keys(self) -> tuple[tuple[UUID, str], ...]:
        """Occurrence and the person's key there."""
        return tuple((each.occurrence_id, key) for each in self.shown for key in sorted(each.keys))


async def read_told(connection: Connection, asked: Sequence[UUID]) -> list[Told]:
    """Occurrences with their events, in the order asked. Raises `CaseUnreadable`."""
    short = {
        row["occurrence_id"]: row
        for row in await connection.fetch(SQL["occurrences_in_short"], asked)
    }
    events = defaultdict(list)
    for row in await connection.fetch(SQL["events_of_occurrences"], asked):
        events[row["occurrence_id"]].append(stored_event(row))
    traced = defaultdict(list)
    for row in await connection.fetch(SQL["identifications_of_occurrences"], asked):
        one = Identification(row["ref"], row["nhs_number"], row["date_of_birth"])
        traced[row["occurrence_id"]].append(one)
    decided = {
        row["occurrence_id"]: row
        for row in await connection.fetch(SQL["people_of_last_decisions"], asked, LET_IT_REST)
    }
    found = []
    for each in dict.fromkeys(asked):
        if each not in short or not events[each]:
            continue
        people = decided[each]["people"] if each in decided else []
        keys = {ref: key for ref, key, _ in people}
        found.append(
            Told(
                occurrence_id=each,
                type=short[each]["type"],
                occurred_at=short[each]["occurred_at"],
                is_cancelled=short[each]["is_cancelled"],
                person_keys=keys | from_json(short[each]["person_keys"]),
                events=tuple(events[each]),
                identified=tuple(traced[each]),
                guarded=frozenset(ref for ref, _, is_guarded in people if is_guarded == "true"),
                rested=frozenset(decided[each]["rested"] if each in decided else ()),
            )
        )
    return found


async def stands_of(connection: Connection, someone: Someone) -> Stands:
    """Where somebody with an NHS number stands, also before they were born."""
    numbers = someone.numbers | (someone.mothers if someone.unborn_keys else frozenset())
    sought = Sought(someone.numbers, someone.date_of_birth, someone.unborn_keys)
    return await _stands(connection, numbers, (), sought)


async def stands_of_ref(connection: Connection, handle: Handle) -> Stands:
    """Where somebody without a number stands: in one occurrence, or wherever their pregnancy is."""
    if handle.occurrence_id is None or handle.ref is None:
        return Stands()
    told = await read_told(connection, [handle.occurrence_id])
    key = told[0].person_keys.get(handle.ref, "") if told else ""
    is_unborn = key.startswith("unborn:")
    mother = mother_of(told[0], handle.ref) if told and is_unborn else None
    number = None if mother is None else usable_nhs_number(mother)
    who = await identities_of(connection, [number] if number else [])
    sought = Sought(
        keys=frozenset({key} if is_unborn else ()),
        refs={handle.occurrence_id: frozenset({handle.ref})},
    )
    numbers = who.same_as(number) if number else frozenset[str]()
    return await _stands(connection, numbers, (handle.occurrence_id,), sought)


async def _stands(
    connection: Connection, numbers: Iterable[str], besides: Iterable[UUID], sought: Sought
) -> Stands:
    rows = await connection.fetch(
        SQL["occurrences_of_people"], sorted(numbers), MOST_OCCURRENCES + 1
    )
    asked = dict.fromkeys((*(row["occurrence_id"] for row in rows[:MOST_OCCURRENCES]), *besides))
    told = await read_told(connection, [*asked])
    spoken = frozenset(number for each in told for number in numbers_told(each))
    who = await identities_of(connection, spoken)
    sought = replace(sought, protected=who.protected)
    standing = {
        each.occurrence_id: found
        for each in told
        if (found := standing_in(each, sought)) is not None
    }
    hidden = {key for key, each in standing.items() if each.is_guarded}
    others = {n for each in told if each.occurrence_id in hidden for n in numbers_told(each)}
    return Stands(
        shown=tuple(each for key, each in standing.items() if key not in hidden),
        told=tuple(t for t in told if t.occurrence_id in standing.keys() - hidden),
        kept_apart=frozenset(map(who.number_of, others)),
        is_cut=len(rows) > MOST_OCCURRENCES,
    )
