"""What recipients say, in the caller's transaction: from a topic or from a command."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from routing_rules.answers import Answer, Effect, ReceiptVerdict, answer_of
from routing_rules.working_time import LONDON
from schemas.receipt import Receipt
from schemas.values import ReceiptStatus, Service
from services.ledger import duties, receipts
from services.ledger.duties import DutyChangeRow
from services.ledger.receipts import (
    AnsweredDuty,
    Noticed,
    ReceiptRow,
    ReturnRow,
)
from services.ledger.register import Because
from services.router.answer_rows import Answered, after_answer, name_of, receipt_row, why_moved
from services.router.before import lock_occurrences
from services.router.deciding import Again, decide_now
from services.router.routing import Routing
from services.runtime.postgres import Connection


@dataclass(slots=True)
class Taken:
    """What came of receipts, counted by verdict; those whose id stands for other bytes are apart.

    `again` came before, with the same bytes: they are not stored once more.
    """

    verdicts: Counter[ReceiptVerdict] = field(default_factory=Counter)
    again: int = 0
    reused: list[Answered] = field(default_factory=list)


async def take_receipts(
    connection: Connection, answered: Sequence[Answered], routing: Routing, *, at: datetime
) -> Taken:
    """Keeps receipts, moves their duties on, and decides again what was returned.

    Doing it again with the same receipts changes nothing. Blocks while somebody else changes one of
    the duties. `at` is when it is known to the ledger: no step is back-dated to when it was said.
    Raises `Unroutable`, `CaseUnreadable` and `RegisterUnreadable`, after which the caller must roll
    back.
    """
    taken = Taken()
    fresh = await _fresh(connection, answered, taken)
    if not fresh:
        return taken
    noticed = await receipts.duties_of(
        connection, {each.said.receipt.notification_id for each in fresh}
    )
    returned = {
        notice.occurrence_id
        for each in fresh
        if each.said.receipt.status is ReceiptStatus.NOT_OURS
        and (notice := noticed.get(each.said.receipt.notification_id)) is not None
        and notice.occurrence_id is not None
    }
    if returned:
        await lock_occurrences(connection, sorted(returned))
    await receipts.lock_duties(connection, (each.duty_id for each in noticed.values()), returned)
    for run in _runs(fresh):
        taken.verdicts.update(await _take_run(connection, run, noticed, routing, at))
    return taken


async def _fresh(
    connection: Connection, answered: Sequence[Answered], taken: Taken
) -> list[Answered]:
    digests = await receipts.digests_of(connection, (each.key for each in answered))
    fresh: list[Answered] = []
    for each in answered:
        if each.key not in digests:
            digests[each.key] = each.said.sha256
            fresh.append(each)
        elif digests[each.key] == each.said.sha256:
            taken.again += 1
        else:
            taken.reused.append(each)
    return fresh


def _runs(answered: Iterable[Answered]) -> Iterator[list[Answered]]:
    """The receipts in order, cut behind each return: what follows sees what was decided again."""
    run: list[Answered] = []
    for each in answered:
        run.append(each)
        if each.said.receipt.status is ReceiptStatus.NOT_OURS:
            yield run
            run = []
    if run:
        yield run


async def _take_run(
    connection: Connection,
    run: Sequence[Answered],
    noticed: Mapping[UUID, Noticed],
    routing: Routing,
    at: datetime,
) -> list[ReceiptVerdict]:
    asked = {notice.duty_id for notice in noticed.values()}
    answers = _Answers(await receipts.answerable_duties(connection, asked), noticed, routing, at)
    for each in run:
        answers.take(each)
    await receipts.answer_duties(connection, answers.moved.values())
    await receipts.insert_receipts(connection, answers.rows)
    await duties.insert_duty_changes(connection, answers.changes)
    await receipts.insert_returns(connection, answers.returns)
    for each_return in answers.returns:
        again = Again(each_return.occurrence_id, Because.RETURNED)
        await decide_now(connection, again, routing, at=at)
    return [ReceiptVerdict(row.verdict) for row in answers.rows]


@dataclass(slots=True)
class _Answers:
    """Receipts folded in order over their duties, and the rows to write of them."""

    duties: Mapping[UUID, AnsweredDuty]
    noticed: Mapping[UUID, Noticed]
    routing: Routing
    at: datetime
    moved: dict[UUID, AnsweredDuty] = field(default_factory=dict)
    rows: list[ReceiptRow] = field(default_factory=list)
    changes: list[DutyChangeRow] = field(default_factory=list)
    returns: list[ReturnRow] = field(default_factory=list)

    def take(self, answered: Answered) -> None:
        """One more receipt."""
        receipt = answered.said.receipt
        notice = self.noticed.get(receipt.notification_id)
        duty = None if notice is None else self._duty(notice.duty_id)
        answer = answer_of(
            duty and duty.answerable(can_be_returned=self._can_be_returned(duty, receipt)),
            0 if notice is None else notice.revision,
            receipt.status,
            organisation=answered.organisation,
        )
        verdict = answer.verdict if isinstance(answer, Answer) else answer
        self.rows.append(receipt_row(answered, duty and duty.duty_id, verdict, at=self.at))
        if duty is not None and isinstance(answer, Answer):
            self._move(duty, answer, answered)

    def _duty(self, duty_id: UUID) -> AnsweredDuty:
        return self.moved.get(duty_id) or self.duties[duty_id]

    def _move(self, duty: AnsweredDuty, answer: Answer, answered: Answered) -> None:
        if answer.effect is Effect.NOTHING:
            return
        receipt = answered.said.receipt
        by = name_of(answered)
        self.moved[duty.duty_id] = after_answer(duty, answer, self.at)
        why = why_moved(answer.effect, receipt.status)
        change = DutyChangeRow(duty.duty_id, self.at, by, answer.state, duty.revision, why)
        self.changes.append(change)
        if answer.effect is Effect.RETURNED and duty.occurrence_id is not None:
            self.returns.append(
                ReturnRow(
                    occurrence_id=duty.occurrence_id,
                    person_key=duty.person_key,
                    service=duty.instead_of or duty.service,
                    recipient=duty.recipient,
                    to_recipient=receipt.suggested_recipient,
                    is_by_hand=duty.service is Service.MASH,
                    duty_id=duty.duty_id,
                    returned_by=by,
                    returned_at=self.at,
                )
            )

    def _can_be_returned(self, duty: AnsweredDuty, receipt: Receipt) -> bool:
        """Whether there is a case to decide again; MASH must name who should be told instead."""
        if not duty.has_case or duty.service is not Service.MASH:
            return duty.has_case
        if receipt.suggested_recipient is None or duty.instead_of is None:
            return False
        on = self.at.astimezone(LONDON).date()
        directory = self.routing.rulebook.directory
        team = directory.team_by_recipient(receipt.suggested_recipient, on)
        return team is not None and team.service is duty.instead_of
