from pathlib import Path

import pytest

from services.ledger.migrate import (
    Applied,
    Migration,
    MigrationRefused,
    pending,
    read_migrations,
)

ONE = Migration(1, "0001_ledger.sql", "SELECT 1;")
TWO = Migration(2, "0002_more.sql", "SELECT 2;")


def applied(migration: Migration) -> Applied:
    return Applied(migration.number, migration.name, migration.sha256)


def test_what_is_not_applied_is_pending_in_order() -> None:
    assert pending((ONE, TWO), ()) == (ONE, TWO)
    assert pending((ONE, TWO), (applied(ONE),)) == (TWO,)
    assert pending((ONE, TWO), (applied(ONE), applied(TWO))) == ()


def test_a_migration_that_was_changed_after_it_was_applied_is_refused() -> None:
    before = applied(Migration(1, "0001_ledger.sql", "SELECT 0;"))

    with pytest.raises(MigrationRefused, match=r"^ledger: 0001_ledger\.sql has changed since"):
        pending((ONE, TWO), (before,))


def test_a_ledger_of_a_newer_release_is_refused() -> None:
    with pytest.raises(MigrationRefused, match=r"newer release \(0002_more\.sql\)"):
        pending((ONE,), (applied(ONE), applied(TWO)))


def test_migrations_are_numbered_without_gaps(tmp_path: Path) -> None:
    for name in ("0001_a.sql", "0003_b.sql"):
        (tmp_path / name).write_text("SELECT 1;")

    with pytest.raises(MigrationRefused, match="not numbered"):
        read_migrations(tmp_path)


def test_the_first_migration_is_the_ledger() -> None:
    assert read_migrations()[0].name == "0001_ledger.sql"
