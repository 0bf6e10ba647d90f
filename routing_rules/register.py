"""The register: what registrations, links, bookings and attendances have told, in memory.

The router fills one from the ledger for a batch (`add`), and stores what the batch tells; `rules
explain` keeps one for a whole stream. Each event has one row (an attendance and a firing: each
occurrence), and none is changed by another, so that out-of-order, repeated and corrected events
end in the same state. What they mean is worked out from what `known_about` returns, by
`register_people`, `register_family`, `register_bookings` and `register_history`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from routing_rules.known import (
    Attendance,
    Booking,
    Firing,
    Known,
    Link,
    Registration,
    Row,
    SentOn,
)
from routing_rules.onward_arrivals import may_be_arrival
from routing_rules.register_checks import problems_of
from routing_rules.register_family import child_ends, is_of_parenthood
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
from routing_rules.register_shelves import Shelf, by_number
from schemas.events import EmergencyAttendance
from schemas.maternity import MaternityBooking
from schemas.onward_referral import OnwardReferral
from schemas.registration import FamilyLink, RegistrationPerson


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


def _registrations() -> Shelf[Registration]:
    return Shelf(
        name=lambda row: row.told.event,
        labels=lambda row: (row.nhs_number,),
        order=lambda row: (row.recorded_at, row.told.event),
    )


def _links() -> Shelf[Link]:
    return Shelf(
        name=lambda row: row.told.event,
        labels=lambda row: row.ends,
        order=lambda row: (row.recorded_at, row.told.event),
    )


def _bookings() -> Shelf[Booking]:
    return Shelf(
        name=lambda row: row.told.event,
        labels=lambda row: (row.pregnancy, *((row.mother,) if row.mother else ())),
        order=lambda row: (row.told.place, row.told.event),
    )


def _attendances() -> Shelf[Attendance]:
    return Shelf(
        name=lambda row: row.occurrence_id,
        labels=lambda row: (row.nhs_number,),
        order=lambda row: (row.arrived_at, row.occurrence_id),
    )


def _sent_on() -> Shelf[SentOn]:
    return Shelf(
        name=lambda row: row.occurrence_id,
        labels=lambda row: (row.nhs_number,),
        order=lambda row: (row.sent_at, row.occurrence_id),
    )


def _firings() -> Shelf[Firing]:
    return Shelf(
        name=lambda row: (row.rule, row.nhs_number, row.occurrence_id),
        labels=lambda row: (row.nhs_number, row.occurrence_id),
        order=lambda row: (row.occurred_at, row.rule, row.occurrence_id),
    )


@dataclass(slots=True)
class Register:
    """All rows, by the NHS numbers that they are about; mutable, and for one task only."""

    _registrations: Shelf[Registration] = field(default_factory=_registrations)
    _links: Shelf[Link] = field(default_factory=_links)
    _bookings: Shelf[Booking] = field(default_factory=_bookings)
    _attendances: Shelf[Attendance] = field(default_factory=_attendances)
    _sent_on: Shelf[SentOn] = field(default_factory=_sent_on)
    _firings: Shelf[Firing] = field(default_factory=_firings)

    def add(self, rows: Iterable[Row]) -> None:
        """Keep rows, such as those that the ledger holds.

        To apply events about some people, the register must hold their rows, those of the people
        to whom they are linked, and all bookings of the pregnancies that are spoken of.
        """
        for row in rows:
            match row:
                case Registration():
                    self._registrations.put(row)
                case Link():
                    self._links.put(row)
                case Booking():
                    self._bookings.put(row)
                case Attendance():
                    self._attendances.put(row)
                case SentOn():
                    self._sent_on.put(row)
                case _:
                    self._firings.put(row)

    def apply(self, event: RegisterEvent) -> Applied:
        """Take one registration, family link or booking; any other event tells nothing here."""
        match event.data:
            case RegistrationPerson() as data:
                return self._apply_registration(registration_of(event, data))
            case FamilyLink() as data:
                return self._apply_link(link_of(event, data))
            case MaternityBooking() as data:
                return self._apply_booking(booking_of(event, data), event)
            case _:
                return Applied()

    def attended(
        self, occurrence_id: UUID, told: EmergencyAttendance, arrived_at: datetime
    ) -> Applied:
        """Take an attendance as all its events now tell it, with when it occurred (aware).

        It stands in the place of what the occurrence told before, so that the order in which its
        events came in does not matter.
        """
        former = self._attendances.find(occurrence_id)
        row = attendance_of(occurrence_id, told, arrived_at)
        if row is None and former is not None:
            row = replace(former, counts=False, happened=False)
        if row is None or row == former:
            return Applied()
        self._attendances.put(row)
        both = (row, former or row)
        affected = frozenset(each.nhs_number for each in both)
        since = min(each.arrived_at for each in both)
        sent = (one.sent_at for one in self._sent_on.under(affected) if may_be_arrival(one, both))
        return Applied((row,), affected, since=min((since, *sent)))

    def sent_on(self, occurrence_id: UUID, told: OnwardReferral, sent_at: datetime) -> Applied:
        """Take an onward referral as all its events now tell it, with when it occurred (aware).

        It says from when on an arrival concerns it; of others nothing is learned.
        """
        row = sent_on_of(occurrence_id, told, sent_at)
        if row is None or row == self._sent_on.find(occurrence_id):
            return Applied()
        self._sent_on.put(row)
        return Applied((row,))

    def fired(self, firings: Iterable[Firing], *, no_longer: Iterable[Firing] = ()) -> None:
        """Note which rules fired, and which did not after all when it was decided again."""
        for firing in no_longer:
            self._firings.take(firing)
        self.add(firings)

    def firings_in(self, occurrence_id: UUID) -> tuple[Firing, ...]:
        """The rules that fire once in a while and fired in this occurrence."""
        return self._firings.under((occurrence_id,))

    def known_about(self, nhs_numbers: Iterable[str]) -> Known:
        """All that facts about these people can need: their rows, and who their children are."""
        people = frozenset(nhs_numbers)
        links = by_number(people, lambda number: self._links.under((number,)))
        children = {end for rows in links.values() for link in rows for end in child_ends(link)}
        return Known(
            registrations=by_number(
                people | children, lambda number: self._registrations.under((number,))
            ),
            links=links,
            bookings=by_number(people, self._bookings_about),
            attendances=by_number(people, lambda number: self._attendances.under((number,))),
            firings=by_number(people, lambda number: self._firings.under((number,))),
        )

    def _bookings_about(self, nhs_number: str) -> tuple[Booking, ...]:
        """All bookings of each pregnancy for which any of them gives this mother."""
        given = self._bookings.under((nhs_number,))
        return self._bookings.under({row.pregnancy for row in given})

    def _apply_registration(self, row: Registration | RegisterProblem) -> Applied:
        if isinstance(row, RegisterProblem):
            return Applied(problems=(row,))
        if self._registrations.find(row.told.event):
            return Applied()
        links = self._links.under((row.nhs_number,))
        family = {end for link in links if is_of_parenthood(link) for end in link.ends}
        return self._keep(row, {row.nhs_number, *family})

    def _apply_link(self, row: Link | RegisterProblem) -> Applied:
        if isinstance(row, RegisterProblem):
            return Applied(problems=(row,))
        return Applied() if self._links.find(row.told.event) else self._keep(row, {*row.ends})

    def _apply_booking(self, row: Booking, event: RegisterEvent) -> Applied:
        if self._bookings.find(row.told.event):
            return Applied()
        told = (row, *self._bookings.under((row.pregnancy,)))
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

    def _keep(
        self,
        row: Registration | Link | Booking,
        affected: Iterable[str],
        problems: Iterable[RegisterProblem] = (),
    ) -> Applied:
        """Keep a new row; of all that cannot stand, what it brought is told."""
        about = frozenset(affected)
        before = problems_of(self.known_about(about), about)
        self.add([row])
        brought = problems_of(self.known_about(about), about) - before
        return Applied((row,), about, tuple(sorted({*problems, *brought})))
