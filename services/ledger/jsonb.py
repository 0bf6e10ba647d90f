"""JSON as the ledger stores it, and text that PostgreSQL can hold."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json


def json_text(value: object) -> str:
    """The value as compact JSON text, which is what PostgreSQL's `jsonb` takes."""
    return to_json(value).decode()


def from_json(text: str) -> Any:
    """What `json_text` was given, as plain values."""
    return json.loads(text)


def headers_text(headers: Sequence[tuple[str, bytes | None]]) -> str:
    r"""Kafka headers as JSON pairs; bytes that `jsonb` cannot hold are written as `\x00`."""
    return json_text([[storable(name), _as_text(value)] for name, value in headers])


def storable(text: str) -> str:
    """The text with what PostgreSQL cannot hold (NUL, half a character) replaced."""
    if "\0" not in text and text.isascii():
        return text
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def _as_text(value: bytes | None) -> str | None:
    if value is None:
        return None
    return value.decode(errors="backslashreplace").replace("\0", "\\x00")
