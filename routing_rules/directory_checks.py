"""What must hold between the rows of a directory: no two answers, and always a MASH."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Protocol, TypeVar

from routing_rules.directory import COUNTY, Dated, Directory, Team
from routing_rules.source_text import Position, Problems
from routing_rules.standing_handlers import StandingHandler
from schemas.values import Service

_ONE_DAY = timedelta(days=1)


class Placed(Dated, Protocol):
    """An entry that knows its line."""

    @property
    def position(self) -> Position:
        """Where it stands."""
        ...


P = TypeVar("P", bound=Placed)
K = TypeVar("K", bound=Hashable)


def grouped(entries: Iterable[P], key: Callable[[P], K]) -> dict[K, list[P]]:
    """Entries of one key together, in the order given."""
    groups: dict[K, list[P]] = defaultdict(list)
    for entry in entries:
        groups[key(entry)].append(entry)
    return dict(groups)


def check_teams(file: str, teams: Sequence[Team], problems: Problems) -> None:
    """Nobody is served by two teams of one service at once; MASH always serves the county."""
    by_served = grouped(teams, lambda team: (team.service, team.serves))
    for served in by_served.values():
        for one, two in overlapping(served):
            if _share_a_kind_of_school(one, two):
                already = f"line {one.position.line} already names a team of {one.service}"
                problems.add(two.position, f"{already} for '{one.serves}' at that time")
    for rows in grouped(teams, lambda team: team.recipient).values():
        for one, two in overlapping(rows):
            if (one.hours, one.out_of_hours) != (two.hours, two.out_of_hours):
                already = f"line {one.position.line} gives '{one.recipient}'"
                problems.add(two.position, f"{already} other hours or another contact")
    _check_mash(file, by_served.get((Service.MASH, COUNTY), []), problems)


def check_handlers(
    handlers: Sequence[StandingHandler], directory: Directory, problems: Problems
) -> None:
    """One answer to every gap, by somebody whom the directory knows all that while.

    Nobody handles their own service's gap, and MASH is no handler: it has what nobody handles.
    """
    by_gap = grouped(handlers, lambda line: (line.service, line.district))
    for lines in by_gap.values():
        for one, two in combinations(lines, 2):
            if one.overlaps(two):
                already = f"line {one.position.line} already names a handler"
                problems.add(two.position, f"{already} of this gap at that time")
    for each in handlers:
        teams = directory.by_recipient.get(each.recipient, ())
        if not any(_covers(team, each) for team in teams):
            what = f"'{each.recipient}' is not in the directory all the time that it is to handle"
            problems.add(each.position, what)
        elif any(team.service in (Service.MASH, Service.GP, each.service) for team in teams):
            what = f"'{each.recipient}' cannot be a standing handler of {each.service}"
            problems.add(each.position, what)


def _covers(team: Team, handler: StandingHandler) -> bool:
    is_begun = handler.valid_from == date.min or team.valid_from <= handler.valid_from
    return is_begun and (team.valid_until is None or _last(handler) <= team.valid_until)


def check_unique(
    entries: Sequence[P], key: Callable[[P], str], what: str, problems: Problems
) -> None:
    """No two entries of one code hold on the same day."""
    for code, same in grouped(entries, key).items():
        for one, two in overlapping(same):
            already = f"line {one.position.line} already names {what} '{code}'"
            problems.add(two.position, f"{already} at that time")


def overlapping(entries: Sequence[P]) -> Iterable[tuple[P, P]]:
    """Pairs of entries that hold on a same day, in the order of their lines."""
    for one, two in combinations(entries, 2):
        if one.valid_from <= _last(two) and two.valid_from <= _last(one):
            yield one, two


def _check_mash(file: str, teams: Sequence[Team], problems: Problems) -> None:
    """From its first day on, every exception must have an owner."""
    if not teams:
        problems.add(Position(file), "no MASH team serves '*': exceptions would have no owner")
        return
    in_order = sorted(teams, key=lambda team: team.valid_from)
    for one, two in pairwise(in_order):
        if two.valid_from - _last(one) > _ONE_DAY:
            gap = f"no MASH team serves '*' between {_last(one)} and {two.valid_from}"
            problems.add(two.position, gap)
    if in_order[-1].valid_until is not None:
        problems.add(in_order[-1].position, f"no MASH team serves '*' after {_last(in_order[-1])}")


def _share_a_kind_of_school(one: Team, two: Team) -> bool:
    if not one.school_types or not two.school_types:
        return True
    return bool(one.school_types & two.school_types)


def _last(entry: Dated) -> date:
    return entry.valid_until or date.max
