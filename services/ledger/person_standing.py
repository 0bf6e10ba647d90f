"""Where somebody stands in an occurrence: under which references and keys, and whether guarded.

What is protected joins nothing: a reference that speaks of a protected number and of another one
is nobody's here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from routing_rules.humans import usable_nhs_number
from routing_rules.identifying import Identification, identified
from routing_rules.people import parties_of
from routing_rules.subjects import people_of
from routing_rules.working_time import LONDON
from schemas.events import AnyEventData, Event, RegisterData
from schemas.occurrence import fold
from schemas.person import Person
from schemas.values import Role

_BY_NUMBER = "nhs:"


@dataclass(frozen=True, slots=True)
class Sought:
    """Whose standing is asked for.

    By all NHS numbers of one person, with the date of birth that an unverified one must come
    with; by keys of an unborn child; or by the references in one occurrence. `protected` are the
    numbers among all that are spoken of which lead to nobody else.
    """

    numbers: frozenset[str] = frozenset()
    date_of_birth: date | None = None
    keys: frozenset[str] = frozenset()
    refs: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """An occurrence as the ledger holds it.

    By its last decision nothing is ever told about the references `guarded`, and nothing any more
    about those `rested`, since a pregnancy was lost.
    """

    occurrence_id: UUID
    type: str
    occurred_at: datetime
    is_cancelled: bool
    person_keys: Mapping[str, str]
    events: tuple[Event, ...]
    identified: tuple[Identification, ...] = ()
    guarded: frozenset[str] = frozenset()
    rested: frozenset[str] = frozenset()

    @property
    def data(self) -> AnyEventData | None:
        """As all its events tell it, with who was traced; None of what is the register's."""
        data = fold(self.events) if len(self.events) > 1 else self.events[0].data
        return None if isinstance(data, RegisterData) else identified(data, self.identified)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody whom its events name."""
        data = self.data
        return () if data is None else people_of(data)


@dataclass(frozen=True, slots=True)
class Standing:
    """One person in one occurrence. Of somebody who is guarded there, nothing may be shown.

    `roles` leave out that somebody was accused beside being a victim.
    """

    occurrence_id: UUID
    type: str
    source: str
    occurred_at: datetime
    is_cancelled: bool
    refs: frozenset[str]
    keys: frozenset[str]
    roles: tuple[Role, ...]
    is_guarded: bool


def standing_in(told: Told, sought: Sought) -> Standing | None:
    """Where a person stands in an occurrence; None if not in it."""
    people = {person.ref: person for person in told.people}
    mine = {
        ref
        for ref in {*people, *told.person_keys}
        if _is_sought(told, ref, people.get(ref), sought)
    }
    if not mine:
        return None
    humans, guarded, _ = _humans(told)
    same = {humans.get(ref, ref) for ref in mine}
    refs = mine | {
        ref
        for ref, human in humans.items()
        if human in same and not speaks_of(told, ref, people.get(ref)) - sought.numbers
    }
    roles = [_role(told, ref, people.get(ref)) for ref in refs]
    shown = {role for role in roles if role is not Role.ALLEGED_PERPETRATOR}
    return Standing(
        occurrence_id=told.occurrence_id,
        type=told.type,
        source=told.events[0].source,
        occurred_at=told.occurred_at,
        is_cancelled=told.is_cancelled,
        refs=frozenset(refs),
        keys=frozenset(told.person_keys[ref] for ref in refs if ref in told.person_keys),
        roles=tuple(sorted(shown)),
        is_guarded=bool(refs & guarded) or not shown,
    )


def mother_of(told: Told, ref: str) -> Person | None:
    """Who carries an unborn child of an occurrence; None also where nothing is told about her."""
    _, _, mothers = _humans(told)
    return mothers.get(ref)


def numbers_told(told: Told) -> frozenset[str]:
    """Every NHS number that anything in an occurrence speaks of."""
    people = {person.ref: person for person in told.people}
    refs = {*people, *told.person_keys}
    return frozenset(n for ref in refs for n in speaks_of(told, ref, people.get(ref)))


def number_of(told: Told, ref: str) -> str | None:
    """The NHS number by which somebody in an occurrence is known and may be looked for."""
    person = next((each for each in told.people if each.ref == ref), None)
    if person is not None and (number := usable_nhs_number(person)) is not None:
        return number
    key = told.person_keys.get(ref, "")
    return key.removeprefix(_BY_NUMBER) if key.startswith(_BY_NUMBER) else None


def _is_sought(told: Told, ref: str, person: Person | None, sought: Sought) -> bool:
    spoken = speaks_of(told, ref, person)
    if spoken & sought.protected and spoken - sought.numbers:
        return False
    if ref in sought.refs.get(told.occurrence_id, ()):
        return True
    if told.person_keys.get(ref) in sought.keys:
        return True
    number = number_of(told, ref)
    if number is not None:
        return number in sought.numbers
    return (
        person is not None
        and person.nhs_number in sought.numbers
        and person.date_of_birth is not None
        and person.date_of_birth == sought.date_of_birth
    )


def _role(told: Told, ref: str, person: Person | None) -> Role:
    """Whoever is no person of the events was added by the register, or is not born yet."""
    if person is not None:
        return person.role
    is_unborn = told.person_keys.get(ref, "").startswith("unborn")
    return Role.UNBORN if is_unborn else Role.CHILD_KNOWN_TO_REGISTER


def speaks_of(told: Told, ref: str, person: Person | None) -> frozenset[str]:
    """Every NHS number that anything says of a reference, now or before."""
    key = told.person_keys.get(ref, "")
    numbers = {key.removeprefix(_BY_NUMBER)} if key.startswith(_BY_NUMBER) else set()
    numbers |= {each.nhs_number for each in told.identified if each.ref == ref}
    for event in told.events:
        if not isinstance(event.data, RegisterData):
            numbers |= {
                each.nhs_number
                for each in people_of(event.data)
                if each.ref == ref and each.nhs_number
            }
    if person is not None and person.nhs_number:
        numbers.add(person.nhs_number)
    return frozenset(numbers)


_Humans = tuple[Mapping[str, str], frozenset[str], Mapping[str, Person]]


def _humans(told: Told) -> _Humans:
    """By reference the first one of the same human; who is guarded; and mothers of the unborn."""
    data = told.data
    if data is None:
        return {}, told.guarded, {}
    on = told.occurred_at.astimezone(LONDON).date()
    keys = {person.ref: f"ref:{person.ref}" for person in people_of(data)} | dict(told.person_keys)
    parties = parties_of(data, keys, on)
    guarded = told.guarded | {party.person.ref for party in parties if party.guarded}
    mothers = {
        party.person.ref: party.mother
        for party in parties
        if party.mother is not None and not party.mother_is_guarded
    }
    return {party.person.ref: party.human for party in parties}, guarded, mothers
