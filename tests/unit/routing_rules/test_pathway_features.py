"""What rules can test of the pathways' events: what is not said is never taken for a no."""

import copy
from typing import Any

import pytest

from routing_rules.event_features import event_features
from routing_rules.event_fields import MOST, MOST_BABIES, OWN_PERSON_FIELDS
from routing_rules.fields import Features, FieldKind, phrase_of
from routing_rules.pathway_features import own_features
from schemas.events import DATA_MODELS
from schemas.person import Person
from schemas.shape import shape_of
from schemas.values import EventType
from tests.builders import NOW, data_of, staffordshire
from tests.documented import ROUTED_PATHWAYS

TYPES = pytest.mark.parametrize("event_type", ROUTED_PATHWAYS, ids=str)
NOT_OF_THE_EVENT = {"arrival"}
"""What the register and the clock tell of an event."""
SURE = {"safeguarding fields", "arrival"}
"""What there is always an answer to: nobody is taken to have arrived who may not have."""
SAYS_NOTHING = {"not recorded", "unknown", "not assessed", "incomplete"}


def features(event_type: EventType, data: dict[str, Any]) -> Features:
    settings = staffordshire().settings
    overdue_after = settings.departure_overdue_after
    return event_features(data_of(event_type, data), at=NOW, overdue_after=overdue_after)


def documented(event_type: EventType, **changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(ROUTED_PATHWAYS[event_type]["data"]), **changes}


@TYPES
def test_every_field_of_the_vocabulary_has_a_value_of_its_own(event_type: EventType) -> None:
    fields = staffordshire().vocabulary[phrase_of(event_type)].event_fields

    found = features(event_type, documented(event_type))

    assert found.keys() == fields.keys() - NOT_OF_THE_EVENT
    for name in found:
        field = fields[name]
        value = found[name]
        match field.kind:
            case FieldKind.CHOICE:
                assert value in field.values, name
            case FieldKind.FLAGS:
                assert isinstance(value, frozenset)
                assert value <= set(field.values), name
            case FieldKind.NUMBER:
                assert isinstance(value, int)


@TYPES
def test_what_is_not_said_is_named_as_that(event_type: EventType) -> None:
    required = shape_of(DATA_MODELS[event_type]).required
    bare = {name: value for name, value in documented(event_type).items() if name in required}

    for name, value in features(event_type, bare).items():
        says_nothing = value in (None, frozenset(), frozenset({"unknown"}))
        assert says_nothing or value in SAYS_NOTHING, name


@TYPES
def test_every_field_has_a_word_for_what_is_not_known(event_type: EventType) -> None:
    for field in staffordshire().vocabulary[phrase_of(event_type)].event_fields.values():
        if field.kind is FieldKind.CHOICE and field.name not in SURE:
            assert field.unknown is not None, field.name


BLANKS = [
    "maternal_mental_health",
    "child_protection_status",
    "planned_mbu_transfer",
    "parental_responsibility",
    "ethnicity",
    "gp_practice",
    "risk_marker",
]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_transfer_with_any_blank_is_incomplete(blank: str) -> None:
    transfer = documented(EventType.MATERNITY_POSTNATAL_TRANSFER)
    assert features(EventType.MATERNITY_POSTNATAL_TRANSFER, transfer)["safeguarding fields"] == (
        "complete"
    )
    del transfer[blank]
    found = features(EventType.MATERNITY_POSTNATAL_TRANSFER, transfer)
    assert found["safeguarding fields"] == "incomplete"


def test_who_is_invited_and_has_not_answered() -> None:
    found = features(EventType.CONFERENCE_INVITATION, documented(EventType.CONFERENCE_INVITATION))
    assert found["invited"] == frozenset({"gp", "school nursing", "adult mental health"})
    assert found["no answer from"] == frozenset({"gp", "adult mental health"})


@pytest.mark.parametrize("invitee", [{}, {"service": "probation"}])
def test_a_service_that_nobody_knows_is_invited_all_the_same(invitee: dict[str, Any]) -> None:
    data = documented(EventType.CONFERENCE_INVITATION, invitees=[invitee])
    found = features(EventType.CONFERENCE_INVITATION, data)
    assert found["invited"] == found["no answer from"] == frozenset({"unknown"})


@pytest.mark.parametrize(
    ("event_type", "name"),
    [
        (EventType.MATERNITY_APPOINTMENT_MISSED, "missed_in_pregnancy"),
        (EventType.NOT_BROUGHT, "missed_in_12_months"),
    ],
)
@pytest.mark.parametrize(("count", "seen"), [(2, 2), (10**9, MOST), (None, None)])
def test_a_count_is_one_that_rules_can_test(
    event_type: EventType, name: str, count: int | None, seen: int | None
) -> None:
    found = features(event_type, documented(event_type, **{name: count}))
    assert found["missed appointments"] == seen


def test_however_many_babies_are_named_rules_can_test_the_count() -> None:
    data = documented(EventType.MATERNITY_BIRTH)
    babies = [{**data["babies"][0], "ref": f"baby-{each}"} for each in range(MOST_BABIES + 1)]
    assert features(EventType.MATERNITY_BIRTH, data | {"babies": babies})["babies"] == MOST_BABIES


def test_babies_that_were_entered_in_error_were_not_born() -> None:
    data = documented(EventType.MATERNITY_BIRTH)
    data["babies"][1] |= {"status": "entered_in_error", "outcome": "stillborn"}
    found = features(EventType.MATERNITY_BIRTH, data)
    assert (found["babies"], found["outcomes"]) == (1, frozenset({"live"}))


def test_how_a_birth_ended_is_known_of_each_baby_and_of_nobody_else() -> None:
    data: Any = data_of(EventType.MATERNITY_BIRTH, documented(EventType.MATERNITY_BIRTH))
    own = [own_features(EventType.MATERNITY_BIRTH, each) for each in (data.mother, *data.babies)]
    assert [each["birth outcome"] for each in own] == ["not the baby", "live", "live"]
    somebody = Person.model_validate({"ref": "p", "role": "patient"})
    for event_type in ROUTED_PATHWAYS:
        has_own = bool(own_features(event_type, somebody))
        assert has_own is (event_type in OWN_PERSON_FIELDS)
