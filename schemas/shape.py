"""What the models of the events look like, worked out once from their annotations."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

from schemas.paths import Path
from schemas.person import Somebody

_NEVER_EMPTIED = frozenset({"do_not_tell"})
"""Lists of codes where an entry that cannot be read still says that there was one."""

_DATES: tuple[type[Any], ...] = (date, AwareDatetime)


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one model that reading has to look at, by the name under which they travel."""

    texts: tuple[tuple[str, str], ...]
    """Optional fields of any text, where `"unknown"` is no value but means not known: their names
    in the model and as they travel (`is_` and `is`)."""
    parts: tuple[tuple[str, type[BaseModel]], ...]
    """Fields that are one object."""
    lists: tuple[tuple[str, type[BaseModel]], ...]
    """Fields that are a list of objects."""
    word_lists: tuple[str, ...]
    """Fields that are a list of codes or of named values."""
    open_lists: frozenset[str]
    """Lists of words of which an unreadable entry must stay, as `unknown`: unknown is not no."""
    dates: tuple[tuple[str, str], ...]
    """Fields that are a day or a time: their names in the model and as they travel."""
    required: frozenset[str]
    people: tuple[tuple[str, ...], tuple[str, ...]]
    """Fields that hold one person, and fields that hold several."""


def people_of(data: BaseModel) -> list[tuple[Path, Somebody]]:
    """Everybody in an event, with their path: the patient first, then the people in order."""
    single, several = shape_of(type(data)).people
    people: list[tuple[Path, Somebody]] = [
        ((name,), one) for name in single if (one := getattr(data, name)) is not None
    ]
    for name in several:
        people += [((name, place), one) for place, one in enumerate(getattr(data, name))]
    return people


def names_given(model: BaseModel) -> int:
    """How many fields an object was given, with those of its parts: one for each name written.

    A text with more names than this has given one of them twice.
    """
    shape = shape_of(type(model))
    count = len(model.__pydantic_fields_set__)
    for name, _ in shape.parts:
        part = getattr(model, name)
        if part is not None:
            count += names_given(part)
    for name, _ in shape.lists:
        for part in getattr(model, name):
            count += names_given(part)
    return count


@cache
def shape_of(model: type[BaseModel]) -> Shape:
    """The shape of one model, without those of its parts."""
    fields = model.model_fields.items()
    kinds = {name: _kind(info.annotation) for name, info in fields}
    words = {name: kind for name, (many, kind) in kinds.items() if many and issubclass(kind, str)}
    objects = {name: kind for name, (_, kind) in kinds.items() if issubclass(kind, BaseModel)}
    free = {name for name, (many, kind) in kinds.items() if kind is str and not many}
    return Shape(
        texts=tuple((n, i.alias or n) for n, i in fields if n in free and not i.is_required()),
        parts=tuple((name, kind) for name, kind in objects.items() if not kinds[name][0]),
        lists=tuple((name, kind) for name, kind in objects.items() if kinds[name][0]),
        word_lists=tuple(words),
        open_lists=frozenset(n for n, k in words.items() if n in _NEVER_EMPTIED or _is_open(k)),
        dates=tuple((n, i.alias or n) for n, i in fields if kinds[n][1] in _DATES),
        people=(
            tuple(n for n, k in objects.items() if issubclass(k, Somebody) and not kinds[n][0]),
            tuple(n for n, k in objects.items() if issubclass(k, Somebody) and kinds[n][0]),
        ),
        required=frozenset(info.alias or name for name, info in fields if info.is_required()),
    )


def _kind(annotation: Any) -> tuple[bool, type[Any]]:
    """Whether an annotation is a list, and of what; options and constraints are left aside."""
    arguments = [part for part in get_args(annotation) if part not in {type(None), Ellipsis}]
    if get_origin(annotation) is tuple:
        return True, _kind(arguments[0])[1]
    if get_origin(annotation) is Annotated or arguments:
        return _kind(arguments[0])
    return False, annotation


def _is_open(kind: type[Any]) -> bool:
    """Whether a closed set has a member for what is not known."""
    return issubclass(kind, StrEnum) and "unknown" in set(kind)
