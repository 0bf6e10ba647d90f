"""Where a running `fieldfare up` has its servers, for commands typed in the same folder."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import SecretStr

from services.runtime.settings import Settings
from services.sandbox.problem import SandboxProblem

_FILE = "addresses.json"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Kafka's and PostgreSQL's addresses; the latter holds a password."""

    bootstrap_servers: str
    dsn: str = field(repr=False)


def keep_addresses(folder: Path, addresses: Addresses) -> None:
    """Writes them for other commands, readable by our own account only."""
    fresh = folder / f"{_FILE}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(addresses), file)
    fresh.replace(folder / _FILE)


def forget_addresses(folder: Path) -> None:
    """Removes them, since the servers are about to stop."""
    (folder / _FILE).unlink(missing_ok=True)


def with_addresses(settings: Settings, addresses: Addresses) -> Settings:
    """The settings, with these servers where they name none."""
    kafka, postgres = settings.kafka, settings.postgres
    if kafka.bootstrap_servers is None:
        kafka = kafka.model_copy(update={"bootstrap_servers": addresses.bootstrap_servers})
    if postgres.dsn is None:
        postgres = postgres.model_copy(update={"dsn": SecretStr(addresses.dsn)})
    return settings.model_copy(update={"kafka": kafka, "postgres": postgres})


def settings_of_sandbox(settings: Settings, *, needs: str) -> Settings:
    """The settings, with the servers of the `fieldfare up` that runs in this folder.

    `needs` is the variable that must be known, in one of the two ways; raises `SandboxProblem` that
    names it if it is not.
    """
    folder = settings.sandbox.folder
    try:
        kept = Addresses(**json.loads((folder / _FILE).read_text("utf-8")))
    except FileNotFoundError:
        kept = None
    except (OSError, ValueError, TypeError) as error:
        raise SandboxProblem(f"{folder / _FILE} cannot be used; remove it") from error
    known = settings if kept is None else with_addresses(settings, kept)
    is_known = {
        "FIELDFARE_KAFKA__BOOTSTRAP_SERVERS": known.kafka.bootstrap_servers is not None,
        "FIELDFARE_POSTGRES__DSN": known.postgres.dsn is not None,
    }
    if not is_known[needs]:
        raise SandboxProblem(
            f"`fieldfare up` does not run in this folder; start it, or set {needs}"
        )
    return known
