"""Every hour: does the ledger add up? What does not is said loudly, and is a duty of MASH."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from routing_rules.case import DutyChange
from routing_rules.decision import Reason
from routing_rules.rulebook import Rulebook
from routing_rules.watch_notices import WatchNotice, owe_notice
from routing_rules.working_time import LONDON
from schemas.values import Ask, Urgency
from services.ledger.conservation import Balance, check_conservation
from services.ledger.queues import Queues
from services.ledger.watching import held_duties
from services.runtime.logging import get_logger
from services.runtime.postgres import Pool, RowRefused, transaction
from services.watch.notices import write_notices

EVERY = timedelta(hours=1)
_CHECKS = UUID("7e2f90b4-55a8-5c1e-8d3f-2b6c1f0e9a47")
_REASON = Reason("ledger-check", "A record that does not add up may hide somebody who was missed.")

_log = get_logger(__name__)


@dataclass(slots=True)
class Checking:
    """Checks the ledger, and remembers what was wrong the last time.

    MASH is told of what is wrong twice in a row, once a day: what is only under way as a watch
    or a relay starts again is no alarm.
    """

    pool: Pool
    rulebook: Rulebook
    queues: Queues
    _wrong_before: frozenset[str] = field(default_factory=frozenset)

    async def check(self, at: datetime) -> tuple[Balance, ...]:
        """What does not add up. Raises `DatabaseAway`; repeating it tells nobody twice."""
        balances = await check_conservation(self.pool, at=at)
        wrong = tuple(each for each in balances if not each.is_whole)
        for each in wrong:
            _log.critical(
                "ledger_does_not_add_up", equation=each.name, count=each.broken, first=each.ids[:5]
            )
        for each in wrong:
            if each.name in self._wrong_before:
                await self._tell(each, at)
        self._wrong_before = frozenset(each.name for each in wrong)
        return wrong

    async def _tell(self, wrong: Balance, at: datetime) -> None:
        change = self._notice(wrong, at)
        try:
            async with transaction(self.pool) as connection:
                if not await held_duties(connection, [change.held.duty_id]):
                    await write_notices(connection, [change], self.queues, at=at)
        except RowRefused:  # another watch was quicker
            _log.info("ledger_check_told_already")

    def _notice(self, wrong: Balance, at: datetime) -> DutyChange:
        day = at.astimezone(LONDON).date()
        notice = WatchNotice(
            belongs_to=uuid5(_CHECKS, f"{day.isoformat()}|{wrong.name}"),
            team=self.rulebook.mash(day),
            urgency=Urgency.SAME_DAY,
            reason=_REASON,
            because=f"the ledger does not add up: {wrong.name}",
            content={
                "finding": "ledger does not add up",
                "name": wrong.name,
                "says": wrong.says,
                "broken": wrong.broken,
                "look": "fieldfare ledger check",
            },
            asks=(Ask.ACKNOWLEDGE, Ask.ACT),
        )
        return owe_notice(notice, self.rulebook, at)
