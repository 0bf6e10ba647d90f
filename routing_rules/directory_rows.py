"""Reads one row of a directory table; what is wrong in it becomes problems."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from routing_rules.directory import (
    COMMISSIONER,
    COUNTY,
    FAMILY_NURSE,
    PracticeEntry,
    SchoolEntry,
    Team,
)
from routing_rules.reading import read_code, read_date, read_word
from routing_rules.service_hours import ROUND_THE_CLOCK, ServiceHours, read_hours
from routing_rules.source_text import Problems, Scalar
from routing_rules.standing_handlers import StandingHandler
from routing_rules.table import Columns, Row
from schemas.values import Family, SchoolType, Service

TEAM_COLUMNS = Columns(
    (
        "recipient",
        "service",
        "serves",
        "school_types",
        "organisation",
        "from",
        "until",
        "hours",
        "out_of_hours",
    ),
    ("basis", "channel", "note"),
)
PRACTICE_COLUMNS = Columns(("practice", "district", "recipient"), ("from", "until"))
SCHOOL_COLUMNS = Columns(("urn", "district", "type"), ("from", "until"))
ORGANISATION_COLUMNS = Columns(("organisation", "name"))
HANDLER_COLUMNS = Columns(
    ("service", "district", "recipient"), ("school_types", "events", "from", "until", "note")
)

_TEAM_SERVICES = tuple(service for service in Service if service is not Service.GP)
_GAP_SERVICES = tuple(s for s in Service if s not in (Service.MASH, Service.GP))
_FAMILIES = tuple(family for family in Family if family is not Family.REGISTRATION)
_NO_SCHOOL = (SchoolType.HOME_EDUCATED, SchoolType.NONE, SchoolType.UNKNOWN)
_SCHOOLS = tuple(kind for kind in SchoolType if kind not in _NO_SCHOOL)
_SERVED_TYPES = tuple(kind for kind in SchoolType if kind is not SchoolType.UNKNOWN)
_WORD = "[A-Za-z0-9][A-Za-z0-9-]*"
_RECIPIENT = re.compile(f"({_WORD}):({_WORD})(?::{_WORD})?")
_CONTACT = re.compile(f"({_WORD}):({_WORD}):{_WORD}")
_SERVED = re.compile(f"(site|organisation|practice|postcode|{FAMILY_NURSE}):({_WORD})")


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows in the light of the districts and organisations that are known.

    Where none are known, an earlier problem said so, and codes are not checked against them.
    """

    districts: Mapping[str, str]
    organisations: Mapping[str, str]
    practice_hours: ServiceHours
    problems: Problems

    def team(self, row: Row) -> Team | None:
        """A team, from a row of `teams.csv`."""
        before = len(self.problems.found)
        service = _service(row["service"], _TEAM_SERVICES, self.problems)
        self._check_served(row)
        types = self._school_types(row)
        self._check_known(row["organisation"], self.organisations, "an organisation")
        period = self._period(row, read_date)
        hours = read_hours(row["hours"], self.problems)
        self._check_recipient(row, f"{row['organisation'].text}:{row['service'].text}")
        self._check_contact(row["out_of_hours"])
        if service is None or hours is None or len(self.problems.found) > before:
            return None
        return Team(
            recipient=row["recipient"].text,
            service=service,
            serves=row["serves"].text,
            school_types=types,
            organisation=row["organisation"].text,
            valid_from=period[0],
            valid_until=period[1],
            hours=hours,
            out_of_hours=row["out_of_hours"].text or None,
            position=row.position,
        )

    def practice(self, row: Row) -> PracticeEntry | None:
        """A practice and its team, from a row of `practices.csv`; without `from`, since ever."""
        before = len(self.problems.found)
        code = row["practice"].text
        read_code(row["practice"], self.problems)
        self._check_known(row["district"], self.districts, "a home district")
        self._check_recipient(row, f"{code}:{Service.GP}")
        valid_from, valid_until = self._period(row, _read_start)
        if len(self.problems.found) > before:
            return None
        team = Team(
            recipient=row["recipient"].text,
            service=Service.GP,
            serves=f"practice:{code}",
            school_types=frozenset(),
            organisation=code,
            valid_from=valid_from,
            valid_until=valid_until,
            hours=self.practice_hours,
            out_of_hours=None,
            position=row.position,
        )
        district = row["district"].text
        return PracticeEntry(code, district, team, valid_from, valid_until, row.position)

    def school(self, row: Row) -> SchoolEntry | None:
        """A school, from a row of `schools.csv`; without `from`, since ever."""
        before = len(self.problems.found)
        read_code(row["urn"], self.problems)
        self._check_known(row["district"], self.districts, "a home district")
        kind = read_word(row["type"], "a kind of school", _SCHOOLS, self.problems)
        valid_from, valid_until = self._period(row, _read_start)
        if kind is None or len(self.problems.found) > before:
            return None
        return SchoolEntry(
            urn=row["urn"].text,
            district=row["district"].text,
            type=SchoolType(kind),
            valid_from=valid_from,
            valid_until=valid_until,
            position=row.position,
        )

    def handler(self, row: Row) -> StandingHandler | None:
        """A standing handler, from a row of `standing-handlers.csv`; without `from`, since ever."""
        before = len(self.problems.found)
        service = _service(row["service"], _GAP_SERVICES, self.problems)
        self._check_known(row["district"], self.districts, "a home district")
        types = self._school_types(row)
        events = row["events"]
        words = [Scalar(word, events.position) for word in events.text.split()]
        families = [read_word(w, "a family of events", _FAMILIES, self.problems) for w in words]
        if _RECIPIENT.fullmatch(row["recipient"].text) is None:
            message = f"'{row['recipient'].text}' is not a recipient: organisation:service"
            self.problems.add(row["recipient"].position, message)
        valid_from, valid_until = self._period(row, _read_start)
        if service is None or len(self.problems.found) > before:
            return None
        return StandingHandler(
            service=service,
            district=row["district"].text,
            school_types=types,
            families=frozenset(Family(word) for word in families if word is not None),
            recipient=row["recipient"].text,
            valid_from=valid_from,
            valid_until=valid_until,
            position=row.position,
        )

    def _period(
        self, row: Row, read_start: Callable[[Scalar, Problems], date | None]
    ) -> tuple[date, date | None]:
        start = read_start(row["from"], self.problems)
        end = read_date(row["until"], self.problems) if row["until"].text else None
        if start is not None and end is not None and end < start:
            self.problems.add(row["until"].position, "'until' lies before 'from'")
        return start or date.min, end

    def _check_served(self, row: Row) -> None:
        serves = row["serves"]
        if (found := _SERVED.fullmatch(serves.text)) is not None:
            if found[1] == "organisation":
                organisation = Scalar(found[2], serves.position)
                self._check_known(organisation, self.organisations, "an organisation")
            if found[1] == FAMILY_NURSE:
                district = Scalar(found[2], serves.position)
                self._check_known(district, self.districts, "a home district")
        elif serves.text == COMMISSIONER and row["service"].text != Service.MASH:
            self.problems.add(serves.position, "a team for the commissioner is one of mash")
        elif serves.text not in (COUNTY, COMMISSIONER):
            what = f"'*', 'site:...', 'organisation:...', '{FAMILY_NURSE}:...' or a home district"
            self._check_known(serves, self.districts, what)
            return
        if row["school_types"].text:
            place = row["school_types"].position
            self.problems.add(place, "kinds of school only divide a home district")

    def _school_types(self, row: Row) -> frozenset[SchoolType]:
        types = row["school_types"]
        words = (Scalar(word, types.position) for word in types.text.split())
        kinds = (read_word(w, "a kind of school", _SERVED_TYPES, self.problems) for w in words)
        return frozenset(SchoolType(kind) for kind in kinds if kind is not None)

    def _check_known(self, code: Scalar, known: Mapping[str, str], what: str) -> None:
        if read_code(code, self.problems) is not None and known and code.text not in known:
            self.problems.add(code.position, f"'{code.text}' is not {what} that is listed")

    def _check_recipient(self, row: Row, expected: str) -> None:
        recipient = row["recipient"]
        found = _RECIPIENT.fullmatch(recipient.text)
        if found is None or f"{found[1]}:{found[2]}" != expected:
            message = f"'{recipient.text}' must begin with organisation and service: '{expected}'"
            self.problems.add(recipient.position, message)

    def _check_contact(self, contact: Scalar) -> None:
        if not contact.text:
            return
        found = _CONTACT.fullmatch(contact.text)
        if found is None:
            message = f"'{contact.text}' is not a contact; write it as organisation:service:name"
            self.problems.add(contact.position, message)
            return
        organisation = Scalar(found[1], contact.position)
        self._check_known(organisation, self.organisations, "an organisation")
        _service(Scalar(found[2], contact.position), _TEAM_SERVICES, self.problems)


def contact_team(team: Team) -> Team | None:
    """The out-of-hours contact of a team, as a team that is always there; None without one."""
    if team.out_of_hours is None:
        return None
    organisation, service, _ = team.out_of_hours.split(":")
    return Team(
        recipient=team.out_of_hours,
        service=Service(service),
        serves="",
        school_types=frozenset(),
        organisation=organisation,
        valid_from=team.valid_from,
        valid_until=team.valid_until,
        hours=ROUND_THE_CLOCK,
        out_of_hours=None,
        position=team.position,
    )


def _service(scalar: Scalar, allowed: Iterable[Service], problems: Problems) -> Service | None:
    word = read_word(scalar, "a service with teams", allowed, problems)
    return None if word is None else Service(word)


def _read_start(scalar: Scalar, problems: Problems) -> date | None:
    return read_date(scalar, problems) if scalar.text else date.min
