"""A console over a ledger in which a small rulebook is live, and what is proposed instead."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import SecretStr

from routing_rules.examination import examine
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from services.console.workshop import Hear, Work, Workshop
from services.ledger import rulebook_orders
from services.ledger.rulebook_allowed import Signer
from services.ledger.rulebook_record import Record, read_record
from services.runtime.postgres import reading, transaction
from services.runtime.settings import PostgresSettings
from tests.console_kit import Reception, Visitor
from tests.integration.router.kit import Ledger
from tests.live_rulebook import make_live
from tests.small_rulebook import small_rulebook

_Answer = TypeVar("_Answer")
NINA = Signer("Nina Example", "named nurse", "midwives asked for it")


@dataclass(slots=True)
class AtOnce(Workshop):
    """Works in this process: a page need not look again."""

    async def do(self, work: Work[_Answer], heard: Hear = lambda _: None) -> _Answer:
        return work(heard)


@dataclass(slots=True)
class Office:
    """What a test proposes, and what it sees of the ledger."""

    ledger: Ledger
    reception: Reception

    @property
    def now(self) -> datetime:
        return self.reception.clock.now()

    async def begin(self) -> None:
        """The small rulebook is live."""
        await make_live(self.ledger.pool, self.now - timedelta(days=1), small_rulebook())

    async def propose(self, rulebook: Rulebook, live_from: datetime | None = None) -> str:
        """As `fieldfare rules propose` does; answers the hash."""
        examination = examine(rulebook, self.now.astimezone(LONDON).date())
        async with transaction(self.ledger.pool) as connection:
            await rulebook_orders.propose(
                connection, rulebook, examination, NINA, live_from=live_from, at=self.now
            )
        return rulebook.content_hash

    async def record(self) -> Record:
        async with reading(self.ledger.pool) as connection:
            return await read_record(connection)

    async def live(self) -> str:
        live = (await self.record()).live(self.now)
        assert live is not None
        return live.content_hash

    async def at(self, subject: str, content_hash: str) -> tuple[Visitor, str]:
        """Somebody who has the page of a proposal open, with all that is worked out on it."""
        visitor = await self.reception.person(subject)
        await self.worked_out(visitor, f"/rules/proposals/{content_hash}")
        return visitor, f"/rules/proposals/{content_hash}"

    async def worked_out(self, visitor: Visitor, path: str) -> None:
        """The page, after it has looked again as often as it says."""
        for _ in range(200):
            if (await visitor.get(path)).status_code != 202:
                return
            assert visitor.last.headers["refresh"] == "3"
        raise AssertionError("it is never worked out")

    async def sign(self, subject: str, content_hash: str, how: str = "sign") -> Visitor:
        """One of the two signs, as the page has it."""
        visitor, path = await self.at(subject, content_hash)
        number = await self.number(content_hash)
        await visitor.post(f"{path}/{how}", proposal=number, sign_why="read and agreed")
        return visitor

    async def number(self, content_hash: str) -> str:
        proposal = (await self.record()).proposal_of(content_hash)
        assert proposal is not None
        return str(proposal.proposal_no)

    async def views(self, *what: str) -> list[tuple[str, str | None, str | None, list[str]]]:
        """Who did it, why, what came of it, and to what."""
        rows = await self.ledger.rows(
            "SELECT name, reason, outcome, things FROM console_view WHERE what = ANY($1)"
            " ORDER BY view_no",
            list(what),
        )
        return [(r["name"], r["reason"], r["outcome"], list(r["things"])) for r in rows]


def postgres_at(dsn: str) -> PostgresSettings:
    return PostgresSettings(dsn=SecretStr(dsn))
