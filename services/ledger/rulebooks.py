"""Every rulebook that has decided anything, whole, by the hash of its content."""

from datetime import datetime

from routing_rules.rulebook import Rulebook
from services.ledger.jsonb import json_text
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
