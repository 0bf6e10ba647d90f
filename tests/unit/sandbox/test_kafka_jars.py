from pathlib import Path

import pytest

from services.sandbox.kafka_jars import fetch_jars, jars_folder
from services.sandbox.problem import SandboxProblem


def test_another_pom_has_another_folder(tmp_path: Path) -> None:
    pom = tmp_path / "pom.xml"
    pom.write_text("<one/>", "ascii")
    first = jars_folder(pom, tmp_path)
    pom.write_text("<two/>", "ascii")

    assert jars_folder(pom, tmp_path) != first


def test_what_was_fetched_is_not_fetched_again(tmp_path: Path) -> None:
    pom = tmp_path / "pom.xml"
    pom.write_text("Maven would refuse this", "ascii")
    jars_folder(pom, tmp_path / "jars").mkdir(parents=True)

    assert fetch_jars(pom, tmp_path / "jars") == jars_folder(pom, tmp_path / "jars")


def test_maven_s_reason_is_one_line_and_nothing_half_fetched_stays(tmp_path: Path) -> None:
    pom = tmp_path / "pom.xml"
    pom.write_text("<one/>", "ascii")
    maven = tmp_path / "mvn"
    maven.write_text("#!/bin/sh\necho '[ERROR] no network'\necho '[ERROR] more'\nexit 1\n", "ascii")
    maven.chmod(0o755)

    with pytest.raises(
        SandboxProblem, match=r"^Maven could not fetch Kafka .*: \[ERROR\] no network$"
    ) as raised:
        fetch_jars(pom, tmp_path / "jars", maven=str(maven))

    assert "\n" not in str(raised.value)
    assert list((tmp_path / "jars").iterdir()) == []


def test_what_maven_fetched_is_there_under_its_final_name(tmp_path: Path) -> None:
    pom = tmp_path / "pom.xml"
    pom.write_text("<one/>", "ascii")
    maven = tmp_path / "mvn"
    maven.write_text('#!/bin/sh\nfor last; do :; done\ntouch "${last#*=}/kafka.jar"\n', "ascii")
    maven.chmod(0o755)

    fetched = fetch_jars(pom, tmp_path / "the jars", maven=str(maven))

    assert fetched == jars_folder(pom, tmp_path / "the jars")
    assert [jar.name for jar in fetched.iterdir()] == ["kafka.jar"]


def test_outside_a_checkout_one_line_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SandboxProblem, match="or set FIELDFARE_KAFKA__BOOTSTRAP_SERVERS"):
        jars_folder(tmp_path / "pom.xml", tmp_path)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    pom = tmp_path / "pom.xml"
    pom.write_text("<one/>", "ascii")
    (tmp_path / "jars").touch()

    with pytest.raises(SandboxProblem, match="jars cannot be written"):
        fetch_jars(pom, tmp_path / "jars")
