"""What reading derives from the models holds for models of later event types as well."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Self

import pytest
from pydantic import AfterValidator, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from schemas.base import Day, Message
from schemas.events import DATA_MODELS
from schemas.mending import Mending, Unmendable
from schemas.misfits import misfits_of
from schemas.person import Person
from schemas.problems import Remedy
from schemas.reasons import Reason
from schemas.shape import names_given, people_of, shape_of
from tests.unit.schemas.letters import accepted, emergency, police


class FamilyLink(Message):
    """An event about nobody in particular, with parts that it cannot do without."""

    mother: Person | None = None
    since: Day
    other: str


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({"other": "x"}, Reason.MISSING),
        ({"other": "x", "since": "soon"}, Reason.UNREADABLE),
    ],
)
def test_what_an_event_cannot_do_without_is_refused(raw: dict[str, Any], reason: Reason) -> None:
    with pytest.raises(ValidationError) as caught:
        FamilyLink.model_validate_json(json.dumps(raw))
    (problem,) = misfits_of(caught.value, raw, FamilyLink)
    assert (problem.path, problem.remedy, problem.reason) == (("since",), Remedy.REFUSE, reason)


def never(_: tuple[str, ...]) -> tuple[str, ...]:
    raise PydanticCustomError("tuple_type", "never accepted")


class NeverAccepted(Message):
    """A model that accepts no value, not even the one for not known."""

    words: Annotated[tuple[str, ...], AfterValidator(never)] = ()


class Contradiction(Message):
    """A model that accepts nothing as a whole."""

    @model_validator(mode="after")
    def _never(self) -> Self:
        raise ValueError("never")


@pytest.mark.parametrize(
    ("model", "reason"),
    [(NeverAccepted, Reason.TOO_BROKEN), (Contradiction, Reason.UNREADABLE)],
)
def test_mending_ends(model: Any, reason: Reason) -> None:
    raw: dict[str, Any] = {"words": []} if model is NeverAccepted else {}
    assert Mending(raw).mend(model, datetime(2026, 3, 6, tzinfo=UTC)) == Unmendable((), reason)


def test_people_are_found_in_any_model() -> None:
    nobody = FamilyLink.model_validate({"since": "2026-03-06", "other": "x"})
    assert people_of(nobody) == []
    data = accepted(emergency({"people": [{"ref": "mum", "role": "parent"}]})).data
    assert [(path, one.ref) for path, one in people_of(data)] == [
        (("patient",), "kid"),
        (("people", 0), "mum"),
    ]


@pytest.mark.parametrize("model", DATA_MODELS.values())
def test_no_list_of_named_values_can_be_emptied_by_mistake(model: type[Message]) -> None:
    shape = shape_of(model)
    assert set(shape.word_lists) == set(shape.open_lists)


def test_names_are_counted_through_all_parts() -> None:
    data = accepted(police()).data
    assert names_given(data) == len({"police_reference", "risk", "people"} | {"ref", "role"})
