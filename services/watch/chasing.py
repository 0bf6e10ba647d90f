"""One pass over the clocks: whoever has not answered is chased, one step at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from routing_rules.case import DutyChange
from routing_rules.escalating import Escalated, Silence, escalate
from routing_rules.ladder import Climb, LastStep, climb
from routing_rules.rulebook import Rulebook
from routing_rules.watch_notices import withdraw_notice
from services.ledger import watching
from services.ledger.duties import DutyChangeRow, insert_duty_changes
from services.ledger.duty_rows import WATCH
from services.ledger.queues import Queues
from services.ledger.watching import DueDuty, EscalationRow
from services.runtime.logging import get_logger
from services.runtime.postgres import Connection, Pool, transaction
from services.watch.failpoints import Failpoint, Failpoints, NoFailpoints
from services.watch.notices import write_notices

MOST_AT_ONCE = 2000
"""Duties that one transaction looks at; more are looked at in the next, at once."""
ANSWERED = "all that it told of has been answered"
_LOOK_AGAIN = timedelta(hours=1)

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chased:
    """What one pass did, counted."""

    looked_at: int = 0
    steps: int = 0
    notices: int = 0
    withdrawn: int = 0


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
        `DatabaseAway`, after which it may have been done; repeating it does nothing twice.
        """
        async with transaction(self.pool) as connection:
            due = await watching.claim_due(connection, at=at, limit=self.most_at_once)
            if not due:
                return Chased()
            await self.failpoints.reached(Failpoint.CLAIMED)
            chased = await self._chase(connection, due, at)
            await self.failpoints.reached(Failpoint.WRITTEN)
        await self.failpoints.reached(Failpoint.COMMITTED)
        return chased

    async def _chase(self, connection: Connection, due: Sequence[DueDuty], at: datetime) -> Chased:
        ids = [each.duty.duty_id for each in due]
        answered = await watching.answered_notices(connection, ids)
        last = await watching.last_steps(connection, ids)
        look_again: dict[UUID, datetime | None] = {}
        silences: list[Silence] = []
        for each in due:
            duty = each.duty
            if duty.duty_id in answered:  # what it tells of climbs, and not the notice
                look_again[duty.duty_id] = at + _LOOK_AGAIN
                continue
            climbed = self._climb(each, last.get(duty.duty_id, {}), at)
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
        return Chased(len(due), len(rows), len(escalated.changes), len(withdrawn))

    def _climb(self, due: DueDuty, taken: Mapping[datetime, LastStep], at: datetime) -> Climb:
        """How far one duty has climbed. One that our own code fails on must not hide the others."""
        try:
            return climb(due.duty, taken, self.rulebook, at)
        except Exception:  # noqa: BLE001 - the edge of one duty; it is looked at again
            _log.exception("watch_cannot_climb", duty_id=str(due.duty.duty_id))
            return Climb(None, (), at + _LOOK_AGAIN)

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
