"""The only reader of the time; everything else is given a `Clock`."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from services.runtime.errors import PermanentError


class Clock(Protocol):
    """Answers what time it is."""

    def now(self) -> datetime:
        """The present moment: aware, in UTC. Does not block."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's own time, as in production."""

    def now(self) -> datetime:
        """The machine's time in UTC, to the microsecond."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """Stands still until it is moved: for tests inside one process."""

    at: datetime

    def __post_init__(self) -> None:
        self.at = _in_utc(self.at)

    def now(self) -> datetime:
        """The time last set, in UTC."""
        return self.at

    def set(self, at: datetime) -> None:
        """Moves to `at`, which must be aware; going back is allowed."""
        self.at = _in_utc(at)

    def advance(self, by: timedelta) -> None:
        """Moves on by a length of time."""
        self.at += by


@dataclass(frozen=True, slots=True)
class FileClock:
    """Reads the time from a file at each `now()`, so that several processes share a moved clock.

    The file holds one aware ISO 8601 time; `now()` raises `PermanentError` for anything else.
    """

    path: Path

    def now(self) -> datetime:
        """The time that the file holds, in UTC."""
        try:
            return _in_utc(datetime.fromisoformat(self.path.read_text("ascii").strip()))
        except (OSError, ValueError) as error:
            raise PermanentError(
                f"the clock file {self.path} holds no aware ISO 8601 time"
            ) from error

    def set(self, at: datetime) -> None:
        """Moves every process that reads this file to `at`; a reader never sees half a time."""
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        fresh.write_text(_in_utc(at).isoformat(), "ascii")
        fresh.replace(self.path)

    def advance(self, by: timedelta) -> None:
        """Moves every process on by a length of time; only one process may do so at a time."""
        self.set(self.now() + by)


def choose_clock(file: Path | None) -> Clock:
    """The machine's time, or a file's if `FIELDFARE_CLOCK__FILE` names one."""
    return SystemClock() if file is None else FileClock(file)


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without its zone is not a moment")
    return at.astimezone(UTC)
