"""Writing what the watch owes: duties, their changes and their messages, in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from routing_rules.case import DutyChange
from services.ledger.duties import (
    insert_duties,
    insert_duty_changes,
    insert_notifications,
    update_duties,
)
from services.ledger.duty_rows import (
    WATCH,
    duty_change_row,
    duty_row,
    duty_update,
    notification_row,
)
from services.ledger.outbox import insert_messages, wake_relays
from services.ledger.queues import Queues
from services.runtime.postgres import Connection


async def write_notices(
    connection: Connection, changes: Sequence[DutyChange], queues: Queues, *, at: datetime
) -> None:
    """Stores new and withdrawn duties of the watch, and what goes out about each.

    In the caller's transaction: a notice exists if, and only if, the reason for it is recorded.
    Relays are woken on commit. Raises `RowRefused` for a duty that is known already.
    """
    if not changes:
        return
    new = [
        duty_row(change, change.owed, occurrence_id=None, dead_letter_id=None, at=at)
        for change in changes
        if change.owed is not None
    ]
    await insert_duties(connection, new)
    withdrawn = [duty_update(change, at=at) for change in changes if change.owed is None]
    await update_duties(connection, withdrawn)
    await insert_notifications(connection, [notification_row(change) for change in changes])
    rows = [duty_change_row(change, by=WATCH, at=at) for change in changes]
    await insert_duty_changes(connection, rows)
    await insert_messages(connection, [queues.notification(each, at=at) for each in changes])
    await wake_relays(connection)
