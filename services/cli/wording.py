"""How times, codes and counts are worded for people."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


def london_time(at: datetime) -> str:
    """A moment by the clock on the wall in Staffordshire: `Sat 7 March 2026, 02:10`."""
    local = at.astimezone(_LONDON)
    return f"{local:%a} {local.day} {local:%B %Y, %H:%M}"


def short_london_time(at: datetime) -> str:
    """The same for a table: `Sat 7 Mar 02:10`."""
    local = at.astimezone(_LONDON)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def plain(code: str) -> str:
    """A code of a closed set in plain words: `next_working_day` is `next working day`."""
    return code.replace("_", " ").replace("-", " ")


def event_words(event_type: str) -> str:
    """A CloudEvents type in plain words: `fieldfare.police.domestic-abuse.v1` is what happened."""
    return plain(" ".join(event_type.split(".")[1:-1]))


def listed(words: Iterable[str]) -> str:
    """Words as a sentence lists them: `a, b and c`."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def counted(number: int, thing: str) -> str:
    """`1 event`, `2 duties`, `3 days`; only for words whose plural ends in s."""
    if number == 1:
        return f"1 {thing}"
    is_changed = thing.endswith("y") and thing[-2:-1] not in "aeiou"
    plural = f"{thing[:-1]}ies" if is_changed else f"{thing}s"
    return f"{number:,} {plural}"
