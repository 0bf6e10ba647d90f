"""The daily list and the weekly digest: each once, whoever watches, and late rather than never."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from routing_rules.by_the_clock import (
    ClockNotice,
    DailyList,
    GapDigest,
    days_without_list,
    digest_after,
    digest_due_at,
    is_late,
    list_due_at,
    owe_daily_list,
    owe_digest,
    week_before,
)
from routing_rules.case import DutyChange
from routing_rules.directory import Team
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from schemas.values import Service
from services.ledger import by_the_clock as ledger
from services.ledger.by_the_clock import ClockRow, LastSent
from services.ledger.queues import Queues
from services.runtime.logging import get_logger
from services.runtime.postgres import Connection, Pool, transaction
from services.watch.notices import write_notices

EVERY = timedelta(seconds=20)
_LOOKS_BACK = timedelta(days=90)
"""A notice that is corrected, or withdrawn, longer after it was owed stands in no list again."""

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ByTheClock:
    """Sends what is due. `console` is where the links of lists lead.

    Any number may run at once. Each notice is one transaction that first takes its row: killed at
    any moment, it was sent wholly or is sent by the next. After a standstill the last list that was
    due is sent, which says on which days there was none and covers everything since; of digests
    each is sent.
    """

    pool: Pool
    rulebook: Rulebook
    queues: Queues
    console: str

    async def send(self, at: datetime) -> int:
        """Sends what was due by `at` (aware) and was not sent; answers how many.

        Raises `DatabaseAway`; repeating it sends nothing twice.
        """
        due_at = list_due_at(at, self.rulebook.calendar)
        sent = [await self._list(team, due_at, at) for team in self._liaison(at)]
        while await self._digest(at):
            sent.append(True)
        return sum(sent)

    def _liaison(self, at: datetime) -> tuple[Team, ...]:
        on = at.astimezone(LONDON).date()
        return self.rulebook.directory.teams_everywhere(Service.PAEDIATRIC_LIAISON, on)

    async def _list(self, team: Team, due_at: datetime, at: datetime) -> bool:
        async with transaction(self.pool) as connection:
            name, recipient = ClockNotice.DAILY_LIST, team.recipient
            last = await ledger.last_sent(connection, name, recipient)
            began = await ledger.clock_began(connection)
            if due_at <= (last.due_at if last else began):
                return False
            first = last.covers_from if last else began
            shown = await ledger.notices_to_list(
                connection, recipient, since=max(first, at - _LOOKS_BACK)
            )
            change = owe_daily_list(
                DailyList(
                    team=team,
                    due_at=due_at,
                    covers_from=last.made_at if last else began,
                    made_at=at,
                    notices=[each.notice for each in shown],
                    missed=self._missed(last, due_at),
                ),
                self.rulebook,
                self.console,
            )
            row = self._row(name, change, due_at, first, at)
            if not await self._sent(connection, row, change, at):
                return False
            await ledger.insert_listed(connection, shown, change.held.duty_id)
        _log.info("daily_list_sent", recipient=recipient, notices=len(shown), late=row.late)
        return True

    async def _digest(self, at: datetime) -> bool:
        """Sends the first digest that is missing: a week that nobody hears of is no small thing."""
        on = at.astimezone(LONDON).date()
        team = self.rulebook.directory.commissioner(on) or self.rulebook.mash(on)
        async with transaction(self.pool) as connection:
            last = await ledger.last_sent(connection, ClockNotice.GAP_DIGEST, team.recipient)
            due_at = digest_after(last.due_at) if last else digest_due_at(at)
            if due_at > at or (last is None and due_at <= await ledger.clock_began(connection)):
                return False
            begins, ends = week_before(due_at)
            unplaced = await ledger.unplaced_of_week(connection, begins, ends)
            change = owe_digest(GapDigest(team, due_at, at, unplaced), self.rulebook)
            row = self._row(ClockNotice.GAP_DIGEST, change, due_at, begins, at)
            if not await self._sent(connection, row, change, at):
                return False
        _log.info("gap_digest_sent", recipient=team.recipient, late=row.late)
        return True

    async def _sent(
        self, connection: Connection, row: ClockRow, change: DutyChange, at: datetime
    ) -> bool:
        """Takes the notice and writes it, unless another watch has."""
        if not await ledger.claim_clock_notice(connection, row):
            return False
        await write_notices(connection, [change], self.queues, at=at)
        return True

    def _row(
        self, name: ClockNotice, change: DutyChange, due_at: datetime, first: datetime, at: datetime
    ) -> ClockRow:
        held = change.held
        late = is_late(due_at, at, self.rulebook)
        return ClockRow(name, held.recipient, due_at, first, at, late, held.duty_id)

    def _missed(self, last: LastSent | None, due_at: datetime) -> tuple[date, ...]:
        if last is None:
            return ()
        return days_without_list(last.due_at, due_at, self.rulebook.calendar)
