"""The directory in words: who serves whom, where nobody does, and who is told then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from routing_rules.directory import COMMISSIONER, COUNTY, FAMILY_NURSE, Directory, Team, holds_on
from routing_rules.rulebook import Rulebook
from schemas.values import Service
from services.console.wording import plain


@dataclass(frozen=True, slots=True)
class Cell:
    """A service where somebody lives: its teams on a day; if there are none, what is known."""

    district: str
    teams: tuple[str, ...]
    instead: str = ""


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One line of the directory in words; `is_in_force` on the day that was asked for."""

    team: Team
    serves: str
    schools: str
    is_in_force: bool


def cells(rulebook: Rulebook, on: date) -> Sequence[tuple[Service, tuple[Cell, ...]]]:
    """By service that any district has, what there is in each district."""
    directory, districts = rulebook.directory, rulebook.settings.districts
    has = {service for service, serves in directory.served if serves in districts}
    return [
        (service, tuple(_cell(directory, service, each, on) for each in districts))
        for service in Service
        if service in has
    ]


def team_lines(rulebook: Rulebook, on: date) -> Sequence[TeamLine]:
    """Every line about a team, by service and then as they stand in the file."""
    directory = rulebook.directory
    teams = [team for lines in directory.served.values() for team in lines]
    order = list(Service)
    teams.sort(key=lambda each: (order.index(each.service), each.position))
    return [
        TeamLine(
            team,
            _serves(rulebook, team.serves),
            ", ".join(sorted(plain(kind) for kind in team.school_types)),
            holds_on(team, on),
        )
        for team in teams
    ]


def handler_lines(rulebook: Rulebook) -> Sequence[tuple[str, str, str, str]]:
    """Standing handlers of known gaps: the service, where, who is told instead, and when."""
    return [
        (
            plain(each.service),
            rulebook.settings.districts.get(each.district, each.district),
            each.recipient,
            _between(each.valid_from, each.valid_until),
        )
        for lines in rulebook.directory.handlers.values()
        for each in lines
    ]


def _cell(directory: Directory, service: Service, district: str, on: date) -> Cell:
    lines = directory.served.get((service, district), ())
    teams = tuple(_team(each) for each in lines if holds_on(each, on))
    return Cell(district, teams, "" if teams else "; ".join(_instead(directory, lines, on)))


def _team(team: Team) -> str:
    kinds = ", ".join(sorted(plain(kind) for kind in team.school_types))
    return f"{team.recipient} ({kinds})" if kinds else team.recipient


def _instead(directory: Directory, lines: Sequence[Team], on: date) -> Iterator[str]:
    """What is known of an empty cell: what was, what will be, and who is told meanwhile."""
    for each in lines:
        if each.valid_until is not None and each.valid_until < on:
            yield f"{each.recipient} until {each.valid_until}"
        elif each.valid_from > on:
            yield f"{each.recipient} from {each.valid_from}"
    yield (
        "MASH owns what is due, or a standing handler"
        if directory.handlers
        else ("MASH owns what is due")
    )


def _serves(rulebook: Rulebook, serves: str) -> str:
    districts, organisations = rulebook.settings.districts, rulebook.directory.organisations
    if serves == COUNTY:
        return "the whole county"
    if serves == COMMISSIONER:
        return "the weekly digest of gaps"
    kind, _, code = serves.rpartition(":")
    name = districts.get(code) or organisations.get(code) or code
    if kind == FAMILY_NURSE:
        return f"families with a family nurse in {name}"
    return f"{kind} {name}" if kind else name


def _between(first: date, last: date | None) -> str:
    return f"from {first}" if last is None else f"from {first} until {last}"
