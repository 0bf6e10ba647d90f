"""Every hour: does the ledger add up? What does not is said loudly, and is a duty of MASH."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from routing_rules.decision import Json, Reason
from services.ledger.conservation import Balance, check_conservation
from services.runtime.logging import get_logger
from services.runtime.postgres import Pool
from services.watch.alarms import Alarm, Alarms

EVERY = timedelta(hours=1)
_REASON = Reason("ledger-check", "A record that does not add up may hide somebody who was missed.")

_log = get_logger(__name__)


@dataclass(slots=True)
class Checking:
    """Checks the ledger, and remembers what was wrong the last time.

    MASH is told of what is wrong twice in a row, once a day: what is only under way as a watch
    or a relay starts again is no alarm.
    """

    pool: Pool
    alarms: Alarms
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
                await self.alarms.tell(self._alarm(each), at)
        self._wrong_before = frozenset(each.name for each in wrong)
        return wrong

    def _alarm(self, wrong: Balance) -> Alarm:
        content: dict[str, Json] = {
            "finding": "ledger does not add up",
            "name": wrong.name,
            "says": wrong.says,
            "broken": wrong.broken,
            "do": "Ask the operator to type: fieldfare ledger check",
        }
        return Alarm(wrong.name, _REASON, f"the ledger does not add up: {wrong.name}", content)
