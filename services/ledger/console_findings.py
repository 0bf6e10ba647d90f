"""What is wrong with a source, found by the notice about it: for whoever was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from routing_rules.source_findings import FindingKind
from services.ledger.jsonb import from_json
from services.ledger.queries import SQL
from services.runtime.postgres import Pool, reading


@dataclass(frozen=True, slots=True)
class FindingTold:
    """A finding with its duty of MASH as it stands. `recipients` were told; `detail` names nobody.

    `ended_at` is when it was found to be so no more, `answered_at` when its duty ended.
    """

    finding_id: UUID
    publisher: str
    kind: FindingKind
    opened_at: datetime
    ended_at: datetime | None
    ended_because: str | None
    duty_id: UUID
    state: str | None
    respond_by: datetime | None
    answered_at: datetime | None
    recipients: frozenset[str]
    detail: Mapping[str, object]

    @property
    def because(self) -> str:
        """What was found, as a sentence; empty where none was written."""
        return str(self.detail.get("because", ""))


async def findings_of_notice(
    pool: Pool, notice_id: UUID, duty_ids: Sequence[UUID]
) -> tuple[FindingTold, ...]:
    """The findings of that id, told by a notice of that id, or whose duties are among these."""
    async with reading(pool) as connection:
        rows = await connection.fetch(SQL["findings_of_notice"], notice_id, list(duty_ids))
    return tuple(
        FindingTold(
            **{
                **dict(row),
                "kind": FindingKind(row["kind"]),
                "detail": from_json(row["detail"]),
                "recipients": frozenset(row["recipients"]),
            }
        )
        for row in rows
    )
