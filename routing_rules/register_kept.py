"""The shelves of the register: all rows, found by what they are about, and read as joined.

Which numbers are one person's is worked out when it is asked (`register_identities`), so that a
row is never changed, and what was joined can be parted again.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from routing_rules.known import (
    Attendance,
    Booking,
    Ending,
    Firing,
    Identity,
    Known,
    Link,
    Registration,
    Row,
    SentOn,
)
from routing_rules.register_family import child_ends
from routing_rules.register_identities import NOBODY_CHANGED, Identities, identities_from
from routing_rules.register_joined import (
    joined_bookings,
    joined_endings,
    joined_links,
    joined_rows,
)
from routing_rules.register_problems import RegisterProblem
from routing_rules.register_shelves import Shelf, by_number
from routing_rules.register_unborn_links import OfOneName


def _registrations() -> Shelf[Registration]:
    return Shelf(
        name=lambda row: row.told.event,
        labels=lambda row: (row.nhs_number,),
        order=lambda row: (row.recorded_at, row.told.event),
    )


def _links() -> Shelf[Link]:
    return Shelf(
        name=lambda row: row.told.event,
        labels=lambda row: (*row.ends, *_unborn(row)),
        order=_order_of_link,
    )


def _order_of_link(row: Link) -> tuple[datetime, str, str, str]:
    return row.recorded_at, row.told.event, row.from_, row.to


def _unborn(row: Link | Booking | Ending) -> tuple[tuple[str], ...]:
    """By what links to unborn children are found, and all that is told of their pregnancy."""
    return () if row.pregnancy_id is None else ((row.pregnancy_id,),)


def _bookings() -> Shelf[Booking]:
    return Shelf(
        name=lambda row: row.told.event,
        labels=lambda row: (row.pregnancy, *((row.mother,) if row.mother else ()), *_unborn(row)),
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


def _identities() -> Shelf[Identity]:
    return Shelf(
        name=lambda row: row.told.event,
        labels=lambda row: row.numbers,
        order=lambda row: (row.recorded_at, row.told.event),
    )


def _endings() -> Shelf[Ending]:
    return Shelf(
        name=lambda row: row.occurrence_id,
        labels=lambda row: (row.pregnancy, *row.numbers, *_unborn(row)),
        order=lambda row: (row.ended_at, row.occurrence_id),
    )


@dataclass(slots=True)
class Kept:
    """All rows; mutable. `who` answers for everybody whose changes of identity are here."""

    registrations: Shelf[Registration] = field(default_factory=_registrations)
    links: Shelf[Link] = field(default_factory=_links)
    bookings: Shelf[Booking] = field(default_factory=_bookings)
    attendances: Shelf[Attendance] = field(default_factory=_attendances)
    sent_on: Shelf[SentOn] = field(default_factory=_sent_on)
    firings: Shelf[Firing] = field(default_factory=_firings)
    identities: Shelf[Identity] = field(default_factory=_identities)
    endings: Shelf[Ending] = field(default_factory=_endings)
    who: Identities = NOBODY_CHANGED

    def put(self, row: Row) -> None:
        """Keep a row, in the place of one of the same name."""
        match row:
            case Registration():
                self.registrations.put(row)
            case Link():
                self.links.put(row)
            case Booking():
                self.bookings.put(row)
            case Attendance():
                self.attendances.put(row)
            case SentOn():
                self.sent_on.put(row)
            case Ending():
                self.endings.put(row)
            case Identity():
                self.identities.put(row)
                self.who = identities_from(self.identities.everything())
            case _:
                self.firings.put(row)

    def known_about(self, nhs_numbers: Iterable[str]) -> Known:
        """All that facts about these people can need: their rows, and who their children are."""
        people = frozenset(map(self.who.number_of, nhs_numbers))
        links = by_number(people, self.links_of)
        endings = by_number(people, self.endings_of)
        children = {end for rows in links.values() for link in rows for end in child_ends(link)}
        born = {number for rows in endings.values() for row in rows for number in row.numbers}
        everybody = people | children | born
        return Known(
            registrations=by_number(everybody, self._registrations_of),
            links=links,
            bookings=by_number(people, self._bookings_of),
            attendances=by_number(people, self._attendances_of),
            firings=by_number(people, self._firings_of),
            endings={**endings, **by_number(everybody - people, self.endings_of)},
            called={old: one for old, one in sorted(self.who.holds.items()) if one in everybody},
        )

    def links_of(self, nhs_number: str) -> tuple[Link, ...]:
        """The links of a person, by the number that holds, to others as they are known.

        Those to unborn children stand beside what they have become once these are born.
        """
        told = joined_links(self.links.under(self.who.same_as(nhs_number)), self.who)
        names = self.names_of(nhs_number)
        born = [link for link in self.passed_on(names) if nhs_number in link.ends]
        return tuple(sorted({*told, *born}, key=_order_of_link)) if born else told

    def names_of(self, nhs_number: str) -> frozenset[str]:
        """The names of the pregnancies to which somebody is linked, or in which they stand."""
        same = self.who.same_as(nhs_number)
        linked, booked = self.links.under(same), self.bookings.under(same)
        rows: list[Link | Booking | Ending] = [*linked, *booked, *self.endings.under(same)]
        return frozenset(row.pregnancy_id for row in rows if row.pregnancy_id is not None)

    def passed_on(self, names: Iterable[str]) -> frozenset[Link]:
        """The links to babies that came of links to the unborn children of these pregnancies."""
        each = map(self._of_name, names)
        return frozenset(link for told in each if told.links for link in told.passed_on(self.who))

    def concerned_by(self, names: Iterable[str]) -> frozenset[str]:
        """Whom links to the unborn children of these pregnancies concern, or may concern."""
        return frozenset(number for name in names for number in self._of_name(name).concerned)

    def unclear_links(self, nhs_numbers: Iterable[str]) -> frozenset[RegisterProblem]:
        """The links of these people of which nobody can tell which pregnancy they mean."""
        asked = frozenset(nhs_numbers)
        links = self.links.under(same for each in asked for same in self.who.same_as(each))
        told = map(self._of_name, {link.pregnancy_id for link in links} - {None})
        found = (problem for each in told for problem in each.problems(self.who))
        return frozenset(problem for problem in found if problem.about in asked)

    def _of_name(self, name: str | None) -> OfOneName:
        label = ((name,),)
        return OfOneName(
            self.links.under(label), self.bookings.under(label), self.endings.under(label)
        )

    def endings_of(self, nhs_number: str) -> tuple[Ending, ...]:
        """Births and ends that name a person, or are of a pregnancy in which they are named."""
        same = self.who.same_as(nhs_number)
        booked = {row.pregnancy for row in self.bookings.under(same)}
        born = {row.pregnancy for row in self.endings.under(same)}
        labels: set[Hashable] = {*same, *booked, *born}
        rows = map(self._with_mother, self.endings.under(labels))
        return joined_endings(rows, self.who, nhs_number)

    def mothers_of(self, pregnancy: tuple[str, str]) -> frozenset[str]:
        """Whom bookings, births and ends of a pregnancy give for the mother, as they were told."""
        booked = {row.mother for row in self.bookings.under((pregnancy,)) if row.mother}
        ended = {row.mother for row in self.endings.under((pregnancy,)) if row.mother}
        return frozenset(booked | ended)

    def firings_in(self, occurrence_id: UUID) -> tuple[Firing, ...]:
        """The firings of one occurrence, by the numbers under which they fired."""
        return self.firings.under((occurrence_id,))

    def _with_mother(self, row: Ending) -> Ending:
        """With the mother whom others name who tell of the same pregnancy, if they agree.

        Where it gives no number of hers that is enough, unless she was born on another day; and an
        unverified number is hers if a booking gives it, verified, with the same date of birth.
        """
        mothers = self.mothers_of(row.pregnancy) if row.mother is None else {row.mother}
        if (row.verified and row.mother is not None) or len(mothers) != 1:
            return row
        [mother] = mothers
        booked = self.bookings.under((row.pregnancy,))
        if row.mother is not None:
            booked = tuple(each for each in booked if each.verified and each.mother == mother)
        born = {each.date_of_birth for each in booked if each.date_of_birth is not None}
        may_be = row.mother is None and (row.date_of_birth is None or not born)
        is_hers = row.verified or may_be or row.date_of_birth in born
        return replace(row, mother=mother, verified=is_hers)

    def _registrations_of(self, nhs_number: str) -> tuple[Registration, ...]:
        return joined_rows(self.registrations.under(self.who.same_as(nhs_number)), self.who)

    def _bookings_of(self, nhs_number: str) -> tuple[Booking, ...]:
        """All bookings of each pregnancy for which any of them gives this mother."""
        given = self.bookings.under(self.who.same_as(nhs_number))
        return joined_bookings(self.bookings.under({row.pregnancy for row in given}), self.who)

    def _attendances_of(self, nhs_number: str) -> tuple[Attendance, ...]:
        return joined_rows(self.attendances.under(self.who.same_as(nhs_number)), self.who)

    def _firings_of(self, nhs_number: str) -> tuple[Firing, ...]:
        return joined_rows(self.firings.under(self.who.same_as(nhs_number)), self.who)
