import pytest

from routing_rules.vocabulary import (
    SERVICE_WORDS,
    Field,
    FieldKind,
    build_vocabulary,
    in_words,
    words,
)
from schemas.events import ROUTED_MODELS
from schemas.values import Risk, Service

VOCABULARY = build_vocabulary(["Stafford", "Tamworth"])
EVENTS = pytest.mark.parametrize("phrase", list(VOCABULARY))
UNKNOWN_WORDS = {"unknown", "not assessed", "not recorded"}


def test_every_event_type_that_is_routed_has_a_vocabulary() -> None:
    assert {event.type for event in VOCABULARY.values()} == set(ROUTED_MODELS)
    assert all(phrase == event.phrase for phrase, event in VOCABULARY.items())


def test_words_are_the_values_with_spaces() -> None:
    assert words(Risk) == ("standard", "medium", "high", "not assessed")
    assert in_words("not_assessed") == "not assessed"
    assert SERVICE_WORDS["health visiting"] is Service.HEALTH_VISITING


def test_home_districts_are_words() -> None:
    district = VOCABULARY["marac outcome"].person_fields["district"]

    assert district.values == ("Stafford", "Tamworth", "elsewhere", "unknown")


@EVENTS
def test_no_field_is_of_the_event_and_of_a_person(phrase: str) -> None:
    event = VOCABULARY[phrase]

    assert not event.event_fields.keys() & event.person_fields.keys()


@EVENTS
def test_no_field_has_two_words_for_unknown(phrase: str) -> None:
    event = VOCABULARY[phrase]

    for field in (*event.event_fields.values(), *event.person_fields.values()):
        assert len(UNKNOWN_WORDS & set(field.values)) <= 1


def test_a_field_knows_its_word_for_unknown() -> None:
    assert Field("risk", FieldKind.CHOICE, words(Risk)).unknown == "not assessed"
    assert Field("age", FieldKind.NUMBER, low=0, high=130).unknown == "unknown"
    assert Field("also victim", FieldKind.CHOICE, ("yes", "no")).unknown is None
