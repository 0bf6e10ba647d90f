"""A relay process that kills (9) or stops (19) itself at a failpoint: `fragile_relay AT SIGNAL`."""

import asyncio
import os
import signal
import sys

from services.ledger.lanes import Lane
from services.relay.failpoints import Failpoint
from services.relay.main import run_relay
from services.runtime.clock import SystemClock
from services.runtime.logging import configure_logging
from services.runtime.settings import read_settings


class SignalsItself:
    """Sends this process a signal when a point is reached for the first time."""

    def __init__(self, at: str, does: str) -> None:
        self._at = at
        self._does = does

    async def reached(self, point: Failpoint, lane: Lane) -> None:
        if point == self._at:
            self._at = ""
            sys.stderr.write(f"failpoint {point} of {lane.topic}\n")
            sys.stderr.flush()
            os.kill(os.getpid(), signal.Signals[self._does])


if __name__ == "__main__":
    settings = read_settings()
    configure_logging(settings.logging, clock=SystemClock(), service="relay")
    asyncio.run(run_relay(settings, SystemClock(), failpoints=SignalsItself(*sys.argv[1:3])))
