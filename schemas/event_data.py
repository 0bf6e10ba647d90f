"""What the data of every event, of whatever type, may carry."""

from schemas.base import Message, Text
from schemas.person import Code


class EventData(Message):
    """What every event may carry.

    `headline` and `summary` are written by the publisher for onward sharing; absent means that
    nothing is shared. `do_not_tell` names recipients that must not get it.
    """

    headline: Text | None = None
    summary: Text | None = None
    safe_contact: Text | None = None
    do_not_tell: tuple[Code, ...] = ()
