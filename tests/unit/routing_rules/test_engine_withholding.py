"""What is withheld is subtracted from every rule, and leaves no trace."""

from routing_rules.decision import NotTold
from schemas.values import Handling, Service, Urgency
from tests.builders import (
    EMERGENCY,
    decision_on,
    everything_in,
    only_duty,
    told,
    with_rules,
)
from tests.unit.routing_rules.test_engine import CONFIDENTIAL, attends

ALCOHOL_TOO = """
- withhold: alcohol is between a child and CAMHS
  event: emergency attendance
  when: {concerns: [alcohol]}
  about: {role: patient}
  except: [camhs, safeguarding]
"""


def test_what_is_withheld_reaches_its_exceptions_only() -> None:
    decision = decision_on(EMERGENCY, attends("sexual_health"), rulebook=with_rules(CONFIDENTIAL))

    assert told(decision) == {("patient", "RJF:safeguarding", "")}


def test_whoever_is_not_told_for_confidentiality_is_listed() -> None:
    decision = decision_on(
        EMERGENCY, attends("sexual_health", "alcohol"), rulebook=with_rules(CONFIDENTIAL)
    )

    because = "withheld: sexual health is confidential"
    assert set(decision.nobody) == {
        NotTold("patient", Service.CAMHS, because),
        NotTold("patient", Service.GP, because),
    }


def test_another_concern_is_still_told_without_the_withheld_one() -> None:
    decision = decision_on(
        EMERGENCY, attends("sexual_health", "self_harm"), rulebook=with_rules(CONFIDENTIAL)
    )

    camhs = only_duty(decision, "patient", Service.CAMHS)
    assert [reason.rule for reason in camhs.reasons] == ["seen"]
    assert camhs.urgency is Urgency.ROUTINE
    assert "exual" not in everything_in(camhs)
    assert Handling.CONFIDENTIAL in camhs.handling


def test_who_would_still_be_told_and_has_nothing_to_hear_is_listed_too() -> None:
    """CAMHS may hear of self-harm, but only a rule about the withheld concern tells them."""
    rules = CONFIDENTIAL.replace("[self harm, alcohol]", "[alcohol]")

    decision = decision_on(
        EMERGENCY, attends("sexual_health", "self_harm"), rulebook=with_rules(rules)
    )

    assert Service.CAMHS in {item.service for item in decision.nobody}


def test_who_is_excepted_by_one_block_and_still_told_by_the_other_hears() -> None:
    rulebook = with_rules(CONFIDENTIAL + ALCOHOL_TOO)

    decision = decision_on(
        EMERGENCY, attends("sexual_health", "self_harm", "alcohol"), rulebook=rulebook
    )

    assert {service for _, service, _ in told(decision)} == {"RJF:safeguarding", "RRE:camhs"}


def test_an_exception_does_not_show_mash_a_withheld_reason() -> None:
    rulebook = with_rules(CONFIDENTIAL)

    decision = decision_on(EMERGENCY, {**attends("sexual_health"), "site": "X"}, rulebook=rulebook)

    exception = only_duty(decision, "patient", Service.MASH)
    assert exception.instead_of is Service.SAFEGUARDING
    assert "exual" not in everything_in(exception)
    assert [reason.rule for reason in exception.reasons] == ["confidential"]


def test_an_exception_for_what_is_still_told_shows_its_reason() -> None:
    data = attends("sexual_health", "self_harm", address={"district": "E08000025"})

    decision = decision_on(EMERGENCY, data, rulebook=with_rules(CONFIDENTIAL))

    exception = only_duty(decision, "patient", Service.MASH)
    assert exception.instead_of is Service.CAMHS
    assert [reason.rule for reason in exception.reasons] == ["seen"]
