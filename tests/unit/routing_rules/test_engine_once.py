"""A rule that fires once in a while: for one person, once per crossing, and not for good."""

from datetime import datetime, timedelta
from typing import Any

from routing_rules.case import Case, Outcome
from routing_rules.casework import decide
from routing_rules.known import NOTHING_KNOWN, Firing, Known
from routing_rules.register import Register
from schemas.occurrence import occurrence_id, occurrence_key
from tests.builders import NOW, POLICE, a_person, an_event, at_home, police, with_rules
from tests.unit.routing_rules.register_events import ASHA

RULES = with_rules("""
- rule: once-told
  why: It is told once.
  event: police domestic abuse
  about: {role: victim}
  once per: 183 days
  tell:
    - {gp: at the registered practice, urgency: routine, ask: [record]}
  source: [para 1.13]
  owner: named.nurse
  review by: 2027-04-01
""")
IDENTITY: dict[str, Any] = {"nhs_number": ASHA, "nhs_number_status": "verified"}
HAPPENED = datetime.fromisoformat("2026-03-06T12:00:00+00:00")


def told(known: Known = NOTHING_KNOWN, **identity: Any) -> Outcome:
    victim = a_person(**identity, **at_home())
    event = an_event(POLICE, police(victim))
    case = Case(occurrence_id(occurrence_key(event)))
    return decide(case, event, RULES, NOW, known)[1]


def fired(rule: str = "once-told", **ago: float) -> Known:
    register = Register()
    occurrence = occurrence_id("another")
    register.fired([Firing(rule, ASHA, HAPPENED - timedelta(**ago), occurrence)])
    return register.known_about([ASHA])


def test_it_fires_once_and_says_so() -> None:
    first = told(**IDENTITY)

    assert len(first.decision.duties) == 1
    assert [(f.rule, f.nhs_number, f.occurred_at) for f in first.firings] == [
        ("once-told", ASHA, HAPPENED)
    ]


def test_it_does_not_fire_again_before_its_time() -> None:
    again = told(fired(days=182.9), **IDENTITY)

    assert (again.decision.duties, again.firings) == ((), ())


def test_it_fires_again_after_its_time_and_whatever_another_rule_did() -> None:
    assert told(fired(days=183), **IDENTITY).decision.duties
    assert told(fired("another-rule", days=1), **IDENTITY).decision.duties
    assert told(fired(days=-1), **IDENTITY).decision.duties


def test_for_somebody_whom_nobody_can_tell_apart_it_always_fires() -> None:
    unverified = told(fired(days=1), **(IDENTITY | {"nhs_number_status": "unverified"}))

    assert (len(unverified.decision.duties), unverified.firings) == (1, ())
