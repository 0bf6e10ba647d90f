"""One thing in an event that cannot stand as it is, and what is done about it."""

from dataclasses import dataclass
from enum import Enum, auto

from schemas.paths import Path
from schemas.reasons import Reason


class Remedy(Enum):
    """What is done about a problem: as little as keeps the rest of the event true."""

    REFUSE = auto()
    FORGET = auto()
    """The field is left out, which means not known."""
    DROP = auto()
    """The list entry that holds the field is left out."""
    REPLACE = auto()
    """The field gets another value."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem at a path. Without a reason the remedy is no news to the publisher."""

    path: Path
    remedy: Remedy
    reason: Reason | None
    value: object = None


def forget(path: Path, reason: Reason | None) -> Problem:
    """The field becomes unknown."""
    return Problem(path, Remedy.FORGET, reason)


def drop(path: Path, reason: Reason) -> Problem:
    """The list entry at or above the path goes."""
    return Problem(path, Remedy.DROP, reason)


def replace(path: Path, value: object, reason: Reason | None) -> Problem:
    """The field gets this value."""
    return Problem(path, Remedy.REPLACE, reason, value)


def refuse(path: Path, reason: Reason) -> Problem:
    """The event cannot be read."""
    return Problem(path, Remedy.REFUSE, reason)
