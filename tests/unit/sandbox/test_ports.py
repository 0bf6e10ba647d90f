import socket
from collections.abc import Iterator

import pytest

from services.sandbox.ports import any_free_port, choose_port, is_free
from services.sandbox.problem import SandboxProblem

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_somebody_listens_on_is_not_free(taken: int) -> None:
    assert not is_free(taken)


def test_the_preferred_port_is_taken_if_it_is_free() -> None:
    free = any_free_port()

    assert choose_port(demanded=None, preferred=free, setting="X") == free


def test_another_port_is_found_if_the_preferred_one_is_in_use(taken: int) -> None:
    chosen = choose_port(demanded=None, preferred=taken, setting="X")

    assert chosen != taken
    assert is_free(chosen)


def test_a_demanded_port_is_never_exchanged(taken: int) -> None:
    free = any_free_port()
    assert choose_port(demanded=free, preferred=None, setting="X") == free

    with pytest.raises(SandboxProblem) as raised:
        choose_port(demanded=taken, preferred=None, setting="FIELDFARE_SANDBOX__KAFKA_PORT")

    assert str(raised.value) == (
        f"port {taken} is in use: stop what uses it, "
        "or set FIELDFARE_SANDBOX__KAFKA_PORT to another port"
    )
