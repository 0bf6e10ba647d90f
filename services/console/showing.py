"""The content of a notice as labelled lines, whatever parts it has: nothing is left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.console.wording import day, london, sentence, spaced_nhs_number

_NHS_NUMBER = "nhs_number"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHOWN_ABOVE = frozenset({"event", "occurred_at"})
_NAME = frozenset({"given", "family"})


@dataclass(frozen=True, slots=True)
class Line:
    """One label and what stands beside it; `depth` is how deep it belongs under others."""

    label: str
    text: str
    depth: int = 0


def shown_content(content: Mapping[str, object]) -> tuple[Line, ...]:
    """Every part of a content in its own order, with plain labels.

    Left out is what the notice itself says beside it: which event, and when it happened.
    """
    rest = {name: part for name, part in content.items() if name not in _SHOWN_ABOVE}
    return tuple(_lines(rest, 0))


def _lines(content: Mapping[str, object], depth: int) -> Iterator[Line]:
    for name, value in content.items():
        label = sentence(name)
        match value:
            case _ if value is None or value in ({}, []):
                continue
            case Mapping() if value.keys() <= _NAME:
                yield Line(label, " ".join(str(part) for part in value.values() if part), depth)
            case Mapping():
                yield Line(label, "", depth)
                yield from _lines(value, depth + 1)
            case list() if any(isinstance(each, Mapping) for each in value):
                yield from _each(label, value, depth)
            case list():
                yield Line(label, ", ".join(_text(name, each) for each in value), depth)
            case _:
                yield Line(label, _text(name, value), depth)


def _each(label: str, values: Sequence[object], depth: int) -> Iterator[Line]:
    for number, each in enumerate(values, start=1):
        many = f"{label} {number} of {len(values)}" if len(values) > 1 else label
        if isinstance(each, Mapping):
            yield Line(many, "", depth)
            yield from _lines(each, depth + 1)
        else:
            yield Line(many, str(each), depth)


def _text(name: str, value: object) -> str:
    match value:
        case bool():
            return "Yes" if value else "No"
        case str() if name == _NHS_NUMBER:
            return spaced_nhs_number(value)
        case str():
            return _moment(value) or _worded(value)
        case _:
            return str(value)


def _moment(text: str) -> str | None:
    if _DAY.fullmatch(text):
        return day(text)
    if len(text) < 16 or text[4:5] != "-" or "T" not in text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return london(at) if at.tzinfo is not None else None


def _worded(text: str) -> str:
    """A code such as `coercive_control` in words; what a person wrote stays as it is."""
    is_code = text.islower() and text.replace("_", "").replace(" ", "").isalnum()
    return sentence(text) if is_code else text
