"""All that one watch does, each pass under the rulebook that is live when it begins."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from routing_rules.decision import Json, Reason
from services.ledger.live_rulebook import InForce, LiveRulebook, NoRulebookLive
from services.ledger.migrate import check_schema
from services.ledger.queues import Queues
from services.ledger.rulebook_watching import Unfit, take_up, unfit_processes
from services.runtime.clock import Clock
from services.runtime.errors import TransientError
from services.runtime.kafka import connection_arguments
from services.runtime.logging import get_logger
from services.runtime.postgres import Pool, reading, transaction
from services.runtime.settings import Settings
from services.runtime.topics import Topics
from services.watch.alarms import Alarm, Alarms
from services.watch.by_the_clock import EVERY as OFTEN
from services.watch.by_the_clock import ByTheClock
from services.watch.chasing import Chasing
from services.watch.checking import EVERY, Checking
from services.watch.failpoints import Failpoints
from services.watch.jobs import Job
from services.watch.probing import Prober
from services.watch.sources import SourceWatch

_RULEBOOK_EVERY = timedelta(minutes=1)
_UNFIT = Reason("rulebook", "What was signed is not what everybody is told by.")

_log = get_logger(__name__)


@dataclass(slots=True)
class Watching:
    """The jobs of one watch. `prepare` comes first."""

    settings: Settings
    pool: Pool
    clock: Clock
    failpoints: Failpoints
    live: LiveRulebook = field(default_factory=lambda: LiveRulebook("watch"))
    _prober: Prober | None = None
    _checking: Checking | None = None
    _taken_up: int | None = None

    async def prepare(self) -> None:
        """Nothing is watched under a ledger of another release, or before a rulebook is live.

        Raises `MigrationRefused`, `NoRulebookLive` and `DatabaseAway`.
        """
        await check_schema(self.pool)
        in_force = await self._in_force(self.clock.now())
        _log.info("watch_started", rulebook=in_force.rulebook.label)

    def jobs(self) -> list[Job]:
        """What is to be done again and again."""
        return [
            Job("chase", timedelta(), self._chase),
            Job("sources", timedelta(), self._look),
            Job("check", EVERY, self._check),
            Job("by the clock", OFTEN, self._send),
            Job("rulebook", _RULEBOOK_EVERY, self._tell_unfit),
        ]

    def probe_until(self, stopping: asyncio.Event) -> Prober | None:
        """Sends probes, if a cluster is named. Only once `prepare` is done."""
        settings = self.settings
        in_force = self.live.in_force
        if settings.kafka.bootstrap_servers is None or in_force is None:
            return None
        self._prober = Prober(
            self.pool,
            in_force.rulebook,
            Topics(settings.topics.prefix),
            settings.kafka,
            self.clock,
            settings.watch.poll_ms / 1000,
            stopping,
        )
        return self._prober

    async def tell_failed_job(self, job: str, at: datetime) -> None:
        """Tells MASH, under what was live last: the job may fail because that cannot be read."""
        if self.live.in_force is not None:
            await self._alarms(self.live.in_force).tell_failed_job(job, at)

    async def _in_force(self, at: datetime) -> InForce:
        """What is live; the first watch to see that it is another looks at all that climbs."""
        async with transaction(self.pool) as connection:
            in_force = await self.live.read(connection, at=at)
            if in_force.activation_no != self._taken_up:
                await take_up(connection, in_force.activation_no, at=at)
        self._taken_up = in_force.activation_no
        return in_force

    async def _chase(self, at: datetime) -> bool:
        in_force = await self._in_force(at)
        console = self.settings.console.address
        chasing = Chasing(self.pool, in_force.rulebook, self._queues, console, self.failpoints)
        chased = await chasing.chase(at)
        if chased.put_off:
            await self._alarms(in_force).tell_failed_job("chase", at)
        if chased.looked_at:
            _log.info(
                "watch_chased",
                looked_at=chased.looked_at,
                steps=chased.steps,
                notices=chased.notices,
                withdrawn=chased.withdrawn,
                put_off=chased.put_off,
            )
        return chased.looked_at == chasing.most_at_once

    async def _look(self, at: datetime) -> bool:
        rulebook = (await self._in_force(at)).rulebook
        if self._prober is not None:
            self._prober.rulebook = rulebook
        with_probes = self._prober is not None
        await SourceWatch(self.pool, rulebook, self._queues, with_probes=with_probes).look(at)
        return False

    async def _check(self, at: datetime) -> bool:
        alarms = self._alarms(await self._in_force(at))
        if self._checking is None:
            self._checking = Checking(self.pool, alarms)
        self._checking.alarms = alarms
        await self._checking.check(at)
        return False

    async def _send(self, at: datetime) -> bool:
        rulebook = (await self._in_force(at)).rulebook
        await ByTheClock(self.pool, rulebook, self._queues, self.settings.console.address).send(at)
        return False

    async def _tell_unfit(self, at: datetime) -> bool:
        """Tells MASH, once a day, of each process that cannot load what is live."""
        alarms = self._alarms(await self._in_force(at))
        async with reading(self.pool) as connection:
            unfit = await unfit_processes(connection, at=at)
        for each in unfit:
            await alarms.tell(_alarm(each), at)
        return False

    @property
    def _queues(self) -> Queues:
        topics = self.settings.topics
        return Queues(Topics(topics.prefix), topics.queue_partitions)

    def _alarms(self, in_force: InForce) -> Alarms:
        return Alarms(self.pool, in_force.rulebook, self._queues)


def check_probes(settings: Settings) -> None:
    """Checks the settings of a cluster, if one is named, before anything starts."""
    if settings.kafka.bootstrap_servers is not None:
        connection_arguments(settings.kafka)


def note_waiting(error: TransientError | None) -> None:
    """Says once what a watch waits for before it begins, and that it waits no more."""
    if error is None:
        _log.warning("back", what="prepare")
    elif isinstance(error, NoRulebookLive):
        _log.critical("nobody_is_chased_until_a_rulebook_is_live", because=str(error))
    else:
        _log.error("away", what=type(error).__name__, exc_info=error)


def _alarm(unfit: Unfit) -> Alarm:
    says = f"a {unfit.process} goes by an earlier rulebook: it cannot load the one that is live"
    content: dict[str, Json] = {
        "finding": "rulebook cannot be loaded",
        "name": f"{unfit.process} {unfit.release}",
        "says": says,
        "do": "Ask the operator to type: fieldfare rules live",
    }
    return Alarm(f"rulebook {unfit.process} {unfit.release}", _UNFIT, says, content)
