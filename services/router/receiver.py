"""Receipts in, and what becomes of their duties in the ledger."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol, TypeAlias

from routing_rules.answers import ReceiptVerdict
from routing_rules.register import Register
from schemas.cloudevent import Headers
from schemas.events import Refused
from schemas.receipt import Said
from services.ledger.live_rulebook import LiveRulebook
from services.router.answer_rows import Answered
from services.router.answering import take_receipts
from services.router.arrivals import NOT_READ, WHOLE, Broken, Unreadable
from services.router.bad_rows import BadRowLimit
from services.router.batch import ID_REUSED, write_fold
from services.router.fold import Fold
from services.router.letters import bury, claim, owe_letters
from services.router.record import Record
from services.router.routing import Routing, Unroutable
from services.router.settling import Settling
from services.runtime.backoff import Backoff, until_done
from services.runtime.clock import Clock
from services.runtime.errors import TransientError
from services.runtime.logging import get_logger
from services.runtime.postgres import DatabaseAway, Pool, transaction
from services.runtime.topics import Topics

_MOST_AT_ONCE = 500
_log = get_logger(__name__)


class ReadReceipt(Protocol):
    """Reads one message; `schemas.receipt.read_receipt` in production."""

    def __call__(self, value: bytes | None, headers: Headers, /) -> Said | Refused:
        """The receipt, or why it is none. Pure."""
        ...


@dataclass(frozen=True, slots=True)
class Readable:
    """A record that is a receipt."""

    record: Record
    answered: Answered


Answer: TypeAlias = Readable | Unreadable | Broken


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of receipts, counted; `skipped` are records that were done before."""

    verdicts: Counter[ReceiptVerdict]
    again: int = 0
    dead_letters: int = 0
    skipped: int = 0

    def __add__(self, other: "Heard") -> "Heard":
        return Heard(
            self.verdicts + other.verdicts,
            self.again + other.again,
            self.dead_letters + other.dead_letters,
            self.skipped + other.skipped,
        )


@dataclass(slots=True)
class Receiver:
    """Takes batches of receipts, one at a time; any number of routers may do so at once."""

    pool: Pool
    routing: Routing
    read: ReadReceipt
    clock: Clock
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    backoff: Backoff = field(default_factory=Backoff)
    limit: BadRowLimit = field(default_factory=BadRowLimit)
    live: LiveRulebook | None = None
    """As in `Router`."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def handle(self, records: Sequence[Record]) -> Heard:
        """Writes everything about the records into the ledger, and answers what came of them.

        When it returns, all is committed; whatever it raises, repeating the same records later is
        right. It blocks for as long as PostgreSQL is away. Raises `PartitionLost` (seek to the
        ledger's offsets), `Stopping`, `TooManyBadRows`, `RulebookUnfit` and `DatabaseProblem`.
        """
        topics = self.routing.post.topics
        answers = [_answer(record, topics, self.read) for record in records]
        settling: Settling[Answer, Heard] = Settling(self._commit, _given_up, self.limit, NOT_READ)
        heard = Heard(Counter())
        async with self._turn:
            for begin in range(0, len(answers), _MOST_AT_ONCE):
                for part in await settling.settle(answers[begin : begin + _MOST_AT_ONCE]):
                    heard += part
        _log.info(
            "answers_taken",
            records=len(records),
            again=heard.again,
            dead_letters=heard.dead_letters,
            skipped=heard.skipped,
            **{verdict.value: count for verdict, count in sorted(heard.verdicts.items())},
        )
        return heard

    def speaker_of(self, topic: str) -> str:
        """The organisation that answers on a topic."""
        return self.routing.post.topics.organisation_of(topic)

    async def _commit(self, answers: Sequence[Answer]) -> Heard:
        return await until_done(
            lambda: self._attempt(answers),
            away=DatabaseAway,
            backoff=self.backoff,
            stopping=self.stopping,
            outage=_note_outage,
        )

    async def _attempt(self, answers: Sequence[Answer]) -> Heard:
        at = self.clock.now()
        async with transaction(self.pool) as connection:
            routing = await self.routing.under(self.live, connection, at=at)
            todo = await claim(connection, answers)
            if any(isinstance(each, Broken) for each in todo):
                raise Unroutable("a record could not be read")
            answered = [each.answered for each in todo if isinstance(each, Readable)]
            taken = await take_receipts(connection, answered, routing, at=at)
            letters = [each for each in todo if isinstance(each, Unreadable)]
            letters += [_reused(each) for each in taken.reused]
            new = await bury(connection, letters, at=at)
            if new:
                fold = Fold(routing, at, {}, Register())
                owe_letters(new, fold, routing, owe=routing.owe_unread_receipt)
                await write_fold(connection, fold)
        skipped = len(answers) - len(todo)
        return Heard(taken.verdicts, taken.again, dead_letters=len(new), skipped=skipped)


def _answer(record: Record, topics: Topics, read: ReadReceipt) -> Answer:
    """What a record is. Never raises: a reader that fails gives `Broken`."""
    try:
        found = read(record.value, record.headers)
        if isinstance(found, Refused):
            return Unreadable(record, found)
        return Readable(record, Answered(found, topics.organisation_of(record.topic), record))
    except Exception:  # noqa: BLE001 - the edge of one record: it must not stop the others
        return Broken(record)


def _given_up(what: Answer, reason: str) -> Answer:
    digest = sha256(what.record.value or b"").digest()
    if isinstance(what, Readable):
        said = what.answered.said
        return Unreadable(
            what.record, Refused(WHOLE, reason, said.sha256, source=said.source, id=said.id)
        )
    return Unreadable(what.record, Refused(WHOLE, reason, digest))


def _reused(answered: Answered) -> Unreadable:
    said = answered.said
    assert answered.record is not None  # noqa: S101 - it came by a topic
    refused = Refused(
        ID_REUSED.field, ID_REUSED.reason, said.sha256, source=said.source, id=said.id
    )
    return Unreadable(answered.record, refused)


def _note_outage(error: TransientError | None) -> None:
    if error is None:
        _log.warning("postgres_back")
    else:
        _log.error("postgres_away", exc_info=error)
