"""Links to the unborn children of a pregnancy, as they read once it is known who was born.

A link that names a pregnancy is kept as it was told. For each baby that lives on it reads as if it
had been sent for the baby's number; worked out when it is asked, so that link, birth and what
corrects either may come in any order. Nothing leads through a mother who is protected.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from routing_rules.known import Booking, Ending, Link
from routing_rules.register_bookings import standing_bookings
from routing_rules.register_family import standing_links
from routing_rules.register_identities import Identities
from routing_rules.register_joined import joined_links
from routing_rules.register_pregnancies import living_babies
from routing_rules.register_problems import ProblemKind, RegisterProblem

_Pregnancy = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OfOneName:
    """All that is told under one name of a pregnancy, by whomever.

    A link does not say whose name it is. It is its own publisher's pregnancy if there is one of
    that name, else the only one; of several it is none, unless all are told of one mother.
    """

    links: tuple[Link, ...]
    bookings: tuple[Booking, ...]
    endings: tuple[Ending, ...]

    @property
    def concerned(self) -> frozenset[str]:
        """The numbers of those who are linked, and of those to whom that may lead."""
        if not self.links:
            return frozenset()
        linked = {end for link in self.links for end in link.ends}
        babies = (baby.nhs_number for row in self.endings for baby in row.babies)
        return frozenset(linked | {number for number in babies if number is not None})

    def passed_on(self, who: Identities) -> tuple[Link, ...]:
        """The links to the babies, between the numbers that hold."""
        return joined_links(
            (
                replace(link, to=baby)
                for link in self.links
                for baby in sorted(self._babies_of(link, who))
            ),
            who,
        )

    def problems(self, who: Identities) -> Iterator[RegisterProblem]:
        """That nobody can tell which pregnancy a link means."""
        for link in self.links:
            same = [one for one in self.links if one.from_ == link.from_]
            if link in standing_links(same) and self._meant(link, who) is None:
                about = who.number_of(link.from_)
                yield RegisterProblem(about, ProblemKind.PREGNANCY_UNCLEAR, "to")

    def _babies_of(self, link: Link, who: Identities) -> frozenset[str]:
        meant = self._meant(link, who) or {}
        if who.protected & {mother for mothers in meant.values() for mother in mothers}:
            return frozenset()
        return living_babies(row for row in self._ended() if row.pregnancy in meant)

    def _meant(self, link: Link, who: Identities) -> dict[_Pregnancy, set[str]] | None:
        """The pregnancies that a link means, with their mothers; None if that is not clear."""
        mothers: dict[_Pregnancy, set[str]] = {}
        booked = [row for rows in standing_bookings(self.bookings) for row in rows]
        told_of: list[Booking | Ending] = [*booked, *self._ended()]
        for row in told_of:
            hers = {who.number_of(row.mother)} if row.mother else set()
            mothers.setdefault(row.pregnancy, set()).update(hers)
        own = (link.told.publisher, link.to)
        if own in mothers:
            return {own: mothers[own]}
        told = [*mothers.values()]
        is_clear = len(told) < 2 or (len(told[0]) == 1 and all(each == told[0] for each in told))
        return mothers if is_clear else None

    def _ended(self) -> Iterator[Ending]:
        return (row for row in self.endings if row.stands)
