"""Reads a rulebook's `settings.yaml`; every key is required, and problems come all at once."""

from collections.abc import Mapping
from datetime import time, timedelta

from routing_rules.reading import read_code, read_word, read_words
from routing_rules.section import Section, read_phrase, section
from routing_rules.service_hours import ROUND_THE_CLOCK, ServiceHours, read_hours
from routing_rules.settings import (
    Basis,
    OnwardArrival,
    ResponseTime,
    RulebookSettings,
    SchoolClock,
    StartOfSchool,
    WorkingDays,
)
from routing_rules.settings_phrases import (
    read_day_of_year,
    read_frequent,
    read_length,
    read_response_time,
    read_time_of_day,
)
from routing_rules.source_text import Position, Problems, Scalar, read_yaml
from routing_rules.sources_loader import read_sources
from routing_rules.vocabulary import SERVICE_WORDS, in_words
from schemas.values import Service, Urgency

SETTINGS_FILE = "settings.yaml"

_KEYS = (
    "name",
    "county",
    "neighbours",
    "urgency",
    "office hours",
    "practice hours",
    "look back",
    "departure overdue after",
    "onward arrival",
    "pregnancy active after due date",
    "frequent attendance",
    "start of school",
    "school clock",
    "basis",
    "sources",
)
_URGENCIES = {in_words(urgency): urgency for urgency in Urgency}
_NOT_DISTRICTS = ("elsewhere", "unknown")
_START = StartOfSchool()
_AT_ONCE: ResponseTime = WorkingDays(0)


def load_settings(text: str, problems: Problems) -> RulebookSettings:
    """The settings that the text states.

    When it adds a problem, a placeholder stands for what could not be read: the answer then
    serves only to look for more problems in other files, and the caller must refuse the rulebook.
    """
    root = read_yaml(SETTINGS_FILE, text, problems)
    if root is None:
        problems.add(Position(SETTINGS_FILE), "no settings can be read here")
        top = Section(None, problems)
    else:
        top = section(root, _KEYS, problems)
    county, neighbours = _districts(top)
    return RulebookSettings(
        name=top.phrase("name", read_code, ""),
        county=county,
        neighbours=neighbours,
        response_times=_response_times(top),
        office_hours=top.phrase("office hours", _read_office_hours, ROUND_THE_CLOCK),
        practice_hours=top.phrase("practice hours", read_hours, ROUND_THE_CLOCK),
        look_back=top.phrase("look back", read_length, timedelta()),
        departure_overdue_after=top.phrase("departure overdue after", read_length, timedelta()),
        onward_arrival=_onward_arrival(top),
        pregnancy_active_after_due_date=top.phrase(
            "pregnancy active after due date", read_length, timedelta()
        ),
        frequent_attendance=top.phrases("frequent attendance", read_frequent),
        start_of_school=_start_of_school(top),
        school_clock=_school_clock(top),
        basis=_basis(top),
        sources=tuple(read_sources(top)),
    )


def _districts(top: Section) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Names of the county's districts and of its neighbours; no code and no name comes twice."""
    seen: set[str] = set(_NOT_DISTRICTS)
    county = _names(top, "county", seen)
    place = top.place("county")
    if place is not None and not county:
        top.problems.add(place, "a county has at least one home district")
    return county, _names(top, "neighbours", seen)


def _names(top: Section, key: str, seen: set[str]) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for code, node in top.entries(key):
        name = read_phrase(node, read_words, top.problems)
        if read_code(code, top.problems) is None or name is None:
            continue
        for word, place in ((code.text, code.position), (name, node.position)):
            if word in seen:
                top.problems.add(place, f"'{word}' already stands for something else")
            seen.add(word)
        names[code.text] = name
    return names


def _response_times(top: Section) -> Mapping[Urgency, ResponseTime]:
    clocks = top.section("urgency", tuple(_URGENCIES))
    times = {
        urgency: clocks.phrase(words, read_response_time, _AT_ONCE)
        for words, urgency in _URGENCIES.items()
    }
    days = [time.days for time in times.values() if isinstance(time, WorkingDays)]
    place = top.place("urgency")
    if place is not None and days != sorted(days):
        top.problems.add(place, "a more urgent duty cannot have more working days")
    return times


def _read_office_hours(scalar: Scalar, problems: Problems) -> ServiceHours | None:
    hours = read_hours(scalar, problems)
    if hours is not None and hours.always_open:
        problems.add(scalar.position, "office hours must close: teams of 24h answer by then")
    return hours


def _onward_arrival(top: Section) -> OnwardArrival:
    names = ("overdue after", "at the latest after", "still overdue after")
    told = top.section("onward arrival", names)
    lengths = [told.phrase(name, read_length, timedelta()) for name in names]
    return OnwardArrival(*lengths)


def _start_of_school(top: Section) -> StartOfSchool:
    start = top.section("start of school", ("reception starts", "both told until"))
    return StartOfSchool(
        reception_starts=start.phrase(
            "reception starts", read_day_of_year, _START.reception_starts
        ),
        both_told_until=start.phrase("both told until", read_day_of_year, _START.both_told_until),
    )


def _school_clock(top: Section) -> SchoolClock:
    clock = top.section("school clock", ("services", "school starts", "first"))
    return SchoolClock(
        services=frozenset(clock.phrases("services", _read_service)),
        starts=clock.phrase("school starts", read_time_of_day, time()),
        first=clock.phrase("first", read_length, timedelta()),
    )


def _read_service(scalar: Scalar, problems: Problems) -> Service | None:
    word = read_word(scalar, "a service", tuple(SERVICE_WORDS), problems)
    return None if word is None else SERVICE_WORDS[word]


def _basis(top: Section) -> Basis:
    basis = top.section("basis", ("lawful basis", "consent"))
    return Basis(
        lawful_basis=basis.phrase("lawful basis", read_words, ""),
        consent=basis.phrase("consent", read_words, ""),
    )
