"""Replays and issues by the shipped rulebook, and kills itself at a failpoint: `... AT DSN`."""

import asyncio
import os
import signal
import sys

from services.replay.failpoints import Failpoint
from services.replay.issuing import Issuing
from services.replay.running import Asked, Progress, replay_period
from services.runtime.clock import FixedClock
from services.runtime.postgres import open_pool
from tests.builders import staffordshire
from tests.integration.replay.kit import BEGINNING, END, LATER, ORDER, routing_by


class KillsItself:
    """Kills this process when a point is reached for the second time."""

    def __init__(self, at: str) -> None:
        self._at = at
        self._seen = 0

    async def reached(self, point: Failpoint) -> None:
        if point == self._at:
            self._seen += 1
            if self._seen == 2:
                os.kill(os.getpid(), signal.SIGKILL)


def main(at: str, dsn: str) -> None:
    report = replay_period(dsn, Asked(staffordshire(), BEGINNING, END, processes=1), Progress())

    async def work() -> None:
        async with open_pool(dsn, size=1, application_name="test") as pool:
            routing, clock = routing_by(staffordshire()), FixedClock(LATER)
            await Issuing(pool, routing, ORDER, clock, KillsItself(at)).issue(report)

    asyncio.run(work())


if __name__ == "__main__":
    main(*sys.argv[1:3])
