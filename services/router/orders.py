"""What a named person orders: nothing is back-dated, and an order given twice is done once."""

from dataclasses import dataclass

from services.runtime.errors import PermanentError


class OrderRefused(PermanentError):
    """What was ordered cannot be done; the message is one line and holds no personal data."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who orders something, and why; the reason is kept with whatever changes."""

    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an order: whether anything was changed, and one line about it."""

    changed: bool
    told: str
