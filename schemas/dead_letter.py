"""The note about a dead letter: that something could not be read, and why; never its bytes."""

from uuid import UUID

from pydantic import AwareDatetime

from schemas.base import Message

DEAD_LETTER_TYPE = "fieldfare.dead-letter.v1"


class DeadLetter(Message):
    """What could not be read: the ledger's id of it, why, and when it was found (UTC)."""

    dead_letter_id: UUID
    reason: str
    at: AwareDatetime
