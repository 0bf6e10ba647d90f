"""One relay's work on one lane, from taking it over until it is left."""

import asyncio
from collections.abc import Sequence

from services.ledger.lanes import Lane, Published
from services.relay.failpoints import Failpoint, Failpoints
from services.relay.message import message_of
from services.relay.ports import LaneLog, RelayLedger
from services.runtime.clock import Clock
from services.runtime.logging import get_logger

_log = get_logger(__name__)


class LaneWorker:
    """Publishes one lane for as long as it is ours, wanted and not idle for long.

    Any error ends the work: what became of the last batch is found out by whoever takes the lane
    over next, this relay or another, from the log itself.
    """

    def __init__(  # noqa: PLR0913 - the parts of one lane
        self,
        lane: Lane,
        *,
        ledger: RelayLedger,
        log: LaneLog,
        clock: Clock,
        batch_size: int,
        idle_seconds: float,
        failpoints: Failpoints,
    ) -> None:
        self._lane = lane
        self._ledger = ledger
        self._kafka = log
        self._clock = clock
        self._batch_size = batch_size
        self._idle_seconds = idle_seconds
        self._failpoints = failpoints
        self._woken = asyncio.Event()
        self._is_leaving = False
        self._is_settled = False

    def wake(self) -> None:
        """Says that the lane may have rows to publish. Does not block."""
        self._woken.set()

    def leave(self) -> None:
        """Asks `run` to return when the batch in hand is published and marked. Does not block."""
        self._is_leaving = True
        self._woken.set()

    @property
    def is_settled(self) -> bool:
        """Whether the lane is taken over, so that earlier failures are history."""
        return self._is_settled

    async def run(self) -> None:
        """Works until asked to leave, or until the lane has had nothing to do for long.

        The lane must be ours. Raises `LeaseLost`, `Fenced`, `MessageRefused`, `TopicMissing`,
        `KafkaAway` or an error of the database; after each the lane can be taken over again.
        """
        await self._take_over()
        self._is_settled = True
        while not self._is_leaving:
            self._woken.clear()
            if outbox_nos := await self._ledger.number(self._lane, self._batch_size):
                await self._failpoints.reached(Failpoint.NUMBERED, self._lane)
                await self._publish(outbox_nos)
            elif not await self._wait_for_rows():
                return

    async def _take_over(self) -> None:
        """Finds out from the log what earlier owners have sent, and sends what they have not.

        The order matters: first earlier producers are fenced, then the lease is looked at again.
        If it still holds, nobody else can have added to the log since, and nobody can from now on
        without fencing us.
        """
        await self._kafka.open()
        began = asyncio.get_running_loop().time()
        confirmed = await self._ledger.hold(self._lane)
        tail = await self._kafka.read_tail(confirmed)
        await self._mark(tail, event="relay_took_over", began=began)
        left = await self._ledger.left_numbered(self._lane)
        for start in range(0, len(left), self._batch_size):
            await self._publish(left[start : start + self._batch_size])

    async def _publish(self, outbox_nos: Sequence[int]) -> None:
        began = asyncio.get_running_loop().time()
        rows = await self._ledger.read(outbox_nos)
        published = await self._kafka.publish([message_of(row) for row in rows])
        await self._failpoints.reached(Failpoint.COMMITTED, self._lane)
        await self._mark(published, event="relay_published", began=began)

    async def _mark(self, published: Published, *, event: str, began: float) -> None:
        marked = await self._ledger.mark(self._lane, published, self._clock.now())
        fields = {
            "topic": self._lane.topic,
            "partition": self._lane.partition,
            "next_offset": published.next_offset,
        }
        took = round((asyncio.get_running_loop().time() - began) * 1000)
        _log.info(event, **fields, rows=marked.rows, duties_sent=marked.duties, milliseconds=took)
        if unknown := len(published.offsets) - marked.known:
            # the ledger was restored to an earlier state than the log: numbers may come twice
            _log.error("relay_log_holds_unknown_messages", **fields, count=unknown)

    async def _wait_for_rows(self) -> bool:
        try:
            async with asyncio.timeout(self._idle_seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        return True
