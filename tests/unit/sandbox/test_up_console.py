import socket

import pytest

from services.runtime.settings import ConsoleSettings, Settings
from services.sandbox.problem import SandboxProblem
from services.sandbox.up_console import console_variables, with_console_port

pytestmark = pytest.mark.enable_socket


def test_the_processes_know_where_the_console_is_and_that_people_are_invented() -> None:
    assert console_variables(ConsoleSettings(port=8123)) == {
        "FIELDFARE_CONSOLE__PORT": "8123",
        "FIELDFARE_CONSOLE__DEMONSTRATION": "true",
    }


def test_with_a_real_issuer_nobody_is_invented() -> None:
    settings = ConsoleSettings(port=8123, issuer="https://sign-in.example")

    assert console_variables(settings) == {"FIELDFARE_CONSOLE__PORT": "8123"}


def test_a_port_that_was_not_asked_for_is_one_that_is_free() -> None:
    port = with_console_port(Settings()).console.port

    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))


def test_a_port_that_was_asked_for_and_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SandboxProblem, match="FIELDFARE_CONSOLE__PORT"):
            with_console_port(Settings(console=ConsoleSettings(port=port)))
