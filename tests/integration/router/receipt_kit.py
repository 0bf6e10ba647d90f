"""Receipts to give to a router, and what a test sees of what became of them."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import asyncpg

from schemas.receipt import read_receipt
from services.router.messages import Post
from services.router.receiver import ReadReceipt, Receiver
from services.router.record import Record
from services.router.routing import Routing
from services.runtime.backoff import Backoff
from services.runtime.clock import FixedClock
from services.runtime.postgres import Pool
from services.runtime.topics import Topics
from tests.builders import staffordshire
from tests.integration.router.kit import NOON, Ledger

ANSWERED = NOON + timedelta(hours=1)
"""When the ledger hears what is said, long after it was said."""


def a_receiver(
    pool: Pool, *, read: ReadReceipt = read_receipt, at: datetime = ANSWERED
) -> Receiver:
    """A receiver under the shipped rulebook."""
    routing = Routing(staffordshire(), Post(Topics("fieldfare"), 1))
    backoff = Backoff(first=0.01, most=0.1, random=Random(1))
    return Receiver(pool, routing, read, FixedClock(at), backoff=backoff)


def receipt(notification_id: object, status: str, **said: Any) -> dict[str, Any]:
    """The data of a receipt that a midwife sent."""
    whole = {
        "notification_id": str(notification_id),
        "status": status,
        "at": (NOON + timedelta(minutes=30)).isoformat(),
        "by": "A. Midwife",
    }
    return {name: value for name, value in (whole | said).items() if value is not ...}


def bytes_of(data: dict[str, Any], *, message_id: str = "r1", source: str = "rjf") -> bytes:
    """A receipt in structured mode."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": message_id,
            "source": f"urn:fieldfare:source:{source}",
            "type": "fieldfare.receipt.v1",
            "time": NOON.isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }
    ).encode()


def received(*values: bytes | None, begin: int = 0, organisation: str = "RJF") -> list[Record]:
    """Records of an organisation's topic of receipts, one after the other."""
    topic = f"fieldfare.receipts.{organisation}"
    return [Record(topic, 0, begin + i, (), value, 0) for i, value in enumerate(values)]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a test sees of receipts and duties."""

    ledger: Ledger

    async def duty(self, service: str = "midwifery", **known: Any) -> asyncpg.Record:
        """The one duty of a service, or the last of them that matches."""
        conditions = "".join(f" AND {name} = ${i}" for i, name in enumerate(known, start=2))
        found = await self.ledger.rows(
            f"SELECT * FROM duty WHERE service = $1{conditions} ORDER BY owed_at, episode",  # noqa: S608
            service,
            *known.values(),
        )
        return found[-1]

    async def verdicts(self) -> list[tuple[str, str]]:
        """Status and verdict of every receipt that is kept, in order."""
        found = await self.ledger.rows("SELECT status, verdict FROM receipt ORDER BY receipt_no")
        return [(row["status"], row["verdict"]) for row in found]

    async def changes(self, duty_id: object) -> list[tuple[str, str, str]]:
        """Who changed a duty to what and why, in order."""
        found = await self.ledger.rows(
            "SELECT state, changed_by, why FROM duty_change WHERE duty_id = $1 ORDER BY change_no",
            duty_id,
        )
        return [(row["state"], row["changed_by"], row["why"]) for row in found]
