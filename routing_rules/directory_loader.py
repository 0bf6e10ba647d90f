"""Reads a rulebook's directory from its CSV tables; problems come all at once.

`from` and `until` are both included: a table whose `until` is the next row's `from` overlaps by
one day and is refused, where a half-open reading would leave a day's gap unnoticed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from routing_rules.directory import Directory, PracticeEntry, SchoolEntry, Team
from routing_rules.directory_checks import check_handlers, check_teams, check_unique, grouped
from routing_rules.directory_rows import (
    HANDLER_COLUMNS,
    ORGANISATION_COLUMNS,
    PRACTICE_COLUMNS,
    SCHOOL_COLUMNS,
    TEAM_COLUMNS,
    RowReader,
    contact_team,
)
from routing_rules.reading import read_code
from routing_rules.settings import RulebookSettings
from routing_rules.source_text import Position, Problems
from routing_rules.standing_handlers import StandingHandler
from routing_rules.table import Columns, Row, read_table

TEAMS_FILE = "directory/teams.csv"
PRACTICES_FILE = "directory/practices.csv"
SCHOOLS_FILE = "directory/schools.csv"
ORGANISATIONS_FILE = "directory/organisations.csv"
HANDLERS_FILE = "directory/standing-handlers.csv"
"""The only table that may be missing: then every gap is MASH's."""

_E = TypeVar("_E")
_PART_OF_POSTCODE = re.compile("[A-Z]{1,2}[0-9][A-Z0-9]?(-[0-9]([A-Z]{2})?)?")


def load_directory(
    files: Mapping[str, str], settings: RulebookSettings, problems: Problems
) -> Directory:
    """The directory that the tables state; `files` holds texts by path in the rulebook.

    When it adds a problem, the rows that are wrong are left out, and the caller must refuse the
    rulebook.
    """
    organisations = _organisations(files, problems)
    reader = RowReader(settings.districts, organisations, settings.practice_hours, problems)
    teams = _entries(_rows(files, TEAMS_FILE, TEAM_COLUMNS, problems), reader.team)
    practices = _entries(_rows(files, PRACTICES_FILE, PRACTICE_COLUMNS, problems), reader.practice)
    schools = _entries(_rows(files, SCHOOLS_FILE, SCHOOL_COLUMNS, problems), reader.school)
    check_teams(TEAMS_FILE, teams, problems)
    _check_areas(teams, practices, problems)
    check_unique(practices, lambda practice: practice.code, "the practice", problems)
    check_unique(schools, lambda school: school.urn, "the school", problems)
    for source in settings.sources:
        if organisations and source.organisation not in {None, *organisations}:
            message = f"'{source.organisation}', whose source is {source.publisher}, is not listed"
            problems.add(Position("settings.yaml"), message)
    handlers: tuple[StandingHandler, ...] = ()
    if HANDLERS_FILE in files:
        handlers = _entries(_rows(files, HANDLERS_FILE, HANDLER_COLUMNS, problems), reader.handler)
    directory = build_directory(
        teams, practices, schools, districts=settings.districts, organisations=organisations
    )
    check_handlers(handlers, directory, problems)
    by_gap = grouped(handlers, lambda line: (line.service, line.district))
    return replace(directory, handlers=by_gap)


def build_directory(
    teams: Sequence[Team],
    practices: Sequence[PracticeEntry],
    schools: Sequence[SchoolEntry],
    *,
    districts: Mapping[str, str],
    organisations: Mapping[str, str],
) -> Directory:
    """A directory of these entries, with its look-up tables."""
    contacts = {
        (contact.recipient, contact.valid_from, contact.valid_until): contact
        for contact in filter(None, map(contact_team, teams))
    }
    reachable = [*teams, *(practice.team for practice in practices), *contacts.values()]
    return Directory(
        districts=districts,
        organisations=organisations,
        served=grouped(teams, lambda team: (team.service, team.serves)),
        by_organisation=grouped(teams, lambda team: (team.service, team.organisation)),
        by_recipient=grouped(reachable, lambda team: team.recipient),
        practices=grouped(practices, lambda practice: practice.code),
        schools=grouped(schools, lambda school: school.urn),
    )


def _check_areas(
    teams: Sequence[Team], practices: Sequence[PracticeEntry], problems: Problems
) -> None:
    """A part of a district that nobody can live in would serve nobody, in silence."""
    listed = {practice.code for practice in practices}
    for team in teams:
        kind, _, code = team.serves.partition(":")
        if kind == "practice" and code not in listed:
            problems.add(team.position, f"'{code}' is not a practice that is listed")
        if kind == "postcode" and _PART_OF_POSTCODE.fullmatch(code) is None:
            message = f"'{code}' is no part of a postcode; write it as ZZ99, ZZ99-3 or ZZ99-3CZ"
            problems.add(team.position, message)


def _organisations(files: Mapping[str, str], problems: Problems) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for row in _rows(files, ORGANISATIONS_FILE, ORGANISATION_COLUMNS, problems):
        code, name = row["organisation"], row["name"]
        read_code(code, problems)
        if code.text in names:
            problems.add(code.position, f"'{code.text}' stands here twice")
        if not name.text:
            problems.add(name.position, "an organisation has a name")
        names[code.text] = name.text
    return names


def _rows(
    files: Mapping[str, str], file: str, columns: Columns, problems: Problems
) -> tuple[Row, ...]:
    text = files.get(file)
    if text is None:
        problems.add(Position(file), "this table of the directory is missing")
        return ()
    return read_table(file, text, columns, problems)


def _entries(rows: Iterable[Row], read: Callable[[Row], _E | None]) -> tuple[_E, ...]:
    return tuple(entry for entry in map(read, rows) if entry is not None)
