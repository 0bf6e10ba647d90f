"""The reply: what a publisher hears about its event. It never says who was told."""

from pydantic import AwareDatetime

from schemas.base import Message
from schemas.values import ReplyStatus

REPLY_TYPE = "fieldfare.reply.v1"


class ReplyWarning(Message):
    """A field that was not used as it stood: its path and why, never its value."""

    field: str
    reason: str


class Reply(Message):
    """What became of one event. `field` and `reason` say why it was refused.

    A message without a readable `source` and `id` gets none: nobody could tell which it was.
    `at` is when it was routed (UTC).
    """

    source: str
    id: str
    status: ReplyStatus
    warnings: tuple[ReplyWarning, ...] = ()
    field: str | None = None
    reason: str | None = None
    at: AwareDatetime
