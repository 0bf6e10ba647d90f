"""A period as it is typed: days in London, or moments with their zone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import typer

_LONDON = ZoneInfo("Europe/London")


def moment(text: str, option: str, *, days: int) -> datetime:
    """A day in London, so many days on, or a moment with its zone. Raises `BadParameter`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _exactly(text, option)
    return datetime.combine(day + timedelta(days=days), time(), _LONDON)


def _exactly(text: str, option: str) -> datetime:
    try:
        exact = datetime.fromisoformat(text)
    except ValueError:
        exact = None
    if exact is None or exact.tzinfo is None:
        raise typer.BadParameter(f"{option} is a day such as 2026-02-28, or a time with its zone")
    return exact
