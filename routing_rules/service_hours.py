"""When a team works, as its directory row says: `24h`, `Mon-Fri 08:00-18:00 Sat 09:00-13:00`."""

import re
from dataclasses import dataclass
from datetime import time
from itertools import chain, pairwise

from routing_rules.source_text import Problems, Scalar

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = "|".join(_DAYS)
_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_SPAN = re.compile(rf"({_DAY})(?:-({_DAY}))? {_TIME}-{_TIME}")
_SPANS = re.compile(rf"{_SPAN.pattern}(?: {_SPAN.pattern})*")
_EXAMPLE = "write '24h' or as 'Mon-Fri 09:00-17:00 Sat 09:00-13:00'"


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """From when until when a team works on one weekday (Monday is 0), in London time."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """A team's sessions in the order of the week; a team without sessions works round the clock.

    `text` is what the directory says, for people.
    """

    text: str
    sessions: tuple[Session, ...] = ()

    @property
    def always_open(self) -> bool:
        """Whether it works day and night, on bank holidays too."""
        return not self.sessions

    def on_weekday(self, weekday: int) -> tuple[Session, ...]:
        """The sessions of one weekday, where Monday is 0."""
        return tuple(session for session in self.sessions if session.weekday == weekday)


ROUND_THE_CLOCK = ServiceHours("24h")


def read_hours(scalar: Scalar, problems: Problems) -> ServiceHours | None:
    """The hours that a text states; None, and a problem, where it cannot be understood."""
    text = " ".join(scalar.text.split())
    if text == ROUND_THE_CLOCK.text:
        return ROUND_THE_CLOCK
    if _SPANS.fullmatch(text) is None:
        problems.add(scalar.position, f"'{scalar.text}' are not hours; {_EXAMPLE}")
        return None
    spans = tuple(_sessions_of(span.groups()) for span in _SPAN.finditer(text))
    sessions = tuple(sorted(chain.from_iterable(spans)))
    wrong = "its days run backwards" if not all(spans) else _what_is_wrong(sessions)
    if wrong is not None:
        problems.add(scalar.position, f"'{text}': {wrong}")
        return None
    return ServiceHours(text, sessions)


def _sessions_of(span: tuple[str, ...]) -> tuple[Session, ...]:
    first, last, opens_hour, opens_minute, closes_hour, closes_minute = span
    opens = time(int(opens_hour), int(opens_minute))
    closes = time(int(closes_hour), int(closes_minute))
    days = range(_DAYS.index(first), _DAYS.index(last or first) + 1)
    return tuple(Session(day, opens, closes) for day in days)


def _what_is_wrong(sessions: tuple[Session, ...]) -> str | None:
    if any(session.closes <= session.opens for session in sessions):
        return "it closes before it opens"
    if any(a.weekday == b.weekday and b.opens < a.closes for a, b in pairwise(sessions)):
        return "two spans of one day overlap"
    return None
