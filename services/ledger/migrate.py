"""Migrations of the ledger: plain SQL files, forward only, applied once each, under a lock."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from services.ledger.queries import SQL
from services.runtime.errors import PermanentError
from services.runtime.postgres import Connection, Pool, reading, transaction

_FOLDER = Path(__file__).parent / "migrations"


class MigrationRefused(PermanentError):
    """The ledger's schema and this release do not fit; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `0001_ledger.sql` is number 1."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The hash of the file's text, which must never change once it has been applied."""
        return sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration as the ledger remembers it."""

    number: int
    name: str
    sha256: str


def read_migrations(folder: Path = _FOLDER) -> tuple[Migration, ...]:
    """The migrations of this release, in order; their numbers begin at 1 and have no gaps."""
    found = tuple(
        Migration(int(path.name[:4]), path.name, path.read_text("utf-8"))
        for path in sorted(folder.glob("*.sql"))
    )
    if [each.number for each in found] != list(range(1, len(found) + 1)):
        raise MigrationRefused("ledger: migrations are not numbered 0001, 0002 and so on")
    return found


def pending(
    migrations: tuple[Migration, ...], applied: tuple[Applied, ...]
) -> tuple[Migration, ...]:
    """Those not applied yet. Raises `MigrationRefused` for a changed one and for a newer ledger."""
    known = {each.number: each for each in migrations}
    for done in applied:
        if done.number not in known:
            raise MigrationRefused(
                f"ledger: it was migrated by a newer release ({done.name}); install that release"
            )
        if done.sha256 != known[done.number].sha256:
            raise MigrationRefused(f"ledger: {done.name} has changed since it was applied")
    return migrations[len(applied) :]


async def migrate(
    pool: Pool, *, at: datetime, migrations: tuple[Migration, ...] | None = None
) -> tuple[str, ...]:
    """Applies what is pending, all or nothing, and answers the names of what it applied.

    Blocks while another process migrates; repeating it changes nothing. Raises `MigrationRefused`,
    and `DatabaseAway` if PostgreSQL cannot be reached.
    """
    async with transaction(pool) as connection:
        await connection.execute(SQL["lock_migrations"])
        await connection.execute(SQL["create_schema_migration"])
        todo = pending(
            read_migrations() if migrations is None else migrations, await _applied(connection)
        )
        for each in todo:
            await connection.execute(each.sql)
            await connection.execute(
                SQL["insert_migration"], each.number, each.name, each.sha256, at
            )
    return tuple(each.name for each in todo)


async def check_schema(pool: Pool) -> None:
    """Raises `MigrationRefused`, with what to do, unless the ledger is exactly of this release."""
    async with reading(pool) as connection:
        exists = await connection.fetchval(SQL["has_schema_migration"])
        applied = await _applied(connection) if exists else ()
    if todo := pending(read_migrations(), applied):
        raise MigrationRefused(f"ledger: {todo[0].name} is not applied yet; migrate it first")


async def _applied(connection: Connection) -> tuple[Applied, ...]:
    rows = await connection.fetch(SQL["applied_migrations"])
    return tuple(Applied(row["number"], row["name"], row["sha256"]) for row in rows)
