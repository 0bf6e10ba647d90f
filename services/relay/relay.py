"""One relay: which lanes it works on, and for how long."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from services.ledger.lanes import Lane, LanesInPlay, LeaseLost
from services.relay.failpoints import Failpoints, NoFailpoints
from services.relay.held_off import HeldOff
from services.relay.lane_worker import LaneWorker
from services.relay.outages import Outages
from services.relay.ports import Fenced, LaneLog, MessageRefused, RelayLedger
from services.relay.shares import Plan, plan_lanes
from services.runtime.backoff import Backoff
from services.runtime.clock import Clock
from services.runtime.errors import FieldfareError, TransientError
from services.runtime.kafka import TopicMissing
from services.runtime.logging import get_logger
from services.runtime.settings import RelaySettings

_log = get_logger(__name__)
_ITSELF = "relay"


@dataclass(frozen=True, slots=True)
class RelayLimits:
    """Bounds of one relay; a lane has one producer, so `most_lanes` bounds producers as well."""

    most_lanes: int = 64
    idle_seconds: float = 180.0
    stop_seconds: float = 20.0
    backoff: Backoff = field(default_factory=lambda: Backoff(first=0.2, most=10.0))


class Relay:
    """Takes lanes that are free, works on them at once, and shares them with other relays.

    A lane that fails is given back and left alone for a while by this relay; others go on. A row
    that Kafka refuses for good has a number, and no number is ever skipped: what stands before it
    goes out, then its lane stands still, and says so loudly, until the topic takes it (sizes are
    limited by construction, so it is the topic's limit that is wrong).
    """

    def __init__(  # noqa: PLR0913 - the parts of one process
        self,
        *,
        ledger: RelayLedger,
        open_log: Callable[[Lane], LaneLog],
        clock: Clock,
        settings: RelaySettings,
        limits: RelayLimits,
        failpoints: Failpoints | None = None,
    ) -> None:
        self._ledger = ledger
        self._open_log = open_log
        self._clock = clock
        self._settings = settings
        self._limits = limits
        self._failpoints = failpoints or NoFailpoints()
        self._seconds = asyncio.get_running_loop().time
        self._held_off = HeldOff(limits.backoff, seconds=self._seconds)
        self._outages = Outages()
        self._workers: dict[Lane, LaneWorker] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._free_since: dict[Lane, float] = {}
        self._refused: set[Lane] = set()
        self._keeps_surplus_until = 0.0
        self._woken = asyncio.Event()
        self._is_stopping = False

    def wake(self) -> None:
        """Says that the outbox may have new rows. Does not block."""
        self._woken.set()

    def stop(self) -> None:
        """Asks `run` to end: batches in hand are finished and leases given back."""
        self._is_stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Works until `stop`, or until cancelled; either way leases are given back in time.

        Outages of Kafka and PostgreSQL are waited out. Raises only what waiting cannot mend, such
        as a ledger without our tables.
        """
        renewing = asyncio.create_task(self._renew_leases())
        try:
            while not self._is_stopping:
                self._woken.clear()
                await self._look_around()
                await _wait_at_most(self._settings.poll_ms / 1000, self._woken)
        finally:
            await self._leave_all()
            renewing.cancel()
            await asyncio.wait([renewing])

    async def _look_around(self) -> None:
        try:
            in_play = await self._ledger.in_play()
        except TransientError as error:
            self._outages.begins(_ITSELF, error)
            return
        self._outages.ends(_ITSELF)
        for lane in [lane for lane, worker in self._workers.items() if worker.is_settled]:
            self._held_off.works(lane)
            self._refused.discard(lane)
            self._outages.ends(_name(lane))
        for each in in_play.lanes:
            if each.has_open_rows and (worker := self._workers.get(each.lane)):
                worker.wake()
        self._carry_out(self._plan(in_play))

    def _plan(self, in_play: LanesInPlay) -> Plan:
        now = self._seconds()
        free = [each.lane for each in in_play.lanes if each.has_open_rows and each.owner is None]
        self._free_since = {lane: self._free_since.get(lane, now) for lane in free}
        waiting = {
            lane: now - since
            for lane, since in self._free_since.items()
            if lane not in self._workers and not self._held_off.holds(lane)
        }
        return plan_lanes(
            in_play,
            list(self._workers),
            waiting=waiting,
            most=self._limits.most_lanes,
            neglected_after=self._settings.lease_seconds,
            keeps_surplus=now < self._keeps_surplus_until,
        )

    def _carry_out(self, plan: Plan) -> None:
        if plan.beyond_share:  # another relay is alive, and yet does not take them
            pause = 30 * self._settings.lease_seconds
            self._keeps_surplus_until = self._seconds() + pause
        for lane in plan.take:
            self._start(lane)
        for lane in plan.give_back:
            self._workers[lane].leave()

    def _start(self, lane: Lane) -> None:
        log = self._open_log(lane)
        worker = LaneWorker(
            lane,
            ledger=self._ledger,
            log=log,
            clock=self._clock,
            batch_size=1 if lane in self._refused else self._settings.batch_size,
            idle_seconds=self._limits.idle_seconds,
            failpoints=self._failpoints,
        )
        self._workers[lane] = worker
        task = asyncio.create_task(self._work(lane, worker, log))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, lane: Lane, worker: LaneWorker, log: LaneLog) -> None:
        try:
            if await self._ledger.take(lane):
                try:
                    await worker.run()
                finally:
                    self._close(log)
                    await self._give_back(lane)
        except FieldfareError as error:
            self._held_off.failed(lane)
            self._tell(lane, error)
        except Exception:  # noqa: BLE001 - the edge of a lane: a mistake in one must not stop all
            self._held_off.failed(lane)
            _log.exception("relay_lane_broke", topic=lane.topic, partition=lane.partition)
        finally:
            del self._workers[lane]

    def _tell(self, lane: Lane, error: FieldfareError) -> None:
        place = {"topic": lane.topic, "partition": lane.partition}
        match error:
            case LeaseLost() | Fenced():
                _log.warning("relay_lane_lost", **place, error=type(error).__name__)
            case MessageRefused() if lane not in self._refused:
                self._refused.add(lane)  # next time one by one, to find out which it is
            case MessageRefused(message=message):
                _log.critical(
                    "relay_row_refused: nothing behind it goes out until Kafka takes it",
                    **place,
                    outbox_id=message.message_id,
                    recipient_sequence=message.recipient_sequence,
                    size=message.size,
                )
            case TopicMissing():
                self._outages.begins(_name(lane), error, where=lane.topic)
            case _:
                self._outages.begins(_name(lane), error)

    async def _give_back(self, lane: Lane) -> None:
        try:
            await self._ledger.give_back(lane)
        except TransientError as error:  # then nobody renews the lease, and it runs out
            self._outages.begins(_ITSELF, error)

    def _close(self, log: LaneLog) -> None:
        # a producer with messages on their way closes only when Kafka answers again
        task = asyncio.create_task(log.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _renew_leases(self) -> None:
        while True:
            await asyncio.sleep(self._settings.lease_seconds / 3)
            try:
                await self._ledger.renew(list(self._workers))
            except TransientError as error:
                self._outages.begins(_ITSELF, error)

    async def _leave_all(self) -> None:
        for worker in self._workers.values():
            worker.leave()
        await _finish(self._tasks, self._limits.stop_seconds)
        await _finish(self._closing, self._limits.stop_seconds)
        _log.info("relay_stopped")


async def _finish(tasks: set[asyncio.Task[None]], patience: float) -> None:
    if tasks:
        _, late = await asyncio.wait(set(tasks), timeout=patience)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)


async def _wait_at_most(seconds: float, event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


def _name(lane: Lane) -> str:
    return f"{lane.topic}:{lane.partition}"
