"""Versions of the rulebook that the ledger keeps: `live`, or by the first digits of the hash."""

from collections.abc import Mapping

from services.cli.ledger_asking import ask_ledger
from services.ledger.rulebook_record import Record, VersionRefused, read_record
from services.ledger.rulebooks import files_of
from services.runtime.clock import Clock
from services.runtime.postgres import Pool, reading

LIVE = "live"


def kept_files(named: str) -> tuple[str, Mapping[str, str]]:
    """The name of a version for people, and its texts by path.

    Raises `VersionRefused` where there is none, and `RulebookNotKept`.
    """

    async def ask(pool: Pool, clock: Clock) -> tuple[str, Mapping[str, str]]:
        async with reading(pool) as connection:
            record = await read_record(connection)
            found = live_version(record, clock) if named == LIVE else record.version(named)
            return record.named(found), await files_of(connection, found)

    return ask_ledger(ask)


def live_version(record: Record, clock: Clock) -> str:
    """The hash of what is live now. Raises `VersionRefused` where nothing is."""
    live = record.live(clock.now())
    if live is None:
        raise VersionRefused("no rulebook is live yet")
    return live.content_hash
