"""One pass over the clocks: whoever has not answered is chased, one step at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from routing_rules.case import DutyChange
from routing_rules.escalating import Escalated, Silence, escalate
from routing_rules.ladder import climb, silence_of
from routing_rules.rulebook import Rulebook
from routing_rules.watch_notices import withdraw_notice
from services.ledger import watching
from services.ledger.duties import DutyChangeRow, insert_duty_changes
from services.ledger.duty_rows import WATCH
from services.ledger.queues import Queues
from services.ledger.watching import DueDuty, EscalationRow
from services.runtime.errors import PermanentError
from services.runtime.logging import get_logger
from services.runtime.postgres import Connection, Pool, is_away, transaction
from services.watch.failpoints import Failpoint, Failpoints, NoFailpoints
from services.watch.notices import write_notices

MOST_AT_ONCE = 2000
"""Duties that one transaction looks at; more are looked at in the next, at once."""
ANSWERED = "all that it told of has been answered"
_LOOK_AGAIN = timedelta(hours=1)
_TOO_MANY = 5

_log = get_logger(__name__)


class NothingChased(PermanentError):
    """No duty of a pass can be chased: the release or the rulebook is to blame, and not a duty."""


@dataclass(frozen=True, slots=True)
class Chased:
    """What one pass did, counted. `put_off`: our own code fails on them, and somebody must know."""

    looked_at: int = 0
    steps: int = 0
    notices: int = 0
    withdrawn: int = 0
    put_off: int = 0

    def __add__(self, other: "Chased") -> "Chased":
        """Both together."""
        return Chased(
            self.looked_at + other.looked_at,
            self.steps + other.steps,
            self.notices + other.notices,
            self.withdrawn + other.withdrawn,
            self.put_off + other.put_off,
        )


@dataclass(frozen=True, slots=True)
class Chasing:
    """Chases under one rulebook. `console` is where the links of notices lead.

    Any number may run at once: each step of each silence is taken by one of them.
    """

    pool: Pool
    rulebook: Rulebook
    queues: Queues
    console: str
    failpoints: Failpoints = field(default_factory=NoFailpoints)
    most_at_once: int = MOST_AT_ONCE

    async def chase(self, at: datetime) -> Chased:
        """Takes every step whose time has come by `at` for up to `most_at_once` duties.

        All in one transaction: killed at any moment, it has done all of it or nothing. Raises
        `DatabaseAway`, after which it may have been done; repeating it does nothing twice. Raises
        `NothingChased` rather than put everybody off.
        """
        async with transaction(self.pool) as connection:
            due = await watching.claim_due(connection, at=at, limit=self.most_at_once)
            if not due:
                return Chased()
            await self.failpoints.reached(Failpoint.CLAIMED)
            chased = await self._chase_all_but_bad(connection, due, at)
            if chased.put_off == chased.looked_at >= _TOO_MANY:
                raise NothingChased(f"watch: none of {chased.put_off} duties could be chased")
            await self.failpoints.reached(Failpoint.WRITTEN)
        await self.failpoints.reached(Failpoint.COMMITTED)
        return chased

    async def _chase_all_but_bad(
        self, connection: Connection, due: Sequence[DueDuty], at: datetime
    ) -> Chased:
        """Chases them together. If that fails, each half by itself: one must not hide the others.

        The one that is to blame is left as it was, and is looked at again in an hour.
        """
        try:
            async with connection.transaction():
                return await self._chase(connection, due, at)
        except Exception as error:
            if is_away(error):
                raise
            if len(due) == 1:
                return await self._put_off(connection, due[0], at)
        middle = len(due) // 2
        first = await self._chase_all_but_bad(connection, due[:middle], at)
        return first + await self._chase_all_but_bad(connection, due[middle:], at)

    async def _put_off(self, connection: Connection, due: DueDuty, at: datetime) -> Chased:
        duty_id = due.duty.duty_id
        _log.exception("watch_cannot_climb", duty_id=str(duty_id))
        await watching.look_again(connection, {duty_id: at + _LOOK_AGAIN})
        return Chased(looked_at=1, put_off=1)

    async def _chase(self, connection: Connection, due: Sequence[DueDuty], at: datetime) -> Chased:
        ids = [each.duty.duty_id for each in due]
        answered = await watching.answered_notices(connection, ids)
        last = await watching.last_steps(connection, ids)
        look_again: dict[UUID, datetime | None] = {}
        silences: list[Silence] = []
        put_off = 0
        for each in due:
            duty = each.duty
            if duty.duty_id in answered:  # what it tells of climbs, and not the notice
                look_again[duty.duty_id] = at + _LOOK_AGAIN
                continue
            try:
                climbed = climb(duty, last.get(duty.duty_id, {}), self.rulebook, at)
            except Exception:  # noqa: BLE001 - the others still share one notice
                _log.exception("watch_cannot_climb", duty_id=str(duty.duty_id))
                look_again[duty.duty_id] = at + _LOOK_AGAIN
                put_off += 1
                continue
            look_again[duty.duty_id] = climbed.look_at
            if climbed.steps and climbed.awaited is not None:
                silences.append(Silence(duty, climbed.awaited, climbed.steps))
        escalated = escalate(silences, self.rulebook, at, console=self.console)
        over = [notice for notice, is_answered in answered.items() if is_answered]
        withdrawn = await self._withdraw(connection, over, at)
        await watching.look_again(connection, look_again)
        changes = [*escalated.changes, *withdrawn]
        await write_notices(connection, changes, self.queues, at=at)
        rows = _escalation_rows(silences, escalated, at)
        await watching.insert_escalations(connection, rows)
        await insert_duty_changes(connection, [_said(each, at) for each in silences])
        return Chased(len(due), len(rows), len(escalated.changes), len(withdrawn), put_off)

    async def _withdraw(
        self, connection: Connection, notices: Sequence[UUID], at: datetime
    ) -> list[DutyChange]:
        held = await watching.held_duties(connection, notices) if notices else ()
        return [withdraw_notice(each.duty_id, each, ANSWERED, self.rulebook, at) for each in held]


def _escalation_rows(
    silences: Sequence[Silence], escalated: Escalated, at: datetime
) -> list[EscalationRow]:
    rows = []
    for silence in silences:
        duty, awaited = silence.duty, silence.awaited
        notice, *copies = escalated.notices_of[duty.duty_id]
        rows += [
            EscalationRow(
                duty_id=duty.duty_id,
                revision=duty.revision,
                since=awaited.since,
                step=step.step,
                unmet=awaited.unmet,
                told=step.told,
                recipient=step.team.recipient,
                due_at=step.due_at,
                escalated_at=at,
                late=step.is_late,
                notice_id=notice,
                copy_id=copies[0] if copies else None,
                begun_at=silence_of(duty),
            )
            for step in silence.steps
        ]
    return rows


def _said(silence: Silence, at: datetime) -> DutyChangeRow:
    """What a duty's history says of its being escalated; its state stays."""
    step, what = silence.highest, silence.awaited.unmet.value.replace("_", " ")
    return DutyChangeRow(
        duty_id=silence.duty.duty_id,
        changed_at=at,
        changed_by=WATCH,
        state=silence.duty.state,
        revision=silence.duty.revision,
        why=f"{what}: escalated to {step.team.recipient}, step {step.step}",
    )
