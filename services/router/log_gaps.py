"""What Kafka deleted before it was read goes on record: nobody knows what it said."""

from collections.abc import Sequence
from datetime import datetime

from services.ledger.sources import LogGap, note_log_gaps
from services.runtime.logging import get_logger
from services.runtime.postgres import Pool, transaction

_log = get_logger(__name__)


async def keep_log_gaps(pool: Pool, gaps: Sequence[LogGap], *, at: datetime) -> None:
    """Notes gaps in logs, each once, however often it is seen. Raises `DatabaseAway`."""
    async with transaction(pool) as connection:
        await note_log_gaps(connection, gaps, at=at)
    for gap in gaps:
        _log.error(
            "source_gap",
            topic=gap.topic,
            partition=gap.partition,
            from_offset=gap.from_offset,
            to_offset=gap.to_offset,
        )
