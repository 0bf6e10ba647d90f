"""Mends the data of an event until its model accepts it, or finds that it cannot be read."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from schemas.events import FieldWarning, ReadData
from schemas.misfits import misfits_of
from schemas.paths import Path, field_path, value_at
from schemas.plausible import problems_in, texts_saying_unknown
from schemas.problems import Problem, Remedy, refuse
from schemas.reasons import Reason
from schemas.shape import shape_of

MAX_WARNINGS = 100
MAX_PROBLEMS = 5_000
"""Far more than two hundred people can have; beyond it the message is no event but a flood."""
MAX_ENTRIES = 10_000
"""Of all lists together; counted first, since every entry can cost an error."""
_MAX_PASSES = 10
_LAST_WORD = frozenset({Reason.GIVEN_TWICE, Reason.NHS_NUMBER_FAILS})
"""Reasons that say more than whatever follows from them."""


@dataclass(frozen=True, slots=True)
class Unmendable:
    """Data that cannot be read: the path below `data`, and why."""

    path: Path
    reason: Reason


@dataclass(slots=True)
class Mending:
    """The data of one event on its way to being acceptable, with what had to be changed."""

    raw: dict[str, Any]
    _told: dict[Path, Reason] = field(default_factory=dict)
    _places: dict[Path, list[int]] = field(default_factory=dict)
    """For lists that lost entries: at which place each entry stood that is left."""

    def mend(self, model: type[ReadData], time: datetime) -> ReadData | Unmendable:
        """The data as the model accepts it at the event's time, or where it cannot be read."""
        if _entries(self.raw, model) > MAX_ENTRIES:
            return Unmendable((), Reason.TOO_MANY)
        for _ in range(_MAX_PASSES):
            data, problems = self._problems(model, time)
            if data is not None and not problems:
                return data
            refused = next((p for p in problems if p.remedy is Remedy.REFUSE), None)
            if refused is not None:
                return Unmendable(self._original(refused.path), refused.reason or Reason.TOO_BROKEN)
            if len(problems) > MAX_PROBLEMS:
                break
            self._apply(problems)
        return Unmendable((), Reason.TOO_BROKEN)

    def _problems(
        self, model: type[ReadData], time: datetime
    ) -> tuple[ReadData | None, list[Problem]]:
        try:
            data = model.model_validate_json(to_json(self.raw))
        except ValidationError as error:
            if error.error_count() > MAX_PROBLEMS:
                return None, [refuse((), Reason.TOO_BROKEN)]
            return None, list(misfits_of(error, self.raw, model))
        return data, [*problems_in(data, time), *texts_saying_unknown(data)]

    def tell(self, path: Path, reason: Reason) -> None:
        """Note a warning; of several about one field the last says what became of it."""
        if self._told.get(path) not in _LAST_WORD:
            self._told[path] = reason

    def warnings(self) -> tuple[FieldWarning, ...]:
        """What to tell the publisher, in the order found; very many are cut with `and more`."""
        told = list(self._told.items())
        warnings = [FieldWarning(field_path(path), reason) for path, reason in told[:MAX_WARNINGS]]
        if len(told) > MAX_WARNINGS:
            warnings.append(FieldWarning("$", Reason.AND_MORE))
        return tuple(warnings)

    def _apply(self, problems: Iterable[Problem]) -> None:
        drops: dict[Path, set[int]] = {}
        for problem in problems:
            if problem.reason is not None:
                self.tell(self._original(problem.path), problem.reason)
            if problem.remedy is Remedy.DROP:
                *above, place = _entry(problem.path)
                drops.setdefault(tuple(above), set()).add(int(place))
                continue
            *above, name = problem.path
            holder = value_at(self.raw, above)
            if problem.remedy is Remedy.FORGET:
                holder.pop(name, None)
            else:
                holder[name] = problem.value
        for path, places in drops.items():
            self._drop(path, places)

    def _drop(self, path: Path, gone: AbstractSet[int]) -> None:
        """Drop entries of one list, and remember where the others stood."""
        entries: list[Any] = value_at(self.raw, path)
        original = self._original(path)
        places = self._places.get(original) or range(len(entries))
        left = [place for place in range(len(entries)) if place not in gone]
        self._places[original] = [places[place] for place in left]
        entries[:] = [entries[place] for place in left]

    def _original(self, path: Path) -> Path:
        """The path as the publisher sent it, before entries were dropped from lists."""
        original: Path = ()
        for step in path:
            places = self._places.get(original) if isinstance(step, int) else None
            original = (*original, places[int(step)] if places else step)
        return original


def _entry(path: Path) -> Path:
    """The innermost list entry at or above a path."""
    while not isinstance(path[-1], int):
        path = path[:-1]
    return path


def _entries(raw: object, model: type[BaseModel]) -> int:
    """How many entries the lists of an object and of its parts have."""
    if not isinstance(raw, dict):
        return 0
    shape = shape_of(model)
    lists = [raw.get(name) for name in shape.word_lists]
    count = sum(len(words) for words in lists if isinstance(words, list))
    for name, part in shape.parts:
        count += _entries(raw.get(name), part)
    for name, part in shape.lists:
        if isinstance(entries := raw.get(name), list):
            count += sum(1 + _entries(entry, part) for entry in entries)
    return count
