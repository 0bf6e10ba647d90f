"""Duties as they stand after a while, put into a real ledger as rows."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from schemas.values import Service
from services.ledger import duties
from services.ledger.duties import DutyRow
from services.ledger.missed import Missed, MissedFilter, list_missed
from services.ledger.missed_causes import MissedCause
from services.runtime.postgres import Pool, transaction

HAPPENED = datetime(2026, 2, 10, 12, tzinfo=UTC)
DUE = HAPPENED + timedelta(days=1)
NOW = HAPPENED + timedelta(days=10)
HOUR = timedelta(hours=1)
_IDS = UUID("6b0a2a3e-8c44-4f0e-9f0e-3a52f5a9b0c1")
_STEPS = ("sent_at", "received_at", "acknowledged_at", "recorded_at", "done_at", "refused_at")


class Duties:
    """Puts duties into a ledger, each of an occurrence of its own unless told otherwise."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.made = 0

    async def put(self, **known: Any) -> UUID:
        """A duty to acknowledge and record, sent in time, of which this is known besides."""
        self.made += 1
        steps = {step: known.pop(step, None) for step in _STEPS}
        steps["sent_at"] = known.pop("is_sent", True) and (steps["sent_at"] or HAPPENED + HOUR)
        row = _row(self.made, known)
        async with transaction(self.pool) as connection:
            await duties.insert_duties(connection, [row])
            await connection.execute(
                "UPDATE duty SET sent_at = $2, received_at = $3, acknowledged_at = $4,"
                " recorded_at = $5, done_at = $6, refused_at = $7 WHERE duty_id = $1",
                row.duty_id,
                *(steps[step] or None for step in _STEPS),
            )
        return row.duty_id

    async def missed(self, at: datetime = NOW, **which: Any) -> tuple[Missed, ...]:
        """One page of the finder."""
        return await list_missed(self.pool, MissedFilter(**which), at=at)

    async def causes(self, at: datetime = NOW, **which: Any) -> list[MissedCause]:
        """The causes on that page."""
        return [missed.cause for missed in await self.missed(at, **which)]


def _row(number: int, known: dict[str, Any]) -> DutyRow:
    asks: Sequence[str] = known.pop("asks", ("acknowledge", "record"))
    person = known.pop("person", "p1")
    occurrence = known.pop("occurrence", number)
    given: dict[str, Any] = {
        "duty_id": uuid5(_IDS, f"duty {number}"),
        "occurrence_id": None if occurrence is None else uuid5(_IDS, f"occurrence {occurrence}"),
        "dead_letter_id": None,
        "person_key": f"ref:{person}",
        "about": json.dumps({"ref": person, "role": "victim", "name": {"given": "Asha"}}),
        "service": Service.MIDWIFERY,
        "recipient": "RJF:midwifery",
        "organisation": "RJF",
        "kind": "notify",
        "instead_of": None,
        "because": None,
        "urgency": "next_working_day",
        "respond_by": DUE,
        "reasons": "[]",
        "late": False,
        "episode": 1,
        "revision": 1,
        "fingerprint": b"",
        "notification_id": uuid5(_IDS, f"notification {number}"),
        "state": "sent",
        "owed_at": HAPPENED,
        "act_by": None,
        "look_at": None,
        "district": "E07000193",
        "occurred_at": HAPPENED,
    }
    return DutyRow(**{**given, **known, "asks": json.dumps(list(asks))})
