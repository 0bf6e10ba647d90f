"""Tell lines that fired, and what is drafted of them: one notice a recipient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from routing_rules.directory import Team
from routing_rules.no_team import NoTeam
from routing_rules.standing_handlers import TOLD_INSTEAD
from schemas.values import Ask, Service, Urgency

DO_NOT_TELL = "the publisher says that this recipient must not be told"
_MOST_URGENT_FIRST = {urgency: place for place, urgency in enumerate(Urgency)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One tell line that fired for one person, with the team found or why there is none.

    `because` says what is amiss. Without `carries_event` it is about a record only. `everywhere`:
    all hospitals are told, so that this one need not know more than that. `first` is the team that
    was to be told, where it has returned it, and `moved_at` when that was last changed.
    """

    rule: str
    why: str
    service: Service
    team: Team | NoTeam
    urgency: Urgency
    asks: tuple[Ask, ...]
    because: str | None = None
    carries_event: bool = True
    everywhere: bool = False
    first: Team | None = None
    moved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """What one team will be told; `stands_for` is the service for which it is an exception.

    `is_handled`: it is told as the standing handler of a known gap, and not MASH.
    """

    team: Team
    stands_for: Service | None
    candidates: list[Candidate]
    is_handled: bool = False

    @property
    def urgency(self) -> Urgency:
        """The most urgent wins."""
        return min((c.urgency for c in self.candidates), key=_MOST_URGENT_FIRST.__getitem__)

    @property
    def carries_event(self) -> bool:
        """Whether anything of the event is told, and not only that a record is amiss."""
        return any(each.carries_event for each in self.candidates)

    @property
    def organisations(self) -> tuple[str, ...]:
        """The team's own, and those whose actions it has taken over."""
        before = [each.first.organisation for each in self.candidates if each.first is not None]
        return tuple(dict.fromkeys((self.team.organisation, *before)))

    @property
    def only_everywhere(self) -> bool:
        """Whether the team is told only as every other hospital is."""
        return all(each.everywhere for each in self.candidates)

    @property
    def because(self) -> str | None:
        """Why the service for which an exception stands could not be told, or what is amiss."""
        if self.stands_for is None:
            said = [each.because for each in self.candidates if each.because]
            return "; ".join(dict.fromkeys(said)) if said else None
        gaps = tuple(dict.fromkeys(_why_unplaced(each) for each in self.candidates))
        return "; ".join((*gaps, TOLD_INSTEAD) if self.is_handled else gaps)


def join(
    notices: dict[tuple[str, Service | None], Drafted],
    team: Team,
    stands_for: Service | None,
    candidates: Sequence[Candidate],
    *,
    is_handled: bool = False,
) -> None:
    """One notice a recipient, whatever leads to it."""
    new = Drafted(team, stands_for, [], is_handled)
    notice = notices.setdefault((team.recipient, stands_for), new)
    notice.candidates.extend(candidates)


def _why_unplaced(candidate: Candidate) -> str:
    if isinstance(candidate.team, NoTeam):
        return candidate.team.because
    return DO_NOT_TELL
