from pathlib import Path

from pydantic import SecretStr

from services.runtime.settings import KafkaSettings, PostgresSettings, SandboxSettings, Settings
from services.sandbox.stack import Sandbox


def test_servers_that_settings_name_are_used_and_nothing_is_started(tmp_path: Path) -> None:
    settings = Settings(
        kafka=KafkaSettings(bootstrap_servers="kafka.example:9092"),
        postgres=PostgresSettings(dsn=SecretStr("postgresql://u:p@h/d")),
        sandbox=SandboxSettings(folder=tmp_path / "var"),
    )

    with Sandbox(settings) as sandbox:
        assert sandbox.bootstrap_servers == "kafka.example:9092"
        assert sandbox.dsn == "postgresql://u:p@h/d"
        assert sandbox.ended() == ()

    assert not (tmp_path / "var").exists()
