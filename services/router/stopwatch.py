"""Where the time of a batch goes: to be logged, so that an operator sees what is slow."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    """What the router does with a batch, one after the other."""

    PARSE = "parse"
    WAIT = "wait"
    """For what is decided again meanwhile, or for a batch."""
    READ = "read"
    """The offsets, the locks, and what the ledger knows."""
    DECIDE = "decide"
    WRITE = "write"
    """With the commit, and with whatever is done again because PostgreSQL was away."""


def _seconds_of_loop() -> Callable[[], float]:
    return asyncio.get_running_loop().time


@dataclass(slots=True)
class Stopwatch:
    """Adds up the time of each stage: runs from when it is made, and no moment counts twice.

    `seconds` is any steady clock that counts seconds; the running loop's unless one is given.
    """

    seconds: Callable[[], float] = field(default_factory=_seconds_of_loop)
    _spent: dict[Stage, float] = field(default_factory=dict)
    _since: float = 0.0

    def __post_init__(self) -> None:
        self._since = self.seconds()

    def lap(self, stage: Stage) -> None:
        """Says that everything since the last lap was this stage."""
        now = self.seconds()
        self._spent[stage] = self._spent.get(stage, 0.0) + now - self._since
        self._since = now

    @property
    def milliseconds(self) -> int:
        """All laps together."""
        return round(sum(self._spent.values()) * 1000)

    def by_stage(self) -> dict[str, float]:
        """Milliseconds, to a tenth, of each stage that there was."""
        return {stage.value: round(spent * 1000, 1) for stage, spent in self._spent.items()}
