"""Where the data of a case do not fit the schemas, and what is wrong there, in plain words."""

import re
from collections.abc import Iterator

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from routing_rules.source_text import Entries, Items, Node, Position, Scalar, did_you_mean, quoted
from schemas.paths import Path
from schemas.person import Person
from schemas.shape import shape_of

_ALLOWED = re.compile(r"'([^']*)'")


def place_of(node: Node, path: Path, place: Position) -> tuple[Position, str]:
    """Where a path stands in the file, as deep as it goes, and the text there."""
    for step in path:
        found = _step(node, step)
        if found is None:
            return place, ""
        node, place = found, found.position
    return place, node.text if isinstance(node, Scalar) else ""


def _step(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Entries):
        return node.get(str(step))
    return node.items[int(step)] if isinstance(node, Items) else None


def place_of_key(node: Node, path: Path, place: Position) -> Position:
    """Where the last name of a path stands, or as near as the file comes."""
    holder: Node | None = node
    for step in path[:-1]:
        holder = None if holder is None else _step(holder, step)
    names = holder.entries if isinstance(holder, Entries) else ()
    return next((name.position for name, _ in names if name.text == path[-1]), place)


def misfits(
    error: ValidationError, model: type[BaseModel], node: Node, place: Position
) -> Iterator[tuple[Position, str]]:
    """What is wrong, and where; what only follows from something else is left out."""
    entries = [
        entry
        for entry in error.errors(include_url=False, include_input=False)
        if entry["type"] != "default_factory_not_called"
    ]
    for entry in entries:
        if entry["type"] == "extra_forbidden":
            yield place_of_key(node, entry["loc"], place), _unknown_name(entry, model)
        elif entry["type"] != "too_short" or len(entries) == 1:
            where, value = place_of(node, entry["loc"], place)
            yield where, _in_plain_words(entry, value)


def _unknown_name(entry: ErrorDetails, model: type[BaseModel]) -> str:
    name = str(entry["loc"][-1])
    fields = _model_of(model, entry["loc"]).model_fields
    allowed = sorted(info.alias or field for field, info in fields.items())
    hint = did_you_mean(name, allowed)
    return f"{quoted(name)} is not known here; allowed: {', '.join(allowed)}{hint}"


def _in_plain_words(entry: ErrorDetails, value: str) -> str:
    """A validation error in the words of a rulebook."""
    name = next(str(step) for step in reversed(entry["loc"]) if isinstance(step, str))
    if entry["type"] == "enum":
        allowed = _ALLOWED.findall(str(entry["ctx"]["expected"]))
        hint = did_you_mean(value, allowed)
        return f"{quoted(value)} is not one of {name}; allowed: {', '.join(allowed)}{hint}"
    if entry["type"] == "missing":
        return f"'{name}' is missing"
    message = entry["msg"].removeprefix("Value error, ")
    return f"{name}: {message[:1].lower()}{message[1:]}"


def _model_of(model: type[BaseModel], path: Path) -> type[BaseModel]:
    """The model that has the last field of the path."""
    for step in [step for step in path if isinstance(step, str)][:-1]:
        shape = shape_of(model)
        model = dict((*shape.parts, *shape.lists)).get(step, Person)
    return model
