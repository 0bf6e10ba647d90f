"""What a model does not accept, turned into problems with a remedy.

"What is understood is routed": a part that does not fit costs only itself, and becomes unknown,
unless the event cannot be routed without it. Unknown is never no and never low: a list of named
values that cannot be read becomes a list of `unknown`, not an empty one.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from schemas.events import Action
from schemas.paths import Path, value_at
from schemas.person import Somebody
from schemas.plausible import made_action_id
from schemas.problems import Problem, drop, forget, refuse, replace
from schemas.reasons import Reason
from schemas.registration import Flag
from schemas.shape import Shape, shape_of
from schemas.social_care import Invitee
from schemas.values import Role

_UNKNOWN = "unknown"
_KEPT = (Action, Flag, Invitee)
"""Entries of a list that stay, with nothing known of them, where they cannot be read."""


def misfits_of(
    error: ValidationError, raw: dict[str, Any], model: type[BaseModel]
) -> Iterator[Problem]:
    """The problems that a validation error tells of, in the order of the model's fields."""
    for entry in error.errors(include_url=False, include_context=False, include_input=False):
        path = entry["loc"]
        problem: Problem | None = refuse(path, Reason.UNREADABLE)
        if path:
            problem = _Misfit(path, entry["type"], raw, model).problem()
        if problem is not None:
            yield problem


class _Misfit:
    """One error: the model that owns the field, the field, and what stands there."""

    def __init__(self, path: Path, kind: str, raw: dict[str, Any], model: type[BaseModel]) -> None:
        self.path = path
        self.kind = kind
        self.is_entry = isinstance(path[-1], int)
        self.holder = value_at(raw, path[:-1])
        self.value = value_at(raw, path)
        self.owner, self.name = _owner(model, path)
        self.shape: Shape = shape_of(self.owner)

    def problem(self) -> Problem | None:
        """What to do, or None where the error only follows from others."""
        if self.kind == "default_factory_not_called":
            return None
        if self.kind == "extra_forbidden":
            return forget(self.path, Reason.UNKNOWN_FIELD)
        if self.kind == "string_type" and type(self.value) is int:
            return replace(self.path, str(self.value), Reason.NUMBER_AS_TEXT)
        if any(self.name in names for names in self.shape.people):
            return self._of_people()
        if self.is_entry:
            return self._of_entry()
        return self._of_required() if self.name in self.shape.required else self._of_optional()

    def _of_people(self) -> Problem | None:
        if self.is_entry:
            return refuse(self.path, Reason.NOT_A_PERSON)
        if self.kind == "too_short" and self.value:
            return None  # counted without those that do not fit, which are told one by one
        if self.value is None and self.name not in self.shape.required:
            return forget(self.path, None)
        return refuse(self.path, Reason.NO_PEOPLE)

    def _of_entry(self) -> Problem:
        if self.name in self.shape.open_lists:
            return replace(self.path, _UNKNOWN, Reason.NOT_USABLE)
        if dict(self.shape.lists).get(self.name) in _KEPT:
            return replace(self.path, {}, Reason.NOT_USABLE)
        return drop(self.path, Reason.NOT_USABLE_DROPPED)

    def _of_required(self) -> Problem:
        missing = self.kind == "missing"
        if issubclass(self.owner, Somebody) and self.name == "role":
            if self.path[0] == "patient" and missing:
                return replace(self.path, Role.PATIENT.value, Reason.WRONG_PATIENT_ROLE)
            return refuse(self.path, Reason.MISSING if missing else Reason.UNKNOWN_ROLE)
        if issubclass(self.owner, Somebody):
            return refuse(self.path, Reason.MISSING if missing else Reason.UNUSABLE_REF)
        if self.owner is Action:
            return replace(self.path, made_action_id(self.holder), Reason.NO_ACTION_ID)
        if any(isinstance(step, int) for step in self.path):
            return drop(self.path, Reason.NOT_USABLE_DROPPED)
        return refuse(self.path, Reason.MISSING if missing else Reason.UNREADABLE)

    def _of_optional(self) -> Problem:
        if self.kind == "tuple_type" and self.value is not None:
            return self._of_list()
        if self.value is None or self.value == _UNKNOWN:
            return forget(self.path, None)
        if self.name == "nhs_number" or self.kind == "value_error":
            return forget(self.path, Reason.NHS_NUMBER_FAILS)
        return forget(self.path, Reason.NOT_USABLE)

    def _of_list(self) -> Problem:
        """Something else stands where a list is expected."""
        is_open = self.name in self.shape.open_lists
        if self.value == _UNKNOWN:
            return replace(self.path, [_UNKNOWN] if is_open else [], None)
        one = str if self.name in self.shape.word_lists else dict
        if isinstance(self.value, one):
            return replace(self.path, [self.value], Reason.ONE_AS_LIST)
        return replace(self.path, [_UNKNOWN] if is_open else [], Reason.NOT_USABLE)


def _owner(model: type[BaseModel], path: Path) -> tuple[type[BaseModel], str]:
    """The model that has the field at the path, and the field's travelling name."""
    steps = [step for step in path if isinstance(step, str)]
    for step in steps[:-1]:
        shape = shape_of(model)
        model = dict((*shape.parts, *shape.lists))[step]
    return model, steps[-1]
