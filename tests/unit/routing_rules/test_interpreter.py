from datetime import date

from inline_snapshot import snapshot

from routing_rules.decision import Verdict
from routing_rules.document import ButStill, Condition, NumberRange, Rule, Withhold
from routing_rules.interpreter import evaluate, still_told, withheld
from routing_rules.vocabulary import Features
from schemas.values import EventType, Service
from tests.rule_strategies import SOMEWHERE

RULE = Rule(
    name="da-pregnant-victim",
    why="Her maternity service knows before the next contact.",
    event=EventType.POLICE_DOMESTIC_ABUSE,
    when=(Condition("risk", SOMEWHERE, words=frozenset({"high", "medium"})),),
    about=(
        Condition("role", SOMEWHERE, words=frozenset({"victim"})),
        Condition("pregnant", SOMEWHERE, words=frozenset({"yes", "possible"})),
    ),
    tell=(),
    sources=("para 1.13",),
    owner="named.midwife",
    review_by=date(2027, 4, 1),
    position=SOMEWHERE,
)
BLOCK = Withhold(
    name="sexual health of a child is confidential",
    event=EventType.EMERGENCY_ATTENDANCE,
    when=(Condition("concerns", SOMEWHERE, words=frozenset({"sexual health"})),),
    about=(Condition("age", SOMEWHERE, ranges=(NumberRange(0, 17),), or_unknown=True),),
    except_=frozenset({Service.SAFEGUARDING}),
    but_still=(
        ButStill(
            (Condition("concerns", SOMEWHERE, words=frozenset({"self harm"})),),
            frozenset({Service.CAMHS}),
        ),
        ButStill(
            (Condition("concerns", SOMEWHERE, words=frozenset({"assault"})),),
            frozenset({Service.GP}),
        ),
    ),
    position=SOMEWHERE,
)
VICTIM: Features = {"role": "victim", "pregnant": "yes"}


def concerns(*present: str) -> Features:
    return {"concerns": frozenset(present)}


def test_a_rule_fires_when_all_its_conditions_hold() -> None:
    assert evaluate(RULE, {"risk": "high"}, VICTIM, "p1") == Verdict(
        "da-pregnant-victim", "p1", fired=True, because="all conditions hold"
    )


def test_a_verdict_says_what_of_the_event_did_not_hold() -> None:
    assert evaluate(RULE, {"risk": "standard"}, VICTIM, "p1") == snapshot(
        Verdict(
            rule="da-pregnant-victim",
            about="p1",
            fired=False,
            because="risk is standard, not high or medium",
        )
    )


def test_a_verdict_says_what_of_the_person_did_not_hold() -> None:
    unknown: Features = {"role": "victim", "pregnant": "unknown"}

    assert evaluate(RULE, {"risk": "high"}, unknown, "p1") == snapshot(
        Verdict(
            rule="da-pregnant-victim",
            about="p1",
            fired=False,
            because="pregnant is unknown, not possible or yes",
        )
    )


def test_a_block_withholds_when_event_and_person_match() -> None:
    assert withheld(BLOCK, concerns("sexual health", "burn"), {"age": 15})
    assert withheld(BLOCK, concerns("sexual health"), {"age": None})


def test_a_block_withholds_nothing_otherwise() -> None:
    assert not withheld(BLOCK, concerns("burn"), {"age": 15})
    assert not withheld(BLOCK, concerns("sexual health"), {"age": 18})


def test_another_concern_is_still_told() -> None:
    assert still_told(BLOCK, concerns("sexual health", "self harm"), {"age": 15}) == {Service.CAMHS}
    assert still_told(BLOCK, concerns("sexual health", "self harm", "assault"), {"age": 15}) == {
        Service.CAMHS,
        Service.GP,
    }
    assert still_told(BLOCK, concerns("sexual health"), {"age": 15}) == set()


def test_nobody_is_still_told_of_what_is_not_withheld() -> None:
    assert still_told(BLOCK, concerns("self harm"), {"age": 15}) == set()
