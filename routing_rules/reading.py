"""Typed readings of one piece of a rulebook's text.

Each answers None after it has noted a problem, so that all problems come at once.
"""

import re
from collections.abc import Iterable
from datetime import date

from routing_rules.source_text import Problems, Scalar, did_you_mean, quoted

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


def read_date(scalar: Scalar, problems: Problems) -> date | None:
    """A day written as 2026-03-09."""
    if _DATE.fullmatch(scalar.text) is None:
        message = f"{quoted(scalar.text)} is not a date; write it as 2026-03-09"
        problems.add(scalar.position, message)
        return None
    try:
        return date.fromisoformat(scalar.text)
    except ValueError:
        problems.add(scalar.position, f"{quoted(scalar.text)} is not a day of the calendar")
        return None


def read_word(scalar: Scalar, what: str, allowed: Iterable[str], problems: Problems) -> str | None:
    """One of the allowed words; `what` says what they are: `a service`."""
    words = tuple(allowed)
    if scalar.text in words:
        return scalar.text
    message = f"{quoted(scalar.text)} is not {what}; allowed: {', '.join(words)}"
    problems.add(scalar.position, message + did_you_mean(scalar.text, words))
    return None


def read_code(scalar: Scalar, problems: Problems) -> str | None:
    """A code of letters, digits and hyphens: ODS, ONS, URN, or a word of a topic's name."""
    if _CODE.fullmatch(scalar.text):
        return scalar.text
    message = f"{quoted(scalar.text)} is not a code of letters, digits and hyphens"
    problems.add(scalar.position, message)
    return None


def read_yes_no(scalar: Scalar, problems: Problems) -> bool | None:
    """`yes` or `no`."""
    word = read_word(scalar, "an answer", ("yes", "no"), problems)
    return None if word is None else word == "yes"


def read_words(scalar: Scalar, _problems: Problems) -> str:
    """Free text, with its lines joined."""
    return " ".join(scalar.text.split())
