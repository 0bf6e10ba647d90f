"""Every rulebook that has decided anything, whole, by the hash of its content."""

from collections.abc import Mapping
from datetime import datetime

from routing_rules.rulebook import Rulebook
from services.ledger.jsonb import from_json, json_text
from services.ledger.queries import SQL
from services.runtime.postgres import Connection


async def keep_rulebook(connection: Connection, rulebook: Rulebook, *, at: datetime) -> None:
    """Stores the rulebook before its first decision; repeating it changes nothing."""
    await connection.execute(
        SQL["insert_rulebook"],
        rulebook.content_hash,
        rulebook.name,
        json_text(dict(rulebook.files)),
        at,
    )


async def rulebook_files(connection: Connection, content_hash: str) -> Mapping[str, str] | None:
    """The texts of a stored rulebook by path; None if the ledger keeps none of that hash."""
    files = await connection.fetchval(SQL["stored_rulebook"], content_hash)
    return None if files is None else from_json(files)


async def all_rulebook_files(connection: Connection) -> Mapping[str, Mapping[str, str]]:
    """By hash, the texts of every rulebook that may have decided anything."""
    rows = await connection.fetch(SQL["stored_rulebooks"])
    return {row["content_hash"]: from_json(row["files"]) for row in rows}
