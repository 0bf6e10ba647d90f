"""Stopping a replay: Ctrl-C and SIGTERM end it wherever it is, with one clear error."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from services.runtime.errors import PermanentError

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class ReplayStopped(PermanentError):
    """Somebody stopped it; nothing was changed."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Inside, SIGINT and SIGTERM raise `ReplayStopped`; to be used in the main thread.

    Whoever started us may have had SIGINT ignored, as shells do in the background. Libraries in C
    may turn the interrupt into an error of theirs: after a signal, every error is the stop.
    """
    stopped: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in SIGNALS}
    try:
        yield
    except ReplayStopped:
        raise
    except (Exception, KeyboardInterrupt):
        if stopped:
            raise ReplayStopped("stopped; nothing was changed") from None
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
