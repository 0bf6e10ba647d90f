"""Rows of the register as they read once numbers that were joined are one.

What is protected is left out of everybody else's: no link and no birth leads to it, or from it.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from routing_rules.known import Attendance, Booking, Ending, Firing, Link, Newborn, Registration
from routing_rules.register_identities import Identities

OfOne = TypeVar("OfOne", Registration, Attendance, Firing)
OfMother = TypeVar("OfMother", Booking, Ending)


def joined_rows(rows: Iterable[OfOne], who: Identities) -> tuple[OfOne, ...]:
    """Rows about one person, under the number that holds."""
    if not who.holds:
        return tuple(rows)
    return tuple(replace(row, nhs_number=who.number_of(row.nhs_number)) for row in rows)


def joined_links(rows: Iterable[Link], who: Identities) -> tuple[Link, ...]:
    """Links between the numbers that hold; one that leads back to the same person is none."""
    if not (who.holds or who.protected):
        return tuple(rows)
    links = (
        replace(row, from_=who.number_of(row.from_), to=who.number_of(row.to))
        for row in rows
        if not who.protected & {*row.ends}
    )
    return tuple(link for link in links if link.from_ != link.to)


def joined_bookings(rows: Iterable[Booking], who: Identities) -> tuple[Booking, ...]:
    """Bookings of the mothers' numbers that hold."""
    return _with_mother(rows, who)


def joined_endings(rows: Iterable[Ending], who: Identities, about: str) -> tuple[Ending, ...]:
    """Births and ends as they may be read about one of those in them.

    About a mother without the babies who are protected; about a baby not at all where one of the
    two is.
    """
    found = []
    for row in _with_mother(rows, who):
        if about != row.mother and who.protected & {about, row.mother or ""}:
            continue
        hides_all = row.mother in who.protected
        babies = (_joined_baby(baby, who, hides=hides_all) for baby in row.babies)
        found.append(replace(row, babies=tuple(babies)))
    return tuple(found)


def _joined_baby(baby: Newborn, who: Identities, *, hides: bool) -> Newborn:
    if baby.nhs_number is None:
        return baby
    if hides or baby.nhs_number in who.protected:
        return replace(baby, nhs_number=None, name=None, date_of_birth=None)
    return replace(baby, nhs_number=who.number_of(baby.nhs_number))


def _with_mother(rows: Iterable[OfMother], who: Identities) -> tuple[OfMother, ...]:
    return tuple(
        row if row.mother is None else replace(row, mother=who.number_of(row.mother))
        for row in rows
    )
