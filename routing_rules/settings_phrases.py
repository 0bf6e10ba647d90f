"""The phrases that settings are written in: `4 hours`, `2 working days`, `1 September`."""

import re
from datetime import date, time, timedelta

from routing_rules.settings import DayOfYear, Elapsed, FrequentAttendance, ResponseTime, WorkingDays
from routing_rules.source_text import Problems, Scalar

_COUNT = "([0-9]{1,4})"
_LENGTH = re.compile(rf"{_COUNT} (hour|day)s?")
_WORKING_DAYS = re.compile(r"([0-9]{1,2}) working days?")
_FREQUENT = re.compile(rf"{_COUNT} in {_COUNT} days(?: under {_COUNT})?")
_DAY_OF_YEAR = re.compile(r"([0-9]{1,2}) ([A-Z][a-z]+)")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_COMMON_YEAR = 2001


def read_length(scalar: Scalar, problems: Problems) -> timedelta | None:
    """A length of time: `4 hours` or `90 days`."""
    found = _LENGTH.fullmatch(scalar.text)
    if found is None:
        _refuse(scalar, "a length of time", "'4 hours' or '90 days'", problems)
        return None
    return timedelta(**{f"{found[2]}s": int(found[1])})


def read_response_time(scalar: Scalar, problems: Problems) -> ResponseTime | None:
    """How soon an answer is due: `4 hours` (elapsed) or `2 working days`."""
    if found := _WORKING_DAYS.fullmatch(scalar.text):
        return WorkingDays(int(found[1]))
    found = _LENGTH.fullmatch(scalar.text)
    if found is not None and int(found[1]) > 0:
        return Elapsed(timedelta(**{f"{found[2]}s": int(found[1])}))
    _refuse(scalar, "a response time", "'4 hours' or '2 working days'", problems)
    return None


def read_frequent(scalar: Scalar, problems: Problems) -> FrequentAttendance | None:
    """When attendances are frequent: `4 in 183 days` or `3 in 91 days under 1`."""
    found = _FREQUENT.fullmatch(scalar.text)
    if found is None or int(found[1]) == 0:
        example = "'4 in 183 days' or '3 in 91 days under 1'"
        _refuse(scalar, "a number of attendances", example, problems)
        return None
    under = None if found[3] is None else int(found[3])
    return FrequentAttendance(int(found[1]), int(found[2]), under)


def read_day_of_year(scalar: Scalar, problems: Problems) -> DayOfYear | None:
    """A day that every year has: `1 September`."""
    found = _DAY_OF_YEAR.fullmatch(scalar.text)
    if found and found[2] in _MONTHS:
        month = _MONTHS.index(found[2]) + 1
        if _is_a_day(month, int(found[1])):
            return DayOfYear(month, int(found[1]))
    _refuse(scalar, "a day of every year", "'1 September'", problems)
    return None


def read_time_of_day(scalar: Scalar, problems: Problems) -> time | None:
    """A time on London's clocks: `09:00`."""
    if _TIME.fullmatch(scalar.text) is None:
        _refuse(scalar, "a time of day", "'09:00'", problems)
        return None
    return time.fromisoformat(scalar.text)


def _is_a_day(month: int, day: int) -> bool:
    try:
        date(_COMMON_YEAR, month, day)
    except ValueError:
        return False
    return True


def _refuse(scalar: Scalar, what: str, example: str, problems: Problems) -> None:
    problems.add(scalar.position, f"'{scalar.text}' is not {what}; write it as {example}")
