"""What a command's exit code says."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The contract's exit codes."""

    DONE = 0
    NO = 1
    """The answer is no: a promise is broken, a rulebook does not load, something was missed."""
    REFUSED = 2
    """Wrong use, or input that cannot be used."""
