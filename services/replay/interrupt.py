"""Stopping a replay: SIGINT and SIGTERM end it, but never in the middle of starting a process."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Interrupt:
    """SIGINT and SIGTERM as one interrupt, which waits while a process is being started."""

    is_held: bool = False
    has_come: bool = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Handles either signal."""
        self.has_come = True
        if not self.is_held:
            raise KeyboardInterrupt

    @contextmanager
    def held(self) -> Iterator[None]:
        """A process that starts meanwhile is started wholly, and never hears of SIGINT itself."""
        self.is_held = True
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            self.is_held = False
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if self.has_come:
            raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Whoever started us may have had SIGINT ignored, as shells do in the background."""
    interrupt = Interrupt()
    before = {each: signal.signal(each, interrupt) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupt
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
