"""A watch process that kills (9) or stops (19) itself at a failpoint: `fragile_watch AT SIGNAL`."""

import asyncio
import os
import signal
import sys

from services.runtime.clock import choose_clock
from services.runtime.logging import configure_logging
from services.runtime.settings import read_settings
from services.watch.failpoints import Failpoint
from services.watch.main import run_watch


class SignalsItself:
    """Sends this process a signal when a point is reached for the first time."""

    def __init__(self, at: str, does: str) -> None:
        self._at = at
        self._does = does

    async def reached(self, point: Failpoint) -> None:
        if point == self._at:
            self._at = ""
            os.kill(os.getpid(), signal.Signals[self._does])


if __name__ == "__main__":
    settings = read_settings()
    clock = choose_clock(settings.clock.file)
    configure_logging(settings.logging, clock=clock, service="watch")
    asyncio.run(run_watch(settings, clock, failpoints=SignalsItself(*sys.argv[1:3])))
