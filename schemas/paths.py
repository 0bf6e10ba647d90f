"""The path of a field as publishers read it: `data.people.0.nhs_number`, never with a value."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

Path = tuple[str | int, ...]
"""Keys and list positions from the event's `data` down."""

UNNAMED = "(unnamed)"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_DIGIT = re.compile(r"[0-9]")


def safe_name(name: str) -> str:
    """A publisher's own field name, or a placeholder where the name could itself be data.

    A name with six or more digits could be an NHS number, a telephone number or a date.
    """
    if _PLAIN_NAME.fullmatch(name) and len(_DIGIT.findall(name)) < 6:
        return name
    return UNNAMED


def field_path(path: Sequence[str | int], under: str = "data") -> str:
    """The path as text, below `under` (empty for the envelope)."""
    parts = [under] if under else []
    parts += [str(part) if isinstance(part, int) else safe_name(part) for part in path]
    return ".".join(parts) or "$"


def value_at(root: Any, path: Iterable[str | int]) -> Any:
    """What stands at a path of a JSON document; None where nothing does."""
    for step in path:
        root = root.get(step) if isinstance(root, dict) else root[int(step)]
    return root
