"""Reads JSON from systems that write it badly, without an exception and without a silent loss.

What JSON or PostgreSQL cannot hold (NUL, lone surrogates, bytes that are not UTF-8) becomes
U+FFFD; a field given twice with two values, a number too large and NaN become unusable; each
with its path, so that the publisher hears of it.
"""

import json
import re
from dataclasses import dataclass, field
from itertools import pairwise

from schemas.paths import Path
from schemas.reasons import Reason

MAX_DEPTH = 24
"""Events are seven levels deep; whatever lies deeper than this is not ours to read."""
_MAX_DIGITS = 18
_BYTE_ORDER_MARK = "\ufeff"
_UNHOLDABLE = re.compile("[\0\ud800-\udfff]")


class _Twice(dict[str, object]):
    """An object in which some names stood twice."""

    names: frozenset[str] = frozenset()


@dataclass(slots=True)
class Document:
    """A JSON document as far as it could be read, and what had to be changed to hold it."""

    root: object
    changes: list[tuple[Path, Reason]] = field(default_factory=list)


def unusable() -> object:
    """Stands for a value that cannot be used: no field of any event accepts it."""
    return [[[]]]


def is_holdable(text: str) -> bool:
    """Whether PostgreSQL can store the text as it is."""
    return _UNHOLDABLE.search(text) is None


def read_json(body: bytes) -> Document | None:
    """Read a JSON document, or None if it cannot be read as JSON at all."""
    text = body.decode("utf-8", "surrogateescape").removeprefix(_BYTE_ORDER_MARK)
    try:
        root = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=lambda _: unusable(),
        )
    except (ValueError, RecursionError):
        return None
    document = Document(None)
    document.root = _held(root, (), document.changes)
    return document


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    by_name = sorted(pairs, key=lambda pair: pair[0])
    same_name = [(one, two) for one, two in pairwise(by_name) if one[0] == two[0]]
    twice.names = frozenset(one[0] for one, _ in same_name)
    for (name, value), (_, other) in same_name:
        if value != other:
            twice[name] = unusable()
    return twice


def _integer(text: str) -> object:
    return int(text) if len(text) <= _MAX_DIGITS else unusable()


def _number(text: str) -> object:
    number = float(text)
    return number if abs(number) < 10**_MAX_DIGITS else unusable()


def _held(value: object, path: Path, changes: list[tuple[Path, Reason]]) -> object:
    """A copy that PostgreSQL can hold; notes each change with its path."""
    if isinstance(value, str):
        return _held_text(value, path, changes)
    if not isinstance(value, dict | list):
        return value
    if len(path) >= MAX_DEPTH:
        return unusable()
    if isinstance(value, list):
        return [_held(item, (*path, place), changes) for place, item in enumerate(value)]
    if isinstance(value, _Twice):
        changes += [((*path, name), Reason.GIVEN_TWICE) for name in sorted(value.names)]
    return {
        _held_text(name, (*path, name), changes): _held(item, (*path, name), changes)
        for name, item in value.items()
    }


def _held_text(text: str, path: Path, changes: list[tuple[Path, Reason]]) -> str:
    if is_holdable(text):
        return text
    changes.append((path, Reason.UNHOLDABLE))
    return _UNHOLDABLE.sub("\ufffd", text)
