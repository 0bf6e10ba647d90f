"""Reads the `sources` of a rulebook's settings: who publishes, and how much is usual."""

import re
from collections.abc import Iterable
from datetime import timedelta

from routing_rules.reading import read_code, read_word, read_words
from routing_rules.section import Section, read_phrase, section
from routing_rules.settings_phrases import read_length
from routing_rules.source_text import Node, Problems, Scalar, did_you_mean, quoted
from routing_rules.sources import Counted, ExpectedSpan, Source
from schemas.values import Family

_KEYS = ("family", "counted", "expected", "silent after", "contact")
_ORGANISATION = "organisation"
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EVERY_DAY, _WORKING_DAYS = "every day", "working days"
_ALL_DAYS = (_EVERY_DAY, _WORKING_DAYS, *_WEEKDAYS)
_WHEN = re.compile(r"(.+) ([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")
_HOW_MANY = re.compile(r"([0-9]{1,6}) (?:an? (hour|day|week)|in ([1-9][0-9]?) weeks)")
_SATURDAY = 5
_HOUR, _DAY = timedelta(hours=1), timedelta(hours=24)
_WHEN_EXAMPLE = "write it as 'every day 00:00-24:00' or 'Mon-Fri 09:00-17:00'"
_HOW_MANY_EXAMPLE = "write it as '3 an hour', '20 a day', '5 a week' or '1 in 4 weeks'"


def read_sources(top: Section) -> Iterable[Source]:
    """The sources that the settings name; what cannot be read of one is a problem."""
    for publisher, node in top.entries("sources"):
        read_code(publisher, top.problems)
        source = section(node, _KEYS, top.problems, optional=(_ORGANISATION,))
        yield Source(
            publisher=publisher.text,
            family=source.phrase("family", _read_family, Family.REGISTRATION),
            counted=source.phrase("counted", _read_counted, Counted.NO),
            expected=_read_expected(source),
            silent_after=source.phrase("silent after", _read_silent_after, _DAY),
            contact=source.phrase("contact", read_words, ""),
            organisation=_read_organisation(source),
        )


def _read_organisation(source: Section) -> str | None:
    if source.place(_ORGANISATION) is None:
        return None
    return source.phrase(_ORGANISATION, read_code, "") or None


def _read_family(scalar: Scalar, problems: Problems) -> Family | None:
    word = read_word(scalar, "a family of events", tuple(Family), problems)
    return None if word is None else Family(word)


def _read_counted(scalar: Scalar, problems: Problems) -> Counted | None:
    word = read_word(scalar, "a way of counting", tuple(Counted), problems)
    return None if word is None else Counted(word)


def _read_silent_after(scalar: Scalar, problems: Problems) -> timedelta | None:
    length = read_length(scalar, problems)
    if length == timedelta():
        problems.add(scalar.position, "a source cannot be silent at once; write '12 hours'")
    return length


def _read_expected(source: Section) -> tuple[ExpectedSpan, ...]:
    place = source.place("expected")
    entries = source.entries("expected")
    if place is not None and not entries:
        source.problems.add(place, f"how much is usual must be said; {_HOW_MANY_EXAMPLE}")
    spans = (_read_span(when, node, source.problems) for when, node in entries)
    return tuple(span for span in spans if span is not None)


def _read_span(when: Scalar, node: Node, problems: Problems) -> ExpectedSpan | None:
    found = _WHEN.fullmatch(" ".join(when.text.split()))
    if found is None:
        problems.add(when.position, f"{quoted(when.text)} are not days and hours; {_WHEN_EXAMPLE}")
    an_hour_of = read_phrase(node, _read_how_many, problems)
    if found is None:
        return None
    weekdays = _weekdays(found[1], when, problems)
    opens, closes = (_since_midnight(found[n], found[n + 1]) for n in (2, 4))
    if not opens < closes <= _DAY or max(found[3], found[5]) > "59":
        problems.add(when.position, f"{quoted(when.text)}: these are not hours of one day")
        return None
    if not weekdays or an_hour_of is None:
        return None
    number, per = an_hour_of
    hours = (closes - opens) / _HOUR
    in_per = {"hour": 1.0, "day": hours, "week": hours * len(weekdays)}
    divisor = in_per[per] if isinstance(per, str) else in_per["week"] * per
    return ExpectedSpan(
        frozenset(weekdays), found[1] == _WORKING_DAYS, opens, closes, number / divisor
    )


def _read_how_many(scalar: Scalar, problems: Problems) -> tuple[int, str | int] | None:
    """How many, and in what: an hour, a day, a week, or so many weeks."""
    found = _HOW_MANY.fullmatch(" ".join(scalar.text.split()))
    if found is None:
        message = f"{quoted(scalar.text)} does not say how many; {_HOW_MANY_EXAMPLE}"
        problems.add(scalar.position, message)
        return None
    return int(found[1]), found[2] or int(found[3])


def _weekdays(text: str, when: Scalar, problems: Problems) -> range | tuple[int, ...]:
    """The weekdays of `every day`, `working days`, `Mon-Fri` or `Sat`; else none, and a problem."""
    if text == _EVERY_DAY:
        return range(7)
    if text == _WORKING_DAYS:
        return range(_SATURDAY)
    first, _, last = text.partition("-")
    if first in _WEEKDAYS and (last or first) in _WEEKDAYS:
        days = range(_WEEKDAYS.index(first), _WEEKDAYS.index(last or first) + 1)
        if not days:
            problems.add(when.position, f"{quoted(text)}: its days run backwards")
        return days
    message = f"{quoted(text)} are not days; allowed: {', '.join(_ALL_DAYS)}, or two with a hyphen"
    problems.add(when.position, message + did_you_mean(text, _ALL_DAYS))
    return ()


def _since_midnight(hours: str, minutes: str) -> timedelta:
    return timedelta(hours=int(hours), minutes=int(minutes))
