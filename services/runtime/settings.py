"""The only reader of the environment: `FIELDFARE_<GROUP>__<NAME>`, typed, nested and frozen."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

import routing_rules
from services.runtime.errors import SettingsProblem

_PREFIX = "FIELDFARE_"
_NO_SETTING = "not a setting of Fieldfare"
_SHIPPED_RULEBOOK = Path(routing_rules.__file__).parent / "rulebooks" / "staffordshire"

Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=1)]


class Group(BaseModel):
    """Settings that belong together; an unknown name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class KafkaSettings(Group):
    """The cluster; without `bootstrap_servers` the sandbox's own is used."""

    bootstrap_servers: str | None = None
    client_id: str = "fieldfare"
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_cafile: Path | None = None


class PostgresSettings(Group):
    """The ledger's database; without `dsn` the sandbox's own is used."""

    dsn: SecretStr | None = None
    pool_size: Count = 4


class RulebookSettings(Group):
    """The folder that commands look at; which rulebook is live, the ledger says."""

    path: Path = _SHIPPED_RULEBOOK


class TopicSettings(Group):
    """How topics are named and made."""

    prefix: Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]{0,59}$")] = "fieldfare"
    partitions: Count = 4
    queue_partitions: Count = 1
    replication: Count = 1


class RouterSettings(Group):
    """How the router reads: up to `batch_size` messages, waiting for them `batch_wait_ms`."""

    batch_size: Count = 500
    batch_wait_ms: Count = 50
    group_id: str = "fieldfare-router"


class RelaySettings(Group):
    """How the relay publishes; a lease that is not renewed expires after `lease_seconds`."""

    lease_seconds: Count = 10
    poll_ms: Count = 500
    batch_size: Count = 500


class WatchSettings(Group):
    """How often the watch looks whether anything is due."""

    poll_ms: Count = 1000


class ClockSettings(Group):
    """A file to read the time from, for end-to-end tests; without it the machine's time."""

    file: Path | None = None


class LoggingSettings(Group):
    """What is logged, and whether as JSON lines or for reading on a console."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_by_name=True
    )

    level: Literal["debug", "info", "warning", "error"] = "info"
    as_json: bool = Field(default=True, validation_alias="json")


class SandboxSettings(Group):
    """Where `fieldfare up` keeps its data; a port that is not given is chosen from what is free."""

    folder: Path = Path("var")
    kafka_port: Port | None = None
    postgres_port: Port | None = None


class ConsoleSettings(Group):
    """The console's web server, and who says who its users are (docs/console.md).

    `url` is where readers of notices find it. `issuer` is the OpenID Connect provider; its id token
    names roles and recipients in two claims. `demonstration` signs invented people in instead.
    `proxies` are the addresses of proxies that are believed from whom a request came.
    """

    host: str = "127.0.0.1"
    port: Port = 8080
    proxies: str = "127.0.0.1"
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    issuer: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    client_id: str = "fieldfare-console"
    client_secret: SecretStr | None = None
    roles_claim: str = "fieldfare_roles"
    recipients_claim: str = "fieldfare_recipients"
    idle_minutes: Count = 15
    demonstration: bool = False

    @property
    def address(self) -> str:
        """Where links lead: `url` without a slash at its end, or this machine."""
        return (self.url or f"http://localhost:{self.port}").rstrip("/")


class Settings(BaseSettings):
    """Everything that can be set from outside, read once at the start of a process."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    kafka: KafkaSettings = KafkaSettings()
    postgres: PostgresSettings = PostgresSettings()
    rulebook: RulebookSettings = RulebookSettings()
    topics: TopicSettings = TopicSettings()
    router: RouterSettings = RouterSettings()
    relay: RelaySettings = RelaySettings()
    watch: WatchSettings = WatchSettings()
    clock: ClockSettings = ClockSettings()
    logging: LoggingSettings = LoggingSettings()
    sandbox: SandboxSettings = SandboxSettings()
    console: ConsoleSettings = ConsoleSettings()


def read_settings() -> Settings:
    """The settings that the environment holds now.

    Raises `SettingsProblem` with one line that names every variable that is unknown or unusable.
    """
    unknown = _unknown_variables(os.environ)
    try:
        settings = Settings()
    except ValidationError as error:
        reasons = [
            f"{_variable(part['loc'])}: {_reason(part['type'], part['msg'])}"
            for part in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsProblem(_one_line([*unknown, *reasons])) from None  # its text holds values
    except SettingsError:
        reasons = [f"a whole group ({_PREFIX}<GROUP>) must be JSON; set {_PREFIX}<GROUP>__<NAME>"]
        raise SettingsProblem(_one_line([*unknown, *reasons])) from None
    if unknown:
        raise SettingsProblem(_one_line(unknown))
    return settings


def _unknown_variables(environment: Mapping[str, str]) -> list[str]:
    # pydantic-settings looks only for groups that it knows, so a misspelt group would be ignored
    groups = {f"{_PREFIX}{group.upper()}" for group in Settings.model_fields}
    return [
        f"{name}: {_NO_SETTING}"
        for name in sorted(environment)
        if name.upper().startswith(_PREFIX) and name.upper().split("__")[0] not in groups
    ]


def _reason(kind: str, message: str) -> str:
    return _NO_SETTING if kind == "extra_forbidden" else message


def _variable(location: tuple[int | str, ...]) -> str:
    return _PREFIX + "__".join(str(part).upper() for part in location)


def _one_line(reasons: Iterable[str]) -> str:
    return "settings: " + "; ".join(reasons)
