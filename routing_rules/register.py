"""The register: what registrations, links, bookings, births and attendances told, in memory.

The router fills one from the ledger for a batch (`add`), and stores what the batch tells; `rules
explain` keeps one for a whole stream. Each event has one row (an attendance, the end of a
pregnancy and a firing: each occurrence), and none is changed by another, so that out-of-order,
repeated and corrected events end in the same state. What they mean is worked out from what
`known_about` returns, by `register_people`, `register_family`, `register_bookings`,
`register_pregnancies` and `register_history`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from routing_rules.known import (
    Booking,
    Firing,
    Identity,
    Known,
    Link,
    Registration,
    Row,
)
from routing_rules.onward_arrivals import may_be_arrival
from routing_rules.register_checks import problems_of
from routing_rules.register_endings import ending_of, identity_of
from routing_rules.register_family import is_of_parenthood
from routing_rules.register_kept import Kept
from routing_rules.register_problems import ProblemKind, RegisterProblem
from routing_rules.register_rows import (
    RegisterEvent,
    attendance_of,
    booking_of,
    event_name,
    is_due_date_dropped,
    link_of,
    registration_of,
    sent_on_of,
)
from schemas.events import EmergencyAttendance
from schemas.maternity import Birth, MaternityBooking, PregnancyEnded
from schemas.onward_referral import OnwardReferral
from schemas.registration import FamilyLink, IdentityChange, RegistrationPerson


@dataclass(frozen=True, slots=True)
class Applied:
    """What one event changed: the rows to be stored, and the problems that it brought.

    `affected` are the NHS numbers of whom something else may now be known: what happened to them
    before is decided again. A repeated event changes nothing. `since` says from when on that is so
    of an attendance, where its arrival was told otherwise before.
    """

    rows: tuple[Row, ...] = ()
    affected: frozenset[str] = frozenset()
    problems: tuple[RegisterProblem, ...] = ()
    since: datetime | None = None


@dataclass(slots=True)
class Register:
    """All rows, by the NHS numbers that they are about; mutable, and for one task only."""

    _kept: Kept = field(default_factory=Kept)

    def add(self, rows: Iterable[Row]) -> None:
        """Keep rows, such as those that the ledger holds.

        To apply events about some people, the register must hold their rows, those of the people
        to whom they are linked, and all bookings of the pregnancies that are spoken of.
        """
        for row in rows:
            self._kept.put(row)

    def apply(self, event: RegisterEvent) -> Applied:
        """Take one registration, family link, booking or change of identity; no other event."""
        match event.data:
            case RegistrationPerson() as data:
                return self._apply_registration(registration_of(event, data))
            case FamilyLink() as data:
                return self._apply_link(link_of(event, data))
            case MaternityBooking() as data:
                return self._apply_booking(booking_of(event, data), event)
            case IdentityChange() as data:
                return self._apply_identity(identity_of(event, data))
            case _:
                return Applied()

    def attended(
        self, occurrence_id: UUID, told: EmergencyAttendance, arrived_at: datetime
    ) -> Applied:
        """Take an attendance as all its events now tell it, with when it occurred (aware).

        It stands in the place of what the occurrence told before, so that the order in which its
        events came in does not matter.
        """
        former = self._kept.attendances.find(occurrence_id)
        row = attendance_of(occurrence_id, told, arrived_at)
        if row is None and former is not None:
            row = replace(former, counts=False, happened=False)
        if row is None or row == former:
            return Applied()
        self._kept.attendances.put(row)
        both = (row, former or row)
        affected = self._everybody({each.nhs_number for each in both})
        since = min(each.arrived_at for each in both)
        sent = (
            one.sent_at for one in self._kept.sent_on.under(affected) if may_be_arrival(one, both)
        )
        return Applied((row,), affected, since=min((since, *sent)))

    def sent_on(self, occurrence_id: UUID, told: OnwardReferral, sent_at: datetime) -> Applied:
        """Take an onward referral as all its events now tell it, with when it occurred (aware).

        It says from when on an arrival concerns it; of others nothing is learned.
        """
        row = sent_on_of(occurrence_id, told, sent_at)
        if row is None or row == self._kept.sent_on.find(occurrence_id):
            return Applied()
        self._kept.sent_on.put(row)
        return Applied((row,))

    def pregnancy_over(
        self,
        occurrence_id: UUID,
        told: Birth | PregnancyEnded,
        *,
        publisher: str,
        ended_at: datetime,
    ) -> Applied:
        """Take a birth, or the end of a pregnancy, as all its events now tell it.

        Its mother is found by the pregnancy where it does not name her. Whoever is affected is
        so however long ago: the caller says since when.
        """
        row = ending_of(occurrence_id, publisher, told, ended_at)
        former = self._kept.endings.find(occurrence_id)
        if row == former or (former is None and not row.stands):
            return Applied()
        both = (row, former or row)
        names = frozenset(each.pregnancy_id for each in both if each.pregnancy_id is not None)
        same = self._kept.endings.under(each.pregnancy for each in both)
        people = frozenset(number for each in (*both, *same) for number in each.numbers)
        mothers = {one for each in both for one in self._kept.mothers_of(each.pregnancy)}
        about = people | mothers | self._kept.concerned_by(names)
        before = self._problems(about)
        changed = self._put(row, names)
        brought = self._problems(about) - before
        mothers |= self._kept.mothers_of(row.pregnancy)
        family = {number for each in people for number in self._family_of(each)}
        affected = self._everybody({*mothers, *people, *family, *changed})
        return Applied((row,), affected, tuple(sorted(brought)))

    def mother_of(self, publisher: str, pregnancy_id: str | None) -> str | None:
        """Whose pregnancy it is, by the number that holds, if all who tell of it agree."""
        if pregnancy_id is None:
            return None
        told = self._kept.mothers_of((publisher, pregnancy_id))
        mothers = {self._kept.who.number_of(number) for number in told}
        return mothers.pop() if len(mothers) == 1 else None

    def pregnancies_of(self, nhs_numbers: Iterable[str]) -> frozenset[tuple[str, str]]:
        """The pregnancies of which bookings, births and ends name any of these for the mother."""
        asked = {*nhs_numbers}
        booked = {row.pregnancy for row in self._kept.bookings.under(asked)}
        return frozenset(booked | {row.pregnancy for row in self._kept.endings.under(asked)})

    def same_as(self, nhs_number: str) -> frozenset[str]:
        """All numbers of this number's person, with itself."""
        return self._kept.who.same_as(nhs_number)

    def fired(self, firings: Iterable[Firing], *, no_longer: Iterable[Firing] = ()) -> None:
        """Note which rules fired, and which did not after all when it was decided again."""
        for firing in no_longer:
            self._kept.firings.take(firing)
        self.add(firings)

    def firings_in(self, occurrence_id: UUID) -> tuple[Firing, ...]:
        """The rules that fire once in a while and fired in this occurrence."""
        return self._kept.firings_in(occurrence_id)

    def known_about(self, nhs_numbers: Iterable[str]) -> Known:
        """All that facts about these people can need: their rows, and who their children are."""
        return self._kept.known_about(nhs_numbers)

    def _apply_registration(self, row: Registration | RegisterProblem) -> Applied:
        if isinstance(row, RegisterProblem):
            return Applied(problems=(row,))
        if self._kept.registrations.find(row.told.event):
            return Applied()
        return self._keep(row, {row.nhs_number, *self._family_of(row.nhs_number)})

    def _apply_link(self, row: Link | RegisterProblem) -> Applied:
        if isinstance(row, RegisterProblem):
            return Applied(problems=(row,))
        return Applied() if self._kept.links.find(row.told.event) else self._keep(row, {*row.ends})

    def _apply_booking(self, row: Booking, event: RegisterEvent) -> Applied:
        if self._kept.bookings.find(row.told.event):
            return Applied()
        told = (row, *self._kept.bookings.under((row.pregnancy,)))
        mothers = {one.mother for one in told if one.mother}
        about = row.mother or event_name(event)
        problems = set()
        if not mothers and not row.told.withdraws:
            problems.add(RegisterProblem(about, ProblemKind.NO_NHS_NUMBER, "mother.nhs_number"))
        if is_due_date_dropped(event):
            problems.add(
                RegisterProblem(about, ProblemKind.IMPLAUSIBLE_DUE_DATE, "expected_due_date")
            )
        return self._keep(row, mothers, problems)

    def _apply_identity(self, row: Identity | RegisterProblem) -> Applied:
        """What was told of the one number may from now on be so of the other, or not any more."""
        if isinstance(row, RegisterProblem):
            return Applied(problems=(row,))
        if self._kept.identities.find(row.told.event):
            return Applied()
        before = self._everybody(row.numbers)
        found = self._keep(row, row.numbers)
        everybody = before | found.affected
        family = {number for each in everybody for number in self._family_of(each)}
        return replace(found, affected=self._everybody(everybody | family))

    def _family_of(self, nhs_number: str) -> frozenset[str]:
        """Parents and children, as links and births told them, before a birth or after it."""
        same = self._kept.who.same_as(nhs_number)
        links = (link for link in self._kept.links.under(same) if is_of_parenthood(link))
        ends = {end for link in links for end in link.ends}
        born = {n for row in self._kept.endings.under(same) for n in row.numbers}
        return frozenset(ends | born) | self._kept.concerned_by(self._kept.names_of(nhs_number))

    def _everybody(self, nhs_numbers: Iterable[str]) -> frozenset[str]:
        """These people, by all numbers under which they may stand in what happened."""
        who = self._kept.who
        told = frozenset(nhs_numbers)
        return told | {same for number in told for same in who.same_as(number)}

    def _problems(self, nhs_numbers: Iterable[str]) -> frozenset[RegisterProblem]:
        who = self._kept.who
        about = frozenset(map(who.number_of, nhs_numbers))
        found = problems_of(self.known_about(about), about) | self._kept.unclear_links(about)
        return found | who.problems

    def _put(self, row: Row, names: Iterable[str]) -> frozenset[str]:
        """Keep a row; whose links to a baby that changes, of links to these pregnancies."""
        before = self._kept.passed_on(names)
        self._kept.put(row)
        changed = before ^ self._kept.passed_on(names)
        return frozenset(end for link in changed for end in link.ends)

    def _keep(
        self,
        row: Registration | Link | Booking | Identity,
        affected: Iterable[str],
        problems: Iterable[RegisterProblem] = (),
    ) -> Applied:
        """Keep a new row; of all that cannot stand, what it brought is told."""
        told = frozenset(affected)
        name = row.pregnancy_id if isinstance(row, Link | Booking) else None
        names = () if name is None else (name,)
        about = told | self._kept.concerned_by(names)
        before = self._problems(about)
        changed = self._put(row, names)
        about |= changed
        brought = self._problems(about) - before
        found = tuple(sorted({*problems, *brought}))
        return Applied((row,), self._everybody(told | changed), found)
