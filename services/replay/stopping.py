"""Stopping a replay: Ctrl-C and SIGTERM end it wherever it is, with one clear error."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from services.runtime.errors import PermanentError

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class ReplayStopped(PermanentError):
    """Somebody stopped it; nothing was changed."""


@dataclass(slots=True)
class Stopping:
    """Hears SIGINT and SIGTERM, wherever in the process they arrive."""

    has_come: bool = False
    _waits: bool = False

    def hear(self, _number: int, _frame: FrameType | None) -> None:
        """Handles either signal."""
        self.has_come = True
        if not self._waits:
            raise KeyboardInterrupt

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Inside, the signals wait; processes started there do not hear them at all."""
        self._waits = True
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            yield
        finally:
            self._waits = False
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if self.has_come:
            raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Inside, SIGINT and SIGTERM raise `ReplayStopped`; to be used in the main thread.

    Whoever started us may have had SIGINT ignored, as shells do in the background. Libraries in C
    may turn the interrupt into an error of theirs: after a signal, every error is the stop.
    """
    stopping = Stopping()
    before = {each: signal.signal(each, stopping.hear) for each in SIGNALS}
    try:
        yield stopping
    except ReplayStopped:
        raise
    except (Exception, KeyboardInterrupt):
        if stopping.has_come:
            raise ReplayStopped("stopped; nothing was changed") from None
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
