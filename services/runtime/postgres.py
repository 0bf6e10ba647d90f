"""PostgreSQL: a pool, transactions, and its errors turned into ours.

Text that PostgreSQL writes about an error may hold the values of a row (an NHS number), so none of
it is kept: an error of ours names the SQLSTATE and, where known, the table and the constraint.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
from asyncpg.exceptions import InternalClientError

from services.runtime.errors import PermanentError, TransientError

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

_CONNECT_SECONDS = 10.0
_STATEMENT_SECONDS = 60.0
_SESSION = {
    "timezone": "UTC",
    "jit": "off",  # compiling costs more than our short statements
    # a process that is paused in a transaction must not hold its locks for ever
    "idle_in_transaction_session_timeout": "60s",
    "lock_timeout": "60s",
}
_ONE_CORE = {"max_parallel_workers_per_gather": "0"}
_REFUSED_ROW = ("22", "23")
_AWAY = ("08", "40", "53", "57")
_CUT_OFF = (OSError, TimeoutError, asyncpg.InterfaceError, InternalClientError)
_AWAY_STATES = ("25P03", "55P03")  # idle in a transaction for too long; a lock not to be had


class DatabaseAway(TransientError):
    """PostgreSQL cannot be reached, is short of something, or ended the transaction (08 40 53 57).

    Whether a commit that was under way took place is not known: read before repeating.
    """


class RowRefused(PermanentError):
    """PostgreSQL does not store a value or a row (SQLSTATE 22, 23)."""


class DatabaseProblem(PermanentError):
    """PostgreSQL refuses a statement for a reason that no row is to blame for: a bad deploy."""


@asynccontextmanager
async def open_pool(
    dsn: str, *, size: int, application_name: str, one_core: bool = False
) -> AsyncIterator[Pool]:
    """A pool of at most `size` connections, each made when it is needed.

    It does not connect yet, so it can be opened while PostgreSQL is away. Leaving closes it. With
    `one_core` no statement is shared out among several processes of the server: that costs twice
    the processor time, and helps nobody where many ask at once.
    """
    async with asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=size,
        timeout=_CONNECT_SECONDS,
        command_timeout=_STATEMENT_SECONDS,
        server_settings={"application_name": application_name}
        | _SESSION
        | (_ONE_CORE if one_core else {}),
    ) as pool:
        yield pool


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """One READ COMMITTED transaction: committed on leaving, rolled back by any exception.

    Raises `DatabaseAway`, `RowRefused` or `DatabaseProblem`.
    """
    with our_errors():
        async with pool.acquire() as connection, connection.transaction():
            yield connection


@asynccontextmanager
async def snapshot(pool: Pool) -> AsyncIterator[Connection]:
    """One read-only transaction all of whose statements see one moment. Raises as `transaction`."""
    with our_errors():
        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection


@asynccontextmanager
async def reading(pool: Pool) -> AsyncIterator[Connection]:
    """A connection for single statements, each its own transaction. Raises as `transaction`."""
    with our_errors():
        async with pool.acquire() as connection:
            yield connection


@contextmanager
def our_errors() -> Iterator[None]:
    """Turns whatever the driver raises inside into one of the three errors above."""
    try:
        yield
    except asyncpg.PostgresError as error:
        raise translated(error) from None  # its text may hold the values of a row
    except _CUT_OFF as error:
        raise DatabaseAway(f"PostgreSQL: {type(error).__name__}") from None


def is_away(error: Exception) -> bool:
    """Whether what was raised inside a transaction means that all of it must be done again later.

    It may be one of the driver's errors, which is turned into ours only on leaving.
    """
    if isinstance(error, asyncpg.PostgresError):
        return isinstance(translated(error), DatabaseAway)
    return isinstance(error, (DatabaseAway, *_CUT_OFF))


async def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Appends rows by COPY, in their order: twice as fast as INSERT, and it cannot skip a conflict.

    Raises as `transaction`; a value that does not fit its column is `RowRefused` here as well.
    """
    try:
        await connection.copy_records_to_table(table, columns=columns, records=rows)
    except (TypeError, ValueError, OverflowError):
        raise RowRefused(f"a value does not fit a column of {table}") from None


def translated(error: asyncpg.PostgresError) -> DatabaseAway | RowRefused | DatabaseProblem:
    """The error of ours for one of PostgreSQL's, by its SQLSTATE; without any value."""
    state = getattr(error, "sqlstate", None) or "unknown"
    text = f"PostgreSQL: SQLSTATE {state}"
    place = [getattr(error, name, None) for name in ("table_name", "constraint_name")]
    if known := [part for part in place if part]:
        text += f" at {' '.join(known)}"
    if state.startswith(_AWAY) or state in _AWAY_STATES:
        return DatabaseAway(text)
    return RowRefused(text) if state.startswith(_REFUSED_ROW) else DatabaseProblem(text)
