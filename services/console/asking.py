"""What people fill in: read carefully, and answered in words that say what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from fastapi import Request

from routing_rules.working_time import LONDON
from services.console.problems import NotThere
from services.console.rendering import Mistake
from services.ledger.jsonb import storable

LONGEST_TEXT = 500
_YEARS = range(1900, 3000)
"""In which anybody was born or anything happens: of `11/4/19` nobody knows the century."""
_NUMBER = re.compile(r"[\s-]+")


@dataclass(slots=True)
class Form:
    """Fields that somebody filled in, and what is wrong with them, in the order of asking."""

    given: Mapping[str, str]
    mistakes: list[Mistake] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """What was typed, without spaces around it, or None if nothing was."""
        typed = storable(" ".join(self.given.get(name, "").split()))
        return typed or None

    def needed(self, name: str, told: str) -> str:
        """What must be typed; `told` says so if it is not. It is no longer than 500 characters."""
        typed = self.text(name)
        if typed is None:
            self.mistakes.append(Mistake(name, told))
            return ""
        if len(typed) > LONGEST_TEXT:
            self.mistakes.append(Mistake(name, f"Use {LONGEST_TEXT} characters or fewer"))
        return typed

    def short(self, name: str) -> str | None:
        """What may be typed, no longer than 500 characters."""
        typed = self.text(name)
        if typed is not None and len(typed) > LONGEST_TEXT:
            self.mistakes.append(Mistake(name, f"Use {LONGEST_TEXT} characters or fewer"))
        return typed

    def day(self, name: str, *, days: int = 0) -> datetime | None:
        """The beginning of a day in London, so many days on; None if nothing was typed."""
        typed = self.text(name)
        if typed is None:
            return None
        found = a_day(typed)
        if found is None:
            self.mistakes.append(Mistake(name, "Enter a day such as 28/2/2026"))
            return None
        return datetime.combine(found + timedelta(days=days), time(), LONDON)


async def form_of(request: Request) -> Form:
    """The form that was sent."""
    sent = (await request.form()).items()
    return Form({name: value for name, value in sent if isinstance(value, str)})


def asked_of(request: Request) -> Form:
    """What an address asks for."""
    return Form(dict(request.query_params))


def a_day(text: str) -> date | None:
    """A day as a browser sends it (2026-02-28) or as people type it (28/2/2026, 28 02 2026).

    None for anything else, and for a year that is not written out.
    """
    found = _written_day(text)
    return found if found is not None and found.year in _YEARS else None


def _written_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        parts = re.split(r"[\s./-]+", text)
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def digits(typed: str) -> str:
    """A number without the spaces and hyphens with which people write it."""
    return _NUMBER.sub("", typed)


def an_id(text: str) -> UUID:
    """An id in an address. Raises `NotThere`: what is no id names nothing."""
    try:
        return UUID(text)
    except ValueError:
        raise NotThere("Nothing is known by that number. Check the link.") from None
