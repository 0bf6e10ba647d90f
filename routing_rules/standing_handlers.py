"""Standing handlers: who is told where it is known that no team is commissioned for somebody.

The report speaks of such gaps (para 3.8: independent schools). A gap with a handler stays one: it
is counted, nobody is taken for the service that is missing, and no promise that the service itself
is told rests on it. Without a handler the gap is MASH's, each time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from routing_rules.no_team import NoTeam, NoTeamReason
from routing_rules.source_text import Position
from schemas.values import Family, SchoolType, Service

TOLD_INSTEAD = "its standing handler is told instead"
"""What an exception says beside the gap; `unplaced` knows it by that."""
KNOWN_GAPS = frozenset(
    {
        NoTeamReason.DISTRICT_NOT_SERVED,
        NoTeamReason.SCHOOL_NOT_SERVED,
        NoTeamReason.SCHOOL_TYPE_NOT_COMMISSIONED,
        NoTeamReason.SITE_NOT_SERVED,
        NoTeamReason.PROVIDER_HAS_NO_TEAM,
    }
)
"""Where it is known what is needed and nobody provides it. What is not known is never one."""
_WORDS = frozenset(
    NoTeam(reason, service, school_type).because
    for reason in KNOWN_GAPS
    for service in Service
    for school_type in (
        SchoolType if reason is NoTeamReason.SCHOOL_TYPE_NOT_COMMISSIONED else (None,)
    )
)


@dataclass(frozen=True, slots=True)
class StandingHandler:
    """One line of the table: who is told instead of a service, for whom, of which events.

    `district` is where somebody lives (ONS code). Without `school_types` it is for every kind of
    school, without `families` for every kind of event. It holds on both days and between.
    """

    service: Service
    district: str
    school_types: frozenset[SchoolType]
    families: frozenset[Family]
    recipient: str
    valid_from: date
    valid_until: date | None
    position: Position

    def is_for(self, gap: NoTeam, family: Family, on: date) -> bool:
        """Whether it is told of this gap in what is commissioned."""
        return (
            gap.reason in KNOWN_GAPS
            and self.valid_from <= on
            and (self.valid_until is None or on <= self.valid_until)
            and (not self.families or family in self.families)
            and (not self.school_types or gap.school_type in self.school_types)
        )

    def overlaps(self, other: "StandingHandler") -> bool:
        """Whether both can be meant by one gap; they are of one service and district."""
        return (
            self.valid_from <= (other.valid_until or date.max)
            and other.valid_from <= (self.valid_until or date.max)
            and _meet(self.families, other.families)
            and _meet(self.school_types, other.school_types)
        )


Handlers = Mapping[tuple[Service, str], Sequence[StandingHandler]]
"""By service and home district."""


def handler_of(
    handlers: Handlers, gap: NoTeam, district: str | None, family: Family, on: date
) -> str | None:
    """The recipient who is told of a gap where somebody lives; None where it is MASH's."""
    if district is None:
        return None
    lines = handlers.get((gap.service, district), ())
    return next((each.recipient for each in lines if each.is_for(gap, family, on)), None)


def handlers_anywhere(
    handlers: Handlers, service: Service, family: Family, on: date
) -> frozenset[str]:
    """Everybody who may be told instead of a service, wherever somebody lives."""
    return frozenset(
        each.recipient
        for (instead_of, _), lines in handlers.items()
        if instead_of is service
        for each in lines
        if each.valid_from <= on
        and (each.valid_until is None or on <= each.valid_until)
        and (not each.families or family in each.families)
    )


def gaps_in(because: str) -> tuple[str, ...]:
    """What of an exception's reasons is a gap in what is commissioned, in its own words."""
    return tuple(said for said in because.split("; ") if said in _WORDS)


def _meet(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two sets share something; an empty one is everything."""
    first, second = frozenset(ones), frozenset(others)
    return not first or not second or bool(first & second)
