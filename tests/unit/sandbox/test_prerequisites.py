import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.sandbox import prerequisites
from services.sandbox.prerequisites import java_release, missing_prerequisites


def _program(folder: Path, name: str, printed: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{printed}' >&2\n", "utf-8")
    program.chmod(0o755)


def test_a_machine_with_everything_misses_nothing(tmp_path: Path) -> None:
    _program(tmp_path, "java", 'openjdk version "17.0.15" 2025-04-15')
    _program(tmp_path, "mvn", "Apache Maven 3.8.7")

    assert missing_prerequisites(with_maven=True, path=str(tmp_path)) == ()


def test_all_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    assert missing_prerequisites(with_maven=True, path=str(tmp_path)) == (
        "Java 17 or newer is needed, and no `java` is on the PATH (Debian: openjdk-17-jre)",
        "Maven is needed, and no `mvn` is on the PATH (Debian: maven)",
    )


def test_maven_is_not_needed_once_kafka_is_there(tmp_path: Path) -> None:
    _program(tmp_path, "java", 'openjdk version "21" 2023-09-19')

    assert missing_prerequisites(with_maven=False, path=str(tmp_path)) == ()


def test_node_is_needed_until_the_consoles_assets_are_there(tmp_path: Path) -> None:
    _program(tmp_path, "java", 'openjdk version "21" 2023-09-19')

    missing = missing_prerequisites(with_maven=False, with_node=True, path=str(tmp_path))

    assert missing == ("Node.js 20 or newer is needed, and no `node` with `npm` is on the PATH",)


@pytest.mark.parametrize(
    ("printed", "said"),
    [("v20.9.0", None), ("v18.20.1", "is 18"), ("no idea", "does not say its version")],
)
def test_an_old_node_is_named(tmp_path: Path, printed: str, said: str | None) -> None:
    _program(tmp_path, "java", 'openjdk version "21" 2023-09-19')
    _program(tmp_path, "npm", "10.0.0")
    _program(tmp_path, "node", printed)

    missing = missing_prerequisites(with_maven=False, with_node=True, path=str(tmp_path))

    node = tmp_path / "node"
    expected = () if said is None else (f"Node.js 20 or newer is needed; {node} {said}",)
    assert missing == expected


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ('openjdk version "11.0.2" 2019-01-15', "is Java 11"),
        ('java version "1.8.0_412"', "is Java 8"),
        ("no idea", "does not say its version"),
    ],
)
def test_an_old_or_strange_java_is_named(tmp_path: Path, printed: str, said: str) -> None:
    _program(tmp_path, "java", printed)

    (line,) = missing_prerequisites(with_maven=False, path=str(tmp_path))

    assert line == f"Java 17 or newer is needed; {tmp_path / 'java'} {said}"


def test_a_java_that_was_given_options_is_still_understood() -> None:
    assert java_release('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "17.0.1"') == 17


def test_make_is_told_by_the_exit_code(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, prerequisites.__file__],
        env={"PATH": str(tmp_path), "HOME": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 2
    assert [line.split()[0] for line in answer.stderr.splitlines()] == ["Java", "Maven", "Node.js"]
