"""An outbox row as the Kafka message that its recipient reads."""

from dataclasses import dataclass
from uuid import UUID

from services.ledger.lanes import NumberedRow

ID_HEADER = "ce_id"
"""Names the message in the log: what a new owner of a lane looks for."""

SEQUENCE_HEADER = "ce_sequence"


@dataclass(frozen=True, slots=True)
class Message:
    """Bytes ready to be sent."""

    message_id: UUID
    recipient_sequence: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]

    @property
    def size(self) -> int:
        """Bytes of key, value and headers."""
        named = sum(len(name) + len(text) for name, text in self.headers)
        return len(self.key) + len(self.value) + named


def message_of(row: NumberedRow) -> Message:
    """The row with its number, in its body and in a header; its id is always the row's own."""
    headers = row.headers | {
        ID_HEADER: str(row.message_id),
        SEQUENCE_HEADER: str(row.recipient_sequence),
    }
    return Message(
        message_id=row.message_id,
        recipient_sequence=row.recipient_sequence,
        key=row.message_key.encode(),
        value=_with_number(row.body, row.recipient_sequence),
        headers=tuple((name, text.encode()) for name, text in headers.items()),
    )


def message_id_of(headers: tuple[tuple[str, bytes], ...]) -> UUID | None:
    """The id that a message in the log carries, or None if it is none of the relay's."""
    for name, text in headers:
        if name == ID_HEADER:
            try:
                return UUID(text.decode("ascii"))
            except ValueError:
                return None
    return None


def _with_number(body: bytes, number: int) -> bytes:
    rest = body[1:].lstrip()
    comma = b"" if rest.startswith(b"}") else b","
    return b'{"recipient_sequence":%d%b%b' % (number, comma, rest)
