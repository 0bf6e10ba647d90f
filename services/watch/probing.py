"""Sends probes to sources' topics, as the sources themselves would send events.

It is apart from the clocks: while Kafka is away nobody is chased later, and the probe is lost,
which is what is to be told then.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from pydantic_core import to_json

from routing_rules.rulebook import Rulebook
from schemas.source_messages import PROBE_SOURCE, PROBE_TYPE
from schemas.values import Family
from services.ledger.source_probes import ProbeToSend, probes_sent, probes_to_send
from services.runtime.clock import Clock
from services.runtime.kafka import close_producer, connection_arguments
from services.runtime.logging import get_logger
from services.runtime.postgres import DatabaseAway, Pool, reading, transaction
from services.runtime.settings import KafkaSettings
from services.runtime.topics import Topics

_SECONDS = 20.0
_SEND_SECONDS = 10.0
_PAUSE_SECONDS = 5.0
_HEADERS = [("content-type", b"application/cloudevents+json")]

_log = get_logger(__name__)


@dataclass(slots=True)
class Prober:
    """Sends the probes that were asked for. `run` ends when `stopping` is set."""

    pool: Pool
    rulebook: Rulebook
    topics: Topics
    kafka: KafkaSettings
    clock: Clock
    poll_seconds: float
    stopping: asyncio.Event
    _producer: AIOKafkaProducer | None = None
    _is_away: bool = False

    async def run(self) -> None:
        """Sends what is asked for, until asked to stop; whatever is away is tried again."""
        try:
            while not self.stopping.is_set():
                pause = self.poll_seconds
                try:
                    async with asyncio.timeout(_SECONDS):
                        await self.send_due()
                    self._note(away=None)
                except (KafkaError, OSError, TimeoutError, DatabaseAway) as error:
                    self._note(away=error)
                    await self._close()
                    pause = _PAUSE_SECONDS
                except Exception:  # noqa: BLE001 - the clocks go on, and the probes are lost, loudly
                    _log.critical("watch_job_failed", job="probes", exc_info=True)
                    await self._close()
                    pause = _PAUSE_SECONDS
                await self._wait(pause)
        finally:
            await self._close()

    async def send_due(self) -> int:
        """Sends each probe that Kafka is not known to have; answers how many.

        A probe that was sent just before a crash is sent again: it is one probe nevertheless.
        Raises aiokafka's errors and `DatabaseAway`; what was sent until then stays so.
        """
        async with reading(self.pool) as connection:
            due = await probes_to_send(connection, at=self.clock.now())
        families = {each.publisher: each.family for each in self.rulebook.settings.sources}
        known = [probe for probe in due if probe.publisher in families]
        if not known:
            return 0
        producer = await self._connected()
        answers = await asyncio.gather(
            *(self._send(producer, families[probe.publisher], probe) for probe in known),
            return_exceptions=True,
        )
        sent = [p.probe_id for p, answer in zip(known, answers, strict=True) if answer is None]
        async with transaction(self.pool) as connection:
            await probes_sent(connection, sent, at=self.clock.now())
        _log.info("probes_sent", count=len(sent))
        for answer in answers:
            if answer is not None:
                raise answer
        return len(sent)

    async def _send(self, producer: AIOKafkaProducer, family: Family, probe: ProbeToSend) -> None:
        """One probe on its source's topic; one topic that is not there does not hold up others."""
        topic = self.topics.events(family.value, probe.publisher)
        key = str(probe.probe_id).encode()
        async with asyncio.timeout(_SEND_SECONDS):
            await producer.send_and_wait(topic, _message(probe), key=key, headers=_HEADERS)

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            arguments = connection_arguments(self.kafka)
            producer = AIOKafkaProducer(**arguments, enable_idempotence=True)
            try:
                await producer.start()
            except BaseException:
                await close_producer(producer)
                raise
            self._producer = producer
        return self._producer

    async def _close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await close_producer(producer)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return

    def _note(self, *, away: Exception | None) -> None:
        """Says once that probes cannot be sent, and once that they can."""
        if away is not None and not self._is_away:
            _log.error("probes_cannot_be_sent", exc_info=away)
        if away is None and self._is_away:
            _log.warning("probes_can_be_sent")
        self._is_away = away is not None


@asynccontextmanager
async def probing(prober: Prober) -> AsyncIterator[None]:
    """Sends probes while inside. A failure that is not to be waited out ends the inside as well.

    It then sets `stopping`, and is raised on leaving.
    """
    task = asyncio.create_task(prober.run())
    task.add_done_callback(lambda _: prober.stopping.set())
    try:
        yield
    finally:
        prober.stopping.set()
        _, late = await asyncio.wait([task], timeout=_SEND_SECONDS)
        for each in late:
            each.cancel()
            await asyncio.wait([each])
    if not task.cancelled():
        task.result()


def _message(probe: ProbeToSend) -> bytes:
    return to_json(
        {
            "specversion": "1.0",
            "id": probe.probe_id,
            "source": f"{PROBE_SOURCE}:{probe.publisher}",
            "type": PROBE_TYPE,
            "time": probe.asked_at,
            "data": {},
        }
    )
