import pytest
from inline_snapshot import snapshot

from routing_rules.conditions import FeatureInvalid, because, first_failing, holds
from routing_rules.document import Condition, NumberRange
from routing_rules.vocabulary import FeatureValue
from tests.rule_strategies import SOMEWHERE

RISK = Condition("risk", SOMEWHERE, words=frozenset({"medium", "high"}))
CONCERNS = Condition("concerns", SOMEWHERE, words=frozenset({"self harm", "overdose"}))
AGE = Condition(
    "age", SOMEWHERE, ranges=(NumberRange(0, 4, "under 5"), NumberRange(16, 16, "exactly 16"))
)
AGE_OR_UNKNOWN = Condition("age", SOMEWHERE, ranges=(NumberRange(5, 15),), or_unknown=True)


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        (RISK, "high", True),
        (RISK, "standard", False),
        (RISK, "not assessed", False),
        (CONCERNS, frozenset({"burn", "overdose"}), True),
        (CONCERNS, frozenset({"burn"}), False),
        (CONCERNS, frozenset(), False),
        (AGE, 0, True),
        (AGE, 4, True),
        (AGE, 5, False),
        (AGE, 16, True),
        (AGE, None, False),
        (AGE_OR_UNKNOWN, None, True),
        (AGE_OR_UNKNOWN, 16, False),
    ],
)
def test_a_condition_holds_for_the_values_that_it_names(
    condition: Condition, value: FeatureValue, *, expected: bool
) -> None:
    assert holds(condition, {condition.field: value}) is expected


@pytest.mark.parametrize(
    ("condition", "value"),
    [(RISK, 4), (RISK, None), (CONCERNS, None), (AGE, "4"), (AGE, frozenset({"4"}))],
)
def test_a_value_of_another_kind_is_an_error(condition: Condition, value: FeatureValue) -> None:
    with pytest.raises(FeatureInvalid, match="another kind"):
        holds(condition, {condition.field: value})


def test_a_missing_feature_is_an_error() -> None:
    with pytest.raises(FeatureInvalid, match="no feature 'risk'"):
        holds(RISK, {"age": 4})


def test_the_first_failing_condition_is_found() -> None:
    assert first_failing((RISK, AGE), {"risk": "high", "age": 9}) is AGE
    assert first_failing((RISK, AGE), {"risk": "low", "age": 9}) is RISK
    assert first_failing((RISK, AGE), {"risk": "high", "age": 4}) is None


def test_why_a_condition_fails_is_said_in_words_of_closed_sets() -> None:
    assert [
        because(RISK, {"risk": "standard"}),
        because(CONCERNS, {"concerns": frozenset({"sexual health"})}),
        because(AGE, {"age": 9}),
        because(AGE, {"age": None}),
        because(AGE_OR_UNKNOWN, {"age": 40}),
    ] == snapshot(
        [
            "risk is standard, not high or medium",
            "concerns include none of overdose, self harm",
            "age is outside under 5 or exactly 16",
            "age is unknown, not under 5 or exactly 16",
            "age is outside 5 to 15 or unknown",
        ]
    )


@pytest.mark.parametrize("age", range(5, 16))
def test_a_reason_never_says_an_age(age: int) -> None:
    assert because(AGE, {"age": age}) == because(AGE, {"age": 9})


def test_a_reason_never_says_which_concerns_are_present() -> None:
    assert "sexual health" not in because(CONCERNS, {"concerns": frozenset({"sexual health"})})
