"""What is wrong with the watch or the ledger itself: a duty of MASH, once a day and matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from routing_rules.case import DutyChange
from routing_rules.decision import Json, Reason
from routing_rules.rulebook import Rulebook
from routing_rules.watch_notices import WatchNotice, owe_notice
from routing_rules.working_time import LONDON
from schemas.values import Ask, Urgency
from services.ledger.queues import Queues
from services.ledger.watching import held_duties
from services.runtime.logging import get_logger
from services.runtime.postgres import Pool, RowRefused, transaction
from services.watch.notices import write_notices

_ALARMS = UUID("7e2f90b4-55a8-5c1e-8d3f-2b6c1f0e9a47")

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong, and nothing of a person. `name` is the same while the same thing is wrong."""

    name: str
    reason: Reason
    because: str
    content: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Alarms:
    """Tells MASH. Several watches may tell of the same thing: it is told once a day."""

    pool: Pool
    rulebook: Rulebook
    queues: Queues

    async def tell(self, alarm: Alarm, at: datetime) -> None:
        """Owes MASH the notice, unless it was told today. Raises `DatabaseAway`."""
        change = self._notice(alarm, at)
        try:
            async with transaction(self.pool) as connection:
                if not await held_duties(connection, [change.held.duty_id]):
                    await write_notices(connection, [change], self.queues, at=at)
        except RowRefused:  # another watch was quicker
            _log.info("watch_alarm_told_already")

    async def tell_failed_job(self, job: str, at: datetime) -> None:
        """A part of the watch fails, wholly or for one duty: what it would tell is not told."""
        reason = Reason("watch-job", "Nobody is told of what a part of the watch would have found.")
        says = f"the part of the watch that is called {job} fails; the other parts go on"
        content = {"finding": "watch does not work", "name": job, "says": says}
        what_to_do = "Ask the operator to read the watch's log at once."
        alarm = Alarm(
            f"job {job}", reason, f"a part of the watch fails: {job}", content | {"do": what_to_do}
        )
        await self.tell(alarm, at)

    def _notice(self, alarm: Alarm, at: datetime) -> DutyChange:
        day = at.astimezone(LONDON).date()
        notice = WatchNotice(
            belongs_to=uuid5(_ALARMS, f"{day.isoformat()}|{alarm.name}"),
            team=self.rulebook.mash(day),
            urgency=Urgency.SAME_DAY,
            reason=alarm.reason,
            because=alarm.because,
            content=alarm.content,
            asks=(Ask.ACKNOWLEDGE, Ask.ACT),
        )
        return owe_notice(notice, self.rulebook, at)
