"""What the register knows of one person, as at a time.

Practice, school, address, health-visiting team, family nurse and flags are as they were recorded
at the time. Who somebody is does not change with time: name, date of birth, sex and death are as
last recorded, and so is whether the address is restricted, which protects only if it holds at
once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter

from routing_rules.humans import usable_nhs_number
from routing_rules.known import Attendance, Booking, Ending, Known, Registration
from routing_rules.register_fold import BORN, Settled, confirmed, settled
from routing_rules.register_rows import FLAG, UNCLEAR_FLAG
from routing_rules.working_time import LONDON
from schemas.person import Address, Name, Person, School
from schemas.registration import Flag, FlagKind, FlagState
from schemas.values import Sex

_TIMELESS = ("name", BORN, "sex", "address_restricted", "deceased_on")
_AS_AT = ("address", "gp_practice", "school", "health_visiting_team", "family_nurse")


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """One person as the register knows them at a time; None or unknown is not known.

    `flags` are those recorded by then, active or not. `contradicted` names the fields of which
    nothing holds because two records of the same time contradict each other.
    """

    nhs_number: str
    name: Name | None = None
    date_of_birth: date | None = None
    sex: Sex = Sex.UNKNOWN
    deceased_on: date | None = None
    address_restricted: bool | None = None
    address: Address | None = None
    gp_practice: str | None = None
    school: School | None = None
    health_visiting_team: str | None = None
    family_nurse: bool | None = None
    flags: tuple[Flag, ...] = ()
    contradicted: frozenset[str] = frozenset()


_READ = TypeAdapter(RegisteredPerson)
_FLAGS = TypeAdapter(tuple[Flag, ...])


def person_as_at(known: Known, nhs_number: str, at: datetime) -> RegisteredPerson | None:
    """What the register knows of a person at a time (aware); None if it does not know them."""
    rows = confirmed(known.registrations.get(nhs_number, ()))
    if not rows:
        return None
    by_then = [row for row in rows if row.recorded_at <= at]
    flags = _settled_flags(by_then)
    found = {
        **{name: settled(rows, name) for name in _TIMELESS},
        **{name: settled(by_then, name) for name in _AS_AT},
    }
    contradicted = {name for name, one in found.items() if one and one.is_contradicted}
    if any(one.is_contradicted for one in flags.values()):
        contradicted.add("flags")
    given = {name: one.value for name, one in found.items() if one and one.value is not None}
    return _READ.validate_python(
        {
            **given,
            "nhs_number": nhs_number,
            "flags": [flag for name, one in flags.items() for flag in _flags(name, one)],
            "contradicted": contradicted,
        }
    )


def matches(person: Person, registered: RegisteredPerson) -> bool:
    """Whether somebody in an event is this registered person (contracts, "Person").

    A verified or traced NHS number is enough; another one only with the date of birth.
    """
    if person.nhs_number != registered.nhs_number:
        return False
    if usable_nhs_number(person):
        return True
    born = person.date_of_birth
    return born is not None and born == registered.date_of_birth


def date_of_birth(known: Known, nhs_number: str) -> date | None:
    """When a person was born, if the register knows."""
    one = settled(confirmed(known.registrations.get(nhs_number, ())), BORN)
    return date.fromisoformat(str(one.value)) if one and one.value else None


def is_theirs(known: Known, nhs_number: str, row: Booking | Attendance | Ending) -> bool:
    """Whether what gives this number is about its person: verified, or with their birth date."""
    if row.verified:
        return True
    return row.date_of_birth is not None and row.date_of_birth == date_of_birth(known, nhs_number)


def active_flags(person: RegisteredPerson, at: datetime) -> frozenset[FlagKind]:
    """The flags that are set on the day (in London) of a time; a missing end is open."""
    day = at.astimezone(LONDON).date()
    return frozenset(
        flag.kind for flag in person.flags if flag.state is FlagState.ACTIVE and _covers(flag, day)
    )


def uncertain_flags(person: RegisteredPerson, at: datetime) -> frozenset[FlagKind]:
    """The flags of which it is not known whether they are set then: unknown is not no.

    Their state is not known or contradicted, or they would have ended before they began.
    """
    day = at.astimezone(LONDON).date()
    return frozenset(
        flag.kind
        for flag in person.flags
        if (flag.state is FlagState.UNKNOWN and _covers(flag, day))
        or (flag.state is FlagState.ACTIVE and _ends_before_it_begins(flag))
    )


def _settled_flags(rows: Sequence[Registration]) -> dict[str, Settled]:
    """What holds of each flag by its field; an unclear one does not undo one that is clear."""
    told = {name for row in rows for name in row.fields}
    clear = {name for name in told if name.startswith(FLAG)}
    unclear = {name for name in told if name.startswith(UNCLEAR_FLAG)}
    unclear -= {UNCLEAR_FLAG + name.removeprefix(FLAG) for name in clear}
    found = {name: settled(rows, name) for name in sorted(clear | unclear)}
    return {name: one for name, one in found.items() if one}


def _flags(name: str, one: Settled) -> tuple[Flag, ...]:
    if not one.is_contradicted:
        return _FLAGS.validate_python(one.value)
    _, kind, authority = name.split(":", 2)
    return (Flag(kind=FlagKind(kind), state=FlagState.UNKNOWN, authority=authority or None),)


def _covers(flag: Flag, day: date) -> bool:
    return (flag.from_ or day) <= day <= (flag.until or day)


def _ends_before_it_begins(flag: Flag) -> bool:
    return flag.from_ is not None and flag.until is not None and flag.until < flag.from_
