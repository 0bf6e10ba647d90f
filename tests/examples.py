"""The examples: what arrives, and what must happen (`../shared/examples/README.md`).

Those that the county's board has fixed are shared; those of our own stand in `docs/examples`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.events import Event, Refused
from schemas.reading import read_event

EXAMPLES = Path(__file__).parents[2] / "shared" / "examples"
OWN_EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """One example file: earlier events, the events that now arrive, and what must follow."""

    name: str
    title: str
    known: tuple[Mapping[str, Any], ...]
    events: tuple[Mapping[str, Any], ...]
    expect: Mapping[str, Any]


def load_examples() -> Mapping[str, Example]:
    """Every example by its file's name without `.json`; a shared one outranks one of our own."""
    shared = {path.stem: _load(path) for path in sorted(EXAMPLES.glob("*.json"))}
    return {**load_own_examples(), **shared}


def load_own_examples() -> Mapping[str, Example]:
    """The examples that stand in the documents."""
    return {path.stem: _load(path) for path in sorted(OWN_EXAMPLES.glob("*.json"))}


def _load(path: Path) -> Example:
    content = json.loads(path.read_text("utf-8"))
    return Example(
        name=path.stem,
        title=content["title"],
        known=tuple(content["known"]),
        events=tuple(content["events"]),
        expect=content["expect"],
    )


def publisher_of(event: Mapping[str, Any]) -> str:
    """The last part of an event's source, which is also the last part of its topic."""
    return str(event["source"]).rsplit(":", 1)[-1]


def family_named_by(event: Mapping[str, Any]) -> str:
    """The family in an event's type, which is a part of its topic."""
    return str(event["type"]).split(".")[1]


def read(event: Mapping[str, Any]) -> Event | Refused:
    """The event as the router reads it from the topic that it belongs to."""
    body = json.dumps(event).encode()
    return read_event(body, (), publisher=publisher_of(event), family=family_named_by(event))
