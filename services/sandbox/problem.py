"""What a person is told when the sandbox cannot start."""

from services.runtime.errors import PermanentError


class SandboxProblem(PermanentError):
    """The sandbox cannot start; the message is one line that says what to do. Exit code 2."""
