from pathlib import Path

import pytest
from inline_snapshot import snapshot
from pydantic import SecretStr

from services.runtime.settings import (
    KafkaSettings,
    PostgresSettings,
    SandboxSettings,
    Settings,
)
from services.sandbox.addresses import (
    Addresses,
    forget_addresses,
    keep_addresses,
    settings_of_sandbox,
    with_addresses,
)
from services.sandbox.problem import SandboxProblem

KAFKA = "FIELDFARE_KAFKA__BOOTSTRAP_SERVERS"
POSTGRES = "FIELDFARE_POSTGRES__DSN"
ADDRESSES = Addresses("127.0.0.1:9092", "postgresql://fieldfare:secret@127.0.0.1/fieldfare")


def settings_in(folder: Path) -> Settings:
    return Settings().model_copy(update={"sandbox": SandboxSettings(folder=folder)})


def test_another_command_in_the_folder_finds_the_servers(tmp_path: Path) -> None:
    keep_addresses(tmp_path, ADDRESSES)

    found = settings_of_sandbox(settings_in(tmp_path), needs=POSTGRES)

    assert found.kafka.bootstrap_servers == ADDRESSES.bootstrap_servers
    assert found.postgres.dsn == SecretStr(ADDRESSES.dsn)


def test_only_we_can_read_the_password(tmp_path: Path) -> None:
    keep_addresses(tmp_path, ADDRESSES)

    assert (tmp_path / "addresses.json").stat().st_mode & 0o777 == 0o600
    assert "secret" not in repr(ADDRESSES)


def test_servers_that_the_settings_name_come_first() -> None:
    named = Settings().model_copy(
        update={
            "kafka": KafkaSettings(bootstrap_servers="kafka:9092"),
            "postgres": PostgresSettings(dsn=SecretStr("postgresql://ledger")),
        }
    )

    assert with_addresses(named, ADDRESSES) == named


def test_without_a_sandbox_the_line_names_the_variable(tmp_path: Path) -> None:
    keep_addresses(tmp_path, ADDRESSES)
    forget_addresses(tmp_path)

    with pytest.raises(SandboxProblem) as raised:
        settings_of_sandbox(settings_in(tmp_path), needs=KAFKA)

    assert str(raised.value) == snapshot(
        "`fieldfare up` does not run in this folder; start it, or set FIELDFARE_KAFKA__BOOTSTRAP_SERVERS"  # noqa: E501
    )


def test_a_broken_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "addresses.json").write_text("{", "utf-8")

    with pytest.raises(SandboxProblem, match=r"addresses\.json cannot be used; remove it"):
        settings_of_sandbox(settings_in(tmp_path), needs=KAFKA)
