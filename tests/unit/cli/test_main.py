import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from services.cli.main import main
from services.runtime.errors import PermanentError
from tests.unit.cli.command import fieldfare, police_event, write_event


def test_help_lists_the_commands() -> None:
    answer = fieldfare("--help")

    assert answer.code == 0
    assert answer.out == snapshot("""\
Usage: fieldfare [OPTIONS] COMMAND [ARGS]...

  Tells every professional who needs to know, in time, and can prove it
  afterwards.

Options:
  --version  Print it.
  --help     Show this message and exit.

Commands:
  up        Start Kafka, PostgreSQL, all processes and a synthetic...
  rules     Check, test, prove and explain rules; replay the past; sign...
  ledger    What arrived, what is owed to whom, and what waits; nobody's...
  topics    Topics of the rulebook's sources and of those whom its...
  schemas   JSON Schema and AsyncAPI of every message, for publishers and...
  simulate  Publish events of a synthetic county and its registers.
  router    Route events into the ledger, until told to stop.
  relay     Publish what the ledger owes, until told to stop.
  watch     Chase whoever does not answer, until told to stop.
  console   Serve the web console, until told to stop.
""")


def test_it_says_which_version_it_is() -> None:
    answer = fieldfare("--version")

    assert (answer.code, answer.out) == (0, f"fieldfare {version('fieldfare')}\n")


def test_an_unknown_command_is_wrong_use() -> None:
    answer = fieldfare("rulez")

    assert (answer.code, answer.err.splitlines()[-1]) == (
        2,
        snapshot("Error: No such command 'rulez'."),
    )


def test_a_setting_that_cannot_be_used_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDFARE_KAFKA__BOOTSTRAP", "kafka:9092")

    answer = fieldfare("router")

    assert (answer.code, answer.out, answer.err) == (
        2,
        "",
        snapshot("fieldfare: settings: FIELDFARE_KAFKA__BOOTSTRAP: not a setting of Fieldfare\n"),
    )


def test_in_debug_an_error_is_raised_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDFARE_LOGGING__LEVEL", "debug")

    with pytest.raises(PermanentError, match="there is no such folder"):
        main(["rules", "check", "nowhere"])


def test_an_error_that_nobody_expected_names_its_kind_and_place_only(tmp_path: Path) -> None:
    answer = fieldfare("rules", "bank-holidays", "--from=2026", "--until=2026", f"--to={tmp_path}")

    assert (answer.code, answer.out, answer.err) == (
        2,
        "",
        snapshot(
            "fieldfare: an error of Fieldfare's own: IsADirectoryError in Path.open; set FIELDFARE_LOGGING__LEVEL=debug to see it whole\n"  # noqa: E501
        ),
    )


def test_an_event_is_read_from_standard_input(tmp_path: Path) -> None:
    event = Path(write_event(tmp_path / "event.json", police_event(people=[])))

    with event.open() as stdin:
        answer = subprocess.run(
            [sys.executable, "-P", "-m", "services.cli.main", "rules", "explain", "-", "--json"],
            stdin=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    assert (answer.returncode, answer.stdout) == (
        2,
        snapshot('{"accepted": false, "field": "data.people", "reason": "no readable people"}\n'),
    )


def test_explaining_does_not_wait_for_a_kafka_client() -> None:
    found = subprocess.run(
        [
            *(sys.executable, "-P", "-c"),
            "import sys, services.cli.rules; print({'aiokafka', 'asyncpg'} & set(sys.modules))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == "set()"


@pytest.mark.parametrize("command", ["simulate", "topics create"])
def test_without_a_cluster_the_line_says_what_to_do(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDFARE_SANDBOX__FOLDER", str(tmp_path))

    answer = fieldfare(*command.split())

    assert (answer.code, answer.err) == (
        2,
        snapshot(
            "fieldfare: `fieldfare up` does not run in this folder; start it, or set FIELDFARE_KAFKA__BOOTSTRAP_SERVERS\n"  # noqa: E501
        ),
    )


def test_schemas_are_exported(tmp_path: Path) -> None:
    answer = fieldfare("schemas", "export", "--to", str(tmp_path / "new"))

    assert answer.code == 0
    assert (tmp_path / "new" / "asyncapi.json").is_file()
