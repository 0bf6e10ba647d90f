"""Lists: what cannot be read is dropped or unknown, never silently nothing."""

import pytest

from schemas.reasons import Reason
from tests.unit.schemas.letters import (
    Raw,
    accepted,
    changed,
    emergency,
    first,
    marac,
    one,
    person,
    police,
    warned,
)


@pytest.mark.parametrize(
    ("message", "name", "kept"),
    [
        (police(), "incident_types", "physical"),
        (emergency(), "concerns", "self_harm"),
        (marac(), "criteria", "marac_repeat"),
        (police(), "do_not_tell", "RJF:midwifery"),
    ],
)
def test_an_unusable_entry_of_a_list_of_words_becomes_unknown(
    message: Raw, name: str, kept: str
) -> None:
    event = accepted(changed(message, f"data.{name}", [kept, {"a": 1}, None]))
    assert warned(event) == {
        f"data.{name}.1": Reason.NOT_USABLE,
        f"data.{name}.2": Reason.NOT_USABLE,
    }
    assert getattr(event.data, name) == (kept, "unknown", "unknown")


@pytest.mark.parametrize(
    ("value", "read_as", "reason"),
    [
        ({}, ("unknown",), Reason.NOT_USABLE),
        (3, ("unknown",), Reason.NOT_USABLE),
        ("self_harm", ("self_harm",), Reason.ONE_AS_LIST),
        ("unknown", ("unknown",), None),
        (None, (), None),
        ([], (), None),
    ],
)
def test_a_list_of_words_that_is_none_is_never_read_as_nothing(
    value: object, read_as: tuple[str, ...], reason: Reason | None
) -> None:
    event = accepted(emergency({"concerns": value}))
    assert event.data.concerns == read_as  # type: ignore[union-attr]
    assert warned(event) == ({"data.concerns": reason} if reason else {})


def test_who_must_not_be_told_is_never_forgotten() -> None:
    assert accepted(police({"do_not_tell": {"a": 1}})).data.do_not_tell == ("unknown",)
    assert accepted(police({"do_not_tell": "RJF:gp"})).data.do_not_tell == ("RJF:gp",)
    assert accepted(police({"do_not_tell": [17]})).data.do_not_tell == ("17",)


def test_one_object_where_a_list_is_expected_is_read() -> None:
    people = [person("p1", relationships={"to": "p2", "is": "parent"}), person("p2")]
    event = accepted(police({"people": people}))
    assert warned(event) == {"data.people.0.relationships": Reason.ONE_AS_LIST}
    assert first(event).relationships[0].is_ == "parent"


def test_one_line_where_a_list_is_expected_is_read() -> None:
    event = accepted(one(address={"lines": "1 Test Road"}))
    assert warned(event) == {"data.people.0.address.lines": Reason.ONE_AS_LIST}
    event = accepted(one(address={"lines": ["1 Test Road", None, {}]}))
    assert first(event).address.lines == ("1 Test Road",)
    assert set(warned(event)) == {
        "data.people.0.address.lines.1",
        "data.people.0.address.lines.2",
    }


@pytest.mark.parametrize("to", ["p9", "p1"])
def test_a_dangling_relationship_is_dropped(to: str) -> None:
    ties = [{"to": "p2", "is": "parent"}, {"to": to, "is": "parent"}, {"to": "p2", "is": "carer"}]
    event = accepted(police({"people": [person("p1", relationships=ties), person("p2")]}))
    assert warned(event) == {"data.people.0.relationships.1.to": Reason.DANGLING}
    assert [tie.is_ for tie in first(event).relationships] == ["parent", "carer"]


def test_a_relationship_that_cannot_be_read_is_dropped_and_paths_stay_the_publishers() -> None:
    ties = ["p2", {"is": "parent"}, {"to": "p2", "is": "friend"}, {"to": "p9"}, 4, {"to": "p8"}]
    event = accepted(police({"people": [person("p1", relationships=ties), person("p2")]}))
    at = "data.people.0.relationships"
    assert warned(event) == {
        f"{at}.0": Reason.NOT_USABLE_DROPPED,
        f"{at}.1.to": Reason.NOT_USABLE_DROPPED,
        f"{at}.2.is": Reason.NOT_USABLE,
        f"{at}.3.to": Reason.DANGLING,
        f"{at}.4": Reason.NOT_USABLE_DROPPED,
        f"{at}.5.to": Reason.DANGLING,
    }
    assert [tie.is_ for tie in first(event).relationships] == ["unknown"]


def test_a_code_without_a_system_is_dropped_once() -> None:
    event = accepted(emergency({"codes": [{}, {"system": "snomed", "code": "1"}]}))
    assert set(warned(event)) == {"data.codes.0.system", "data.codes.0.code"}
    assert len(event.data.codes) == 1  # type: ignore[union-attr]


def test_an_action_without_an_id_is_still_an_action() -> None:
    action = {"text": "Visit", "service": "midwifery", "status": "open"}
    event = accepted(marac({"actions": [action, "call the school", {"id": "  ", "text": "x"}]}))
    assert warned(event) == {
        "data.actions.0.id": Reason.NO_ACTION_ID,
        "data.actions.1": Reason.NOT_USABLE,
        "data.actions.1.id": Reason.NO_ACTION_ID,
        "data.actions.2.id": Reason.NO_ACTION_ID,
    }
    done = accepted(marac({"actions": [action | {"status": "done"}]}))
    assert done.data.actions[0].id == event.data.actions[0].id  # type: ignore[union-attr]


def test_actions_with_one_id_are_told_apart() -> None:
    actions = [{"id": "1", "text": "a"}, {"id": "1", "text": "b"}, {"id": "1", "text": "b"}]
    event = accepted(marac({"actions": actions}))
    assert len({action.id for action in event.data.actions}) == 3  # type: ignore[union-attr]
    assert set(warned(event)) == {"data.actions.1.id", "data.actions.2.id"}
