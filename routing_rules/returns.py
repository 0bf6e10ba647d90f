"""Returns: what was sent to somebody who says that it is not theirs, and who is told instead.

A return is a fact of the case. Whoever is told of that service and person is found with it ever
after: by the next event, by what is learned later, and in a replay.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from routing_rules.directory import Directory, Team
from routing_rules.no_team import NoTeam, NoTeamReason
from schemas.values import Service


@dataclass(frozen=True, slots=True)
class Return:
    """A recipient returned what it was told of one person, or a named person took it from it.

    `service` is the one that was to be told (what an exception stands for). `to_recipient` is whom
    they name instead. `is_by_hand`: a named person at MASH or an operator has decided so, and not
    the recipient suggested it. `at` is when it was said to the ledger (UTC).
    """

    person_key: str
    service: Service
    recipient: str
    to_recipient: str | None
    is_by_hand: bool
    at: datetime


def standing(returns: Iterable[Return], person_key: str, service: Service) -> dict[str, Return]:
    """By recipient, the last return of one matter; what was handed to somebody is theirs again."""
    found: dict[str, Return] = {}
    for each in returns:
        if each.person_key == person_key and each.service is service:
            found[each.recipient] = each
            if each.is_by_hand and each.to_recipient is not None:
                found.pop(each.to_recipient, None)
    return found


class Placed(NamedTuple):
    """Whom a tell line reaches; `moved_at` is when that was last changed by a return (UTC)."""

    team: Team | NoTeam
    moved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Placing:
    """Who is told about one person, after what was returned.

    What is returned goes to whom they name, once, if that is a team of the same service that may
    be told; else, and the second time, it is nobody's, and so MASH's. What was decided by hand
    holds in any case. `is_refused` says whether the publisher forbids a team, `handler` who is told
    of a known gap.
    """

    person_key: str
    returns: Sequence[Return]
    directory: Directory
    mash: Team
    on: date
    is_refused: Callable[[Team], bool]
    handler: Callable[[NoTeam], Team | None]

    def place(self, service: Service, team: Team | NoTeam) -> Placed:
        """Whom a tell line reaches that names this team, or names none."""
        moves = standing(self.returns, self.person_key, service)
        placed = Placed(team)
        had_it: set[str] = set()
        suggested = 0
        while (move := moves.pop(self._holder(placed.team), None)) is not None:
            had_it.add(move.recipient)
            suggested += not move.is_by_hand
            may_go_on = move.to_recipient not in had_it and (suggested <= 1 or move.is_by_hand)
            target = self._target(move) if may_go_on else None
            placed = Placed(target or self._nobody(move, placed.team), move.at)
        return placed

    def _holder(self, team: Team | NoTeam) -> str:
        """Who has it: MASH, where nobody can be told and no handler is."""
        if isinstance(team, NoTeam):
            return (self.handler(team) or self.mash).recipient
        return self.mash.recipient if self.is_refused(team) else team.recipient

    def _target(self, move: Return) -> Team | None:
        if move.to_recipient is None:
            return None
        team = self.directory.team_by_recipient(move.to_recipient, self.on)
        return team if team is not None and team.service is move.service else None

    def _nobody(self, move: Return, team: Team | NoTeam) -> Team | NoTeam:
        """Nobody's, because its last recipient returned it; what MASH has it keeps."""
        if move.recipient == self.mash.recipient:
            return team
        return NoTeam(NoTeamReason.RETURNED, move.service, recipient=move.recipient)
