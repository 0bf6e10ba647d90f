import asyncpg
import pytest

from services.runtime.errors import PermanentError, TransientError
from services.runtime.postgres import (
    DatabaseAway,
    DatabaseProblem,
    RowRefused,
    our_errors,
    translated,
)


@pytest.mark.parametrize(
    ("raised", "ours"),
    [
        (asyncpg.ConnectionDoesNotExistError, DatabaseAway),
        (asyncpg.DeadlockDetectedError, DatabaseAway),
        (asyncpg.SerializationError, DatabaseAway),
        (asyncpg.OutOfMemoryError, DatabaseAway),
        (asyncpg.TooManyConnectionsError, DatabaseAway),
        (asyncpg.AdminShutdownError, DatabaseAway),
        (asyncpg.QueryCanceledError, DatabaseAway),
        (asyncpg.LockNotAvailableError, DatabaseAway),
        (asyncpg.IdleInTransactionSessionTimeoutError, DatabaseAway),
        (asyncpg.UniqueViolationError, RowRefused),
        (asyncpg.CheckViolationError, RowRefused),
        (asyncpg.UntranslatableCharacterError, RowRefused),
        (asyncpg.DataError, RowRefused),
        (asyncpg.UndefinedTableError, DatabaseProblem),
        (asyncpg.InvalidPasswordError, DatabaseProblem),
    ],
)
def test_an_error_is_known_by_its_sqlstate(
    raised: type[asyncpg.PostgresError], ours: type[Exception]
) -> None:
    assert type(translated(raised("9990000018"))) is ours


def test_what_postgres_says_of_a_row_is_not_passed_on() -> None:
    error = asyncpg.UniqueViolationError("duplicate key 9990000018")
    error.detail = "Key (nhs_number)=(9990000018) already exists."
    error.table_name, error.constraint_name = "event", "event_source_id_key"

    with pytest.raises(RowRefused) as caught, our_errors():
        raise error

    assert str(caught.value) == "PostgreSQL: SQLSTATE 23505 at event event_source_id_key"
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "raised", [ConnectionRefusedError(), TimeoutError(), asyncpg.InterfaceError("closed")]
)
def test_a_lost_connection_is_waited_for(raised: Exception) -> None:
    with pytest.raises(DatabaseAway), our_errors():
        raise raised


def test_waiting_helps_only_when_the_database_is_away() -> None:
    assert issubclass(DatabaseAway, TransientError)
    assert issubclass(RowRefused, PermanentError)
    assert issubclass(DatabaseProblem, PermanentError)


def test_other_errors_pass_unchanged() -> None:
    with pytest.raises(ZeroDivisionError), our_errors():
        raise ZeroDivisionError
