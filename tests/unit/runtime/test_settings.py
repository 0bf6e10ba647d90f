from pathlib import Path

import pytest
from pydantic import ValidationError

from services.runtime.errors import SettingsProblem
from services.runtime.settings import ConsoleSettings, KafkaSettings, Settings, read_settings


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without any setting of ours, that a test can add to."""
    for group in Settings.model_fields:
        for name in getattr(Settings(), group).model_dump():
            monkeypatch.delenv(f"FIELDFARE_{group}__{name}".upper(), raising=False)
    return monkeypatch


def test_without_an_environment_the_defaults_hold(environment: pytest.MonkeyPatch) -> None:
    del environment

    settings = read_settings()

    assert settings.kafka.bootstrap_servers is None
    assert settings.postgres.dsn is None
    assert settings.topics.prefix == "fieldfare"
    assert settings.rulebook.path.parts[-3:] == ("routing_rules", "rulebooks", "staffordshire")


def test_variables_set_nested_values(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FIELDFARE_KAFKA__BOOTSTRAP_SERVERS", "one:9092,two:9092")
    environment.setenv("FIELDFARE_ROUTER__BATCH_SIZE", "7")
    environment.setenv("FIELDFARE_CLOCK__FILE", "/run/now")
    environment.setenv("FIELDFARE_LOGGING__JSON", "no")

    settings = read_settings()

    assert settings.kafka.bootstrap_servers == "one:9092,two:9092"
    assert settings.router.batch_size == 7
    assert settings.clock.file == Path("/run/now")
    assert not settings.logging.as_json


def test_an_empty_variable_is_as_good_as_none(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FIELDFARE_KAFKA__BOOTSTRAP_SERVERS", "")

    assert read_settings().kafka.bootstrap_servers is None


def test_every_unusable_variable_is_named_in_one_line_without_its_value(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("FIELDFARE_KAFAK__CLIENT_ID", "hush")
    environment.setenv("FIELDFARE_POSTGRES__DNS", "postgresql://u:hush@h/d")
    environment.setenv("FIELDFARE_POSTGRES__POOL_SIZE", "hush")

    with pytest.raises(SettingsProblem) as raised:
        read_settings()

    line = str(raised.value)
    assert "FIELDFARE_KAFAK__CLIENT_ID: not a setting of Fieldfare" in line
    assert "FIELDFARE_POSTGRES__DNS: not a setting of Fieldfare" in line
    assert "FIELDFARE_POSTGRES__POOL_SIZE: Input should be a valid integer" in line
    assert "hush" not in line
    assert "\n" not in line
    assert raised.value.__suppress_context__  # or else a traceback would show the values


def test_an_unknown_group_alone_is_enough_to_stop(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FIELDFARE_KAFAK__CLIENT_ID", "hush")

    with pytest.raises(SettingsProblem, match="FIELDFARE_KAFAK__CLIENT_ID: not a setting"):
        read_settings()


def test_a_whole_group_must_be_json(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FIELDFARE_KAFKA", "hush")

    with pytest.raises(SettingsProblem, match="must be JSON") as raised:
        read_settings()

    assert "hush" not in str(raised.value)


def test_a_password_is_not_printed(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FIELDFARE_POSTGRES__DSN", "postgresql://u:hush@h/d")

    assert "hush" not in repr(read_settings())


@pytest.mark.parametrize("port", [0, 65_536])
def test_a_port_must_exist(port: int) -> None:
    with pytest.raises(ValidationError):
        ConsoleSettings(port=port)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        KafkaSettings().client_id = "another"  # type: ignore[misc]
