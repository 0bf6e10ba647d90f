"""Every rulebook that was proposed or has decided anything, whole, by the hash of its content."""

from collections.abc import Mapping
from datetime import datetime

from routing_rules.rulebook import Rulebook, content_hash, load_rulebook
from routing_rules.source_text import RulebookInvalid
from services.ledger.jsonb import from_json, json_text
from services.ledger.queries import SQL
from services.runtime.errors import PermanentError
from services.runtime.postgres import Connection


class RulebookNotKept(PermanentError):
    """The ledger has no rulebook of that hash, or not as it was: its content has another hash."""


class RulebookOutdated(PermanentError):
    """A rulebook of the ledger does not load under this release; a line for each problem."""


async def keep_rulebook(connection: Connection, rulebook: Rulebook, *, at: datetime) -> None:
    """Stores the rulebook before its first decision; repeating it changes nothing."""
    await connection.execute(
        SQL["insert_rulebook"],
        rulebook.content_hash,
        rulebook.name,
        json_text(dict(rulebook.files)),
        at,
    )


async def files_of(connection: Connection, kept_as: str) -> Mapping[str, str]:
    """The texts by path of the rulebook whose content has that whole hash, in hexadecimal.

    The hash is worked out again, so what is answered is what decided. Raises `RulebookNotKept`.
    """
    text = await connection.fetchval(SQL["rulebook_files"], kept_as)
    if text is None:
        raise RulebookNotKept(f"the ledger keeps no rulebook sha256:{kept_as}")
    files: Mapping[str, str] = from_json(text)
    if content_hash(files) != kept_as:
        raise RulebookNotKept(f"the ledger's rulebook sha256:{kept_as} is not what it was")
    return files


async def all_files(connection: Connection) -> Mapping[str, Mapping[str, str]]:
    """By hash, the texts of every rulebook that may have decided anything."""
    rows = await connection.fetch(SQL["stored_rulebooks"])
    return {row["content_hash"]: from_json(row["files"]) for row in rows}


async def rulebook_of(connection: Connection, kept_as: str) -> Rulebook:
    """The rulebook whose content has that whole hash (`decision.rulebook_hash`), loaded.

    Loading takes about a second of processor time. Raises `RulebookNotKept`, and
    `RulebookOutdated` where this release cannot read what an earlier one could.
    """
    return loaded(await files_of(connection, kept_as), kept_as)


def loaded(files: Mapping[str, str], kept_as: str) -> Rulebook:
    """A rulebook from the texts that `files_of` answered. Raises `RulebookOutdated`."""
    try:
        return load_rulebook(files)
    except RulebookInvalid as invalid:
        raise RulebookOutdated(
            f"rulebook sha256:{kept_as} does not load under this release\n{invalid}"
        ) from invalid
