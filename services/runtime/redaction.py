"""What may be written to a log: ids, numbers, times and words from closed sets; never a person.

Everything is hidden unless its kind is known to be safe. A log outlives the access rules of the
ledger, so it must not hold anything that points to somebody.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from pathlib import PurePath
from uuid import UUID

from nhs_number.validate import calculate_checksum
from structlog.typing import EventDict, WrappedLogger

HIDDEN = "[hidden]"

_PERSONAL = frozenset(
    {
        *("name", "names", "given", "family", "surname", "forename", "by", "practitioner"),
        *("address", "lines", "postcode", "phone", "telephone", "email", "contact"),
        *("nhs", "birth", "born", "dob", "due"),
        *("narrative", "summary", "headline", "note", "notes", "notice", "outcome", "why"),
        *("reason", "text", "content", "body", "payload", "data", "message", "detail", "value"),
        *("indicators", "contingency", "override", "household", "analysis"),
        *("ethnicity", "responsibility", "baby", "babies", "concerns"),
        *("about", "people", "person", "patient", "victim", "child", "mother", "perpetrator"),
        *("password", "secret", "token", "dsn", "key"),
    }
)
"""Words in a field's name that say that only a word from a closed set (an `Enum`) may be shown."""

_COUNTED = frozenset({"offset", "position", "lag", "bytes", "size", "count", "sequence"})
"""Words in a field's name that say that a number of ten digits is not an NHS number."""

_TYPES = frozenset({"error", "caused"})
"""Fields that hold the names of error types, which may be a single word with a capital."""

_ID = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_.:/@#+-]{0,199}")
_HASH = re.compile(r"([a-z0-9-]+@)?([a-z0-9]+:)?([0-9a-f]{32,64}|[0-9a-f]{8}(-[0-9a-f]{4,12}){4})")
_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_WORD_LIKE_A_NAME = re.compile(r"[A-Z][a-z]+(-[A-Z][a-z]+)*")
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{1,2}\d[A-Z\d]?[ +_-]?\d[A-Z]{2}(?![A-Za-z0-9])", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_MOST_ITEMS = 20
_DEEPEST = 3


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last structlog processor before the renderer: hides what is not known to be safe.

    The event's own name is ours and written as a constant, but is masked like other text, in case
    somebody wrote it with a value inside.
    """
    name = mask(str(event.get("event", "")))
    return {"event": name, **{k: shown(v, k) for k, v in event.items() if k != "event"}}


def mask(text: str) -> str:
    """The text without anything that looks like an NHS number, a postcode or an e-mail address."""
    without_numbers = _TEN_DIGITS.sub(_hide_nhs_number, text)
    return _EMAIL.sub(HIDDEN, _POSTCODE.sub(HIDDEN, without_numbers))


def shown(value: object, field: str = "", depth: int = 0) -> object:
    """What a log may show of a value in a field of that name."""
    match value:
        case Mapping() if depth < _DEEPEST:
            return {shown(str(k)): shown(v, str(k), depth + 1) for k, v in value.items()}
        case list() | tuple() | set() | frozenset() if depth < _DEEPEST:
            return _items(value, field, depth)
        case _:
            return _single(value, frozenset(re.split(r"[^a-z]+", field.lower())))


def _items(values: Iterable[object], field: str, depth: int) -> list[object]:
    items = list(values)
    left_out = len(items) - _MOST_ITEMS
    visible = [shown(item, field, depth + 1) for item in items[:_MOST_ITEMS]]
    return [*visible, f"and_{left_out}_more"] if left_out > 0 else visible


def _single(value: object, words: frozenset[str]) -> object:
    match value:
        case Enum():
            return value.value
        case None | bool():
            return value
        case _ if words & _PERSONAL:
            return HIDDEN
        case BaseException():
            return type(value).__name__
        case int() | float():
            return HIDDEN if not words & _COUNTED and _is_nhs_number(str(value)) else value
        case _:
            return _text(value, words)


def _text(value: object, words: frozenset[str]) -> str:
    match value:
        case datetime():
            return value.isoformat()
        case timedelta() | UUID():
            return str(value)
        case str() | PurePath():
            return _word(str(value), words)
        case _:  # a date among them, which may be a date of birth
            return HIDDEN


def _word(text: str, words: frozenset[str]) -> str:
    if _HASH.fullmatch(text):
        return text
    if _DAY.fullmatch(text) or not _ID.fullmatch(text):
        return HIDDEN
    if _WORD_LIKE_A_NAME.fullmatch(text) and not words & _TYPES:
        return HIDDEN
    return mask(text)


def _hide_nhs_number(found: re.Match[str]) -> str:
    return HIDDEN if _is_nhs_number(found[0]) else found[0]


def _is_nhs_number(text: str) -> bool:
    digits = "".join(character for character in text if character.isdecimal())
    return len(digits) == 10 and calculate_checksum(digits[:9]) == int(digits[9])
