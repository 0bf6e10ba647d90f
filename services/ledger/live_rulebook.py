"""The rulebook that is live, as each transaction reads it: it changes without a restart."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version

from routing_rules.rulebook import Rulebook
from services.ledger.queries import SQL
from services.ledger.rulebook_record import SHORT, Activation, read_record
from services.ledger.rulebooks import (
    RulebookNotKept,
    RulebookOutdated,
    files_of,
    loaded,
    rulebook_of,
)
from services.runtime.errors import TransientError
from services.runtime.logging import get_logger
from services.runtime.postgres import Connection

_NOTED_EVERY = timedelta(minutes=1)
_LINES = 5
"""Of a rulebook's problems, so many are enough to begin with."""

_HOW = "no rulebook is live: `fieldfare rules propose`, sign and countersign one"

_log = get_logger(__name__)


class NoRulebookLive(TransientError):
    """Nothing is live that this release can load: whoever routes must wait for somebody to sign."""


async def rulebook_live(connection: Connection, *, at: datetime) -> Rulebook:
    """What is live at `at`, for a command. Raises `NoRulebookLive`, and as `rulebook_of`."""
    row = await connection.fetchrow(SQL["live_activation"], at)
    if row is None:
        raise NoRulebookLive(_HOW)
    return await rulebook_of(connection, row["content_hash"])


class _Unloadable(Exception):
    """Why this release cannot load a version."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What a process goes by: the rulebook, and the order that made it live."""

    activation_no: int
    rulebook: Rulebook


@dataclass(slots=True)
class LiveRulebook:
    """Answers what is live. One for all parts of a process (`process` names it to MASH).

    A version that this release cannot load is not taken: the process goes on with what it has,
    notes so in the ledger every minute, and looks again as soon as another version is live.
    """

    process: str
    release: str = field(default_factory=lambda: version("fieldfare"))
    in_force: InForce | None = None
    _refused: dict[str, str] = field(default_factory=dict)
    _noted_at: datetime | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self, connection: Connection, *, at: datetime) -> InForce:
        """What is live at `at`, as the caller's transaction sees it: one short query.

        A version that is new to the process is loaded, which takes about a second: ask before
        taking locks. Raises `NoRulebookLive`.
        """
        row = await connection.fetchrow(SQL["live_activation"], at)
        if row is None and self.in_force is not None:  # a clock that was put back
            return self.in_force
        if row is None:
            raise NoRulebookLive(_HOW)
        if self.in_force is not None and self.in_force.activation_no == row["activation_no"]:
            return self.in_force
        async with self._turn:
            return await self._change(connection, row["activation_no"], row["content_hash"], at)

    async def _change(
        self, connection: Connection, activation_no: int, content_hash: str, at: datetime
    ) -> InForce:
        try:
            rulebook = await self._load(connection, content_hash)
        except _Unloadable as reason:
            await self._note(connection, activation_no, content_hash, str(reason), at)
            return self.in_force or await self._earlier(connection, at)
        if self.in_force is None or self.in_force.rulebook.content_hash != content_hash:
            _log.warning("rulebook_live", rulebook=rulebook.label, activation=activation_no)
        self._noted_at = None
        self.in_force = InForce(activation_no, rulebook)
        return self.in_force

    async def _load(self, connection: Connection, content_hash: str) -> Rulebook:
        """A version, unless it is in hand; once it could not be loaded it is not tried again."""
        if self.in_force is not None and self.in_force.rulebook.content_hash == content_hash:
            return self.in_force.rulebook
        if content_hash in self._refused:
            raise _Unloadable(self._refused[content_hash])
        try:
            files = await files_of(connection, content_hash)
        except RulebookNotKept as error:
            raise _Unloadable(str(error)) from error
        try:
            return await asyncio.to_thread(loaded, files, content_hash)
        except RulebookOutdated as error:
            self._refused[content_hash] = "\n".join(str(error).splitlines()[: _LINES + 1])
        except Exception as error:  # noqa: BLE001 - the edge of another release's rulebook
            self._refused[content_hash] = f"loading it fails: {type(error).__name__}"
        raise _Unloadable(self._refused[content_hash])

    async def _earlier(self, connection: Connection, at: datetime) -> InForce:
        """At the start, where nothing is in hand: the last that was live and can be loaded."""
        record = await read_record(connection)
        for each in reversed(list(record.reigns(at))):
            try:
                rulebook = await self._load(connection, each.content_hash)
            except _Unloadable:
                continue
            return self._fall_back(each, rulebook)
        raise NoRulebookLive("what is live does not load under this release, nor what was before")

    def _fall_back(self, activation: Activation, rulebook: Rulebook) -> InForce:
        _log.critical("rulebook_of_before_is_in_force", rulebook=rulebook.label)
        self.in_force = InForce(activation.activation_no, rulebook)
        return self.in_force

    async def _note(
        self, connection: Connection, activation_no: int, content_hash: str, why: str, at: datetime
    ) -> None:
        """Says so loudly, and in the ledger, from which a watch tells MASH."""
        if self._noted_at is not None and self._noted_at <= at < self._noted_at + _NOTED_EVERY:
            return
        self._noted_at = at
        _log.critical(
            "rulebook_cannot_be_loaded: what was live before stays in force",
            rulebook=content_hash[:SHORT],
            activation=activation_no,
            because=why,
        )
        arguments = (activation_no, self.process, self.release, why, at)
        await connection.execute(SQL["note_unfit"], *arguments)
