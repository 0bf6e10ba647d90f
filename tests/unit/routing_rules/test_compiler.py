from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing_rules.compiler import CompiledRules, compile_rules
from routing_rules.conditions import FeatureInvalid
from routing_rules.document import Condition, NumberRange, Rule, RuleDocument
from routing_rules.interpreter import evaluate, still_told, withheld
from routing_rules.vocabulary import EventVocabulary, Features, FeatureValue, Field, FieldKind
from schemas.values import EventType, Service
from tests.rule_strategies import SOMEWHERE, documents, features, vocabularies

MARAC = EventType.MARAC_OUTCOME
COUNTY = {
    "marac outcome": EventVocabulary(
        "marac outcome",
        MARAC,
        {
            "repeat": Field("repeat", FieldKind.CHOICE, ("yes", "no", "unknown")),
            "criteria": Field("criteria", FieldKind.FLAGS, ("visible high risk", "repeat")),
        },
        {"age": Field("age", FieldKind.NUMBER, low=0, high=130)},
    )
}
EVENT: Features = {"repeat": "yes", "criteria": frozenset({"repeat"})}
UNDER_FIVE = Condition("age", SOMEWHERE, ranges=(NumberRange(0, 4),))


def a_rule(*about: Condition, when: tuple[Condition, ...] = (), event: EventType = MARAC) -> Rule:
    return Rule(
        name="made",
        why="because",
        event=event,
        when=when,
        about=about,
        tell=(),
        sources=("para 1.13",),
        owner="named.midwife",
        review_by=date(2027, 4, 1),
        position=SOMEWHERE,
    )


def compiled(*rules: Rule) -> CompiledRules:
    return compile_rules(RuleDocument(rules, ()), COUNTY)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_compiler_and_interpreter_agree(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    document = data.draw(documents(vocabulary))
    event_type = data.draw(st.sampled_from(list(vocabulary.values())))
    event = data.draw(features(event_type.event_fields))
    persons = data.draw(st.lists(features(event_type.person_fields), max_size=3))
    fast = compile_rules(document, vocabulary)

    rules = fast.matching(event_type.type, event, persons)
    blocks = fast.withholding(event_type.type, event, persons)

    assert rules == tuple(
        tuple(
            rule
            for rule in document.rules
            if rule.event is event_type.type and evaluate(rule, event, person, "p1").fired
        )
        for person in persons
    )
    assert blocks == tuple(
        tuple(
            block
            for block in document.withholds
            if block.event is event_type.type and withheld(block, event, person)
        )
        for person in persons
    )


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_only_who_is_named_is_still_told(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    document = data.draw(documents(vocabulary))
    event_type = data.draw(st.sampled_from(list(vocabulary.values())))
    event = data.draw(features(event_type.event_fields))
    person = data.draw(features(event_type.person_fields))
    (blocks,) = compile_rules(document, vocabulary).withholding(event_type.type, event, [person])

    for block in document.withholds:
        if block.event is event_type.type:
            named: set[Service] = set()
            for but in block.but_still:
                present = [event[condition.field] for condition in but.when]
                if all(
                    isinstance(flags, frozenset) and flags & condition.words
                    for flags, condition in zip(present, but.when, strict=True)
                ):
                    named |= but.services
            told = still_told(block, event, person)
            assert told == (named if block in blocks else set())


def test_a_rule_without_conditions_on_the_event_matches_every_event() -> None:
    rule = a_rule(UNDER_FIVE)

    assert compiled(rule).matching(MARAC, EVENT, [{"age": 4}, {"age": 5}]) == ((rule,), ())


def test_unknown_age_matches_only_where_it_is_named() -> None:
    or_unknown = a_rule(Condition("age", SOMEWHERE, ranges=(NumberRange(0, 4),), or_unknown=True))

    matched = compiled(a_rule(UNDER_FIVE), or_unknown).matching(MARAC, EVENT, [{"age": None}])

    assert matched == ((or_unknown,),)


def test_an_event_type_without_rules_matches_nothing() -> None:
    assert compiled().matching(MARAC, EVENT, [{"age": 4}]) == ((),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("repeat", "perhaps"),
        ("repeat", None),
        ("repeat", 1),
        ("criteria", frozenset({"nonsense"})),
        ("criteria", ""),
    ],
)
def test_a_feature_outside_its_field_is_an_error_even_if_no_rule_tests_it(
    name: str, value: FeatureValue
) -> None:
    with pytest.raises(FeatureInvalid, match=f"'{name}'") as raised:
        compiled().matching(MARAC, {**EVENT, name: value}, [])

    assert str(value) not in str(raised.value) or not value
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("age", [-1, 131, "4", frozenset({"4"})])
def test_a_number_outside_its_field_is_an_error(age: FeatureValue) -> None:
    with pytest.raises(FeatureInvalid, match="'age'"):
        compiled(a_rule(UNDER_FIVE)).matching(MARAC, EVENT, [{"age": age}])


def test_a_missing_feature_is_an_error() -> None:
    with pytest.raises(FeatureInvalid, match="'age'"):
        compiled().matching(MARAC, EVENT, [{}])


def test_an_event_type_without_vocabulary_is_an_error() -> None:
    with pytest.raises(FeatureInvalid, match="no vocabulary"):
        compiled().matching(EventType.POLICE_DOMESTIC_ABUSE, EVENT, [])


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (a_rule(Condition("shoe size", SOMEWHERE, words=frozenset({"9"}))), "no field 'shoe size'"),
        (a_rule(UNDER_FIVE, UNDER_FIVE), "tests 'age' twice"),
        (a_rule(Condition("age", SOMEWHERE, words=frozenset({"4"}))), "does not fit"),
        (a_rule(Condition("age", SOMEWHERE, ranges=(NumberRange(0, 131),))), "does not fit"),
        (a_rule(Condition("age", SOMEWHERE, ranges=(NumberRange(5, 4),))), "does not fit"),
        (
            a_rule(when=(Condition("repeat", SOMEWHERE, words=frozenset({"perhaps"})),)),
            "does not fit",
        ),
        (a_rule(event=EventType.EMERGENCY_ATTENDANCE), "without vocabulary"),
    ],
)
def test_a_rule_outside_the_vocabulary_does_not_compile(rule: Rule, message: str) -> None:
    with pytest.raises(FeatureInvalid, match=message):
        compiled(rule)
