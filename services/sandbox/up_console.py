"""The console of `fieldfare up`: on a port that is free, with invented people to sign in as."""

from collections.abc import Mapping

from services.runtime.settings import ConsoleSettings, Settings
from services.sandbox.ports import choose_port

_PREFERRED = 8080


def with_console_port(settings: Settings) -> Settings:
    """The settings with a port for the console: as set, else 8080, or any that is free.

    Raises `SandboxProblem` if the port that was set is taken.
    """
    given = settings.console
    demanded = given.port if "port" in given.model_fields_set else None
    port = choose_port(demanded=demanded, preferred=_PREFERRED, setting="FIELDFARE_CONSOLE__PORT")
    return settings.model_copy(update={"console": given.model_copy(update={"port": port})})


def console_variables(console: ConsoleSettings) -> Mapping[str, str]:
    """What the processes must know of it: where it is, and who says who its users are."""
    variables = {"FIELDFARE_CONSOLE__PORT": str(console.port)}
    if console.issuer is None:
        variables["FIELDFARE_CONSOLE__DEMONSTRATION"] = "true"
    return variables
