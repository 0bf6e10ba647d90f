"""TCP ports on 127.0.0.1 for the sandbox's servers."""

import random
import socket

from services.sandbox.problem import SandboxProblem

_ADDRESS = "127.0.0.1"
_BELOW_EPHEMERAL = range(20_000, 32_000)
"""Ports that no outgoing connection is given by chance before the server listens."""


def choose_port(*, demanded: int | None, preferred: int | None, setting: str) -> int:
    """The port that was demanded, or the preferred one, or any free one.

    Raises `SandboxProblem` that names `setting` if the demanded port is in use. The port is free
    now; nothing keeps it free until the server listens.
    """
    if demanded is not None:
        if not is_free(demanded):
            raise SandboxProblem(
                f"port {demanded} is in use: stop what uses it, or set {setting} to another port"
            )
        return demanded
    if preferred is not None and is_free(preferred):
        return preferred
    return any_free_port()


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_ADDRESS, port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    """A port that is free now, and that no outgoing connection will be given meanwhile."""
    for port in random.SystemRandom().sample(_BELOW_EPHEMERAL, 200):
        if is_free(port):
            return port
    raise SandboxProblem("no free TCP port between 20000 and 32000 on 127.0.0.1")
