"""Who somebody is as the register knows it now, and who else is known as theirs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from routing_rules.known import Identity, Known, Link
from routing_rules.register_bookings import ActiveBooking, active_booking
from routing_rules.register_family import Parenthood, is_of_parenthood, parenthoods
from routing_rules.register_fold import is_taken_back, last_word
from routing_rules.register_identities import Identities, identities_from
from routing_rules.register_people import RegisteredPerson, date_of_birth, person_as_at
from routing_rules.register_pregnancies import births_of, endings_of, is_lost_baby
from routing_rules.register_storage import row_from
from routing_rules.rulebook import Rulebook
from schemas.values import Relation
from services.ledger.queries import SQL
from services.ledger.register import RegisterUnreadable, read_register, same_people
from services.runtime.postgres import Connection


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody who is known as a person's: what they are to that person, and until when."""

    nhs_number: str
    relation: str
    born: date | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Someone:
    """A person with an NHS number, as the register knows them at a time.

    `numbers` are all of this person; `protected`, of all numbers that lead to them, those that
    join nobody. `registered` is None if only events name them.
    """

    number: str
    numbers: frozenset[str]
    protected: frozenset[str]
    known: Known
    registered: RegisteredPerson | None
    relatives: tuple[Relative, ...] = ()
    booking: ActiveBooking | None = None
    pregnancies_ended: tuple[datetime, ...] = ()
    is_lost: bool = False

    @property
    def date_of_birth(self) -> date | None:
        """As registered, else as a birth tells it."""
        if self.registered is not None and self.registered.date_of_birth is not None:
            return self.registered.date_of_birth
        return next(iter(self._born_on()), None)

    def _born_on(self) -> Iterator[date]:
        for birth in births_of(self.known, self.number):
            for baby in birth.babies:
                if baby.nhs_number == self.number and baby.date_of_birth is not None:
                    yield baby.date_of_birth

    @property
    def unborn_keys(self) -> frozenset[str]:
        """By which keys they stood in what happened before they were born."""
        return frozenset(
            f"unborn:{birth.pregnancy_id}:{baby.order}"
            for birth in births_of(self.known, self.number)
            if birth.pregnancy_id is not None and birth.mother != self.number
            for baby in birth.babies
            if baby.nhs_number == self.number
        )

    @property
    def mothers(self) -> frozenset[str]:
        """Who bore them, as births tell it."""
        births = births_of(self.known, self.number)
        return frozenset(b.mother for b in births if b.mother and b.mother != self.number)


async def identities_of(connection: Connection, numbers: Iterable[str]) -> Identities:
    """Who is who among these people, and all to whom changes of identity lead from them."""
    everybody = await same_people(connection, numbers)
    rows = await connection.fetch(SQL["identity_rows"], sorted(everybody))
    try:
        found = [row_from("identity", row["content"]) for row in rows]
    except ValueError:
        raise RegisterUnreadable("a stored row of the register does not fit") from None
    return identities_from([row for row in found if isinstance(row, Identity)])


async def read_someone(
    connection: Connection, nhs_number: str, rulebook: Rulebook, *, at: datetime
) -> Someone:
    """Whoever has an NHS number, by the one that holds. Raises `RegisterUnreadable`."""
    who = await identities_of(connection, [nhs_number])
    number = who.number_of(nhs_number)
    register = await read_register(connection, who.same_as(number))
    known = register.known_about([number])
    after = rulebook.settings.pregnancy_active_after_due_date
    return Someone(
        number=number,
        numbers=who.same_as(number),
        protected=who.protected,
        known=known,
        registered=person_as_at(known, number, at),
        relatives=tuple(_relatives(known, number)),
        booking=active_booking(known, number, at, after_due_date=after),
        pregnancies_ended=tuple(row.ended_at for row in endings_of(known, number)),
        is_lost=is_lost_baby(known, number),
    )


def _relatives(known: Known, number: str) -> Iterator[Relative]:
    """Parents and children first, then everybody else to whom a link leads."""
    for tie in parenthoods(known, number):
        if isinstance(tie, Parenthood):
            is_parent = tie.child == number
            other = tie.parent if is_parent else tie.child
            relation = "parent" if is_parent else "child"
            if not is_lost_baby(known, other):
                yield Relative(other, relation, date_of_birth(known, other), tie.ended_at)
    pairs: dict[str, list[Link]] = {}
    for link in known.links.get(number, ()):
        for other in {*link.ends} - {number}:
            pairs.setdefault(other, []).append(link)
    for other, links in sorted(pairs.items()):
        yield from _otherwise_related(known, number, other, links)


def _otherwise_related(
    known: Known, number: str, other: str, links: list[Link]
) -> Iterator[Relative]:
    gone = [link.told for link in links if link.told.withdraws]
    standing = [
        link
        for link in links
        if not link.told.withdraws
        and not is_of_parenthood(link)
        and not is_taken_back(link.told, gone)
    ]
    for link in last_word(standing)[:1] if standing else ():
        relation = _seen_from(link, number)
        yield Relative(other, relation, date_of_birth(known, other), link.ended_at)


def _seen_from(link: Link, number: str) -> str:
    """What the other one is to this person; a carer's other end is somebody cared for."""
    if link.relation is Relation.CARER and link.from_ == number:
        return "somebody cared for"
    return link.relation.value
