"""What every hospital hears is less than what those hear who look after the person."""

import json

from routing_rules.decision import OwedDuty
from schemas.values import EventType
from tests.builders import decision_on
from tests.documented import PATHWAYS

ALERT_AND_FGM = PATHWAYS[EventType.MATERNITY_CONCERN]["data"]


def midwives() -> dict[str, OwedDuty]:
    """Of the example with an unborn alert and FGM, which midwives are told what."""
    decision = decision_on(EventType.MATERNITY_CONCERN, ALERT_AND_FGM)
    told = (d for d in decision.duties if d.service == "midwifery")
    return {duty.recipient: duty for duty in told}


def test_every_maternity_unit_hears_of_the_alert_and_none_but_her_own_of_fgm() -> None:
    told = midwives()
    said = {name: json.dumps(duty.content).casefold() for name, duty in told.items()}

    assert set(told) == {"RJF:midwifery", "RJE:midwifery", "RL4:midwifery"}
    assert all("unborn alert" in content for content in said.values())
    assert "fgm" in said["RJF:midwifery"]
    assert "risk_to_girls" in said["RJF:midwifery"]
    assert not any("fgm" in said[name] for name in ("RJE:midwifery", "RL4:midwifery"))
    assert not any("risk_to_girls" in said[name] for name in ("RJE:midwifery", "RL4:midwifery"))
    assert ALERT_AND_FGM["summary"].casefold() in said["RJF:midwifery"]
    assert ALERT_AND_FGM["summary"].casefold() not in said["RJE:midwifery"]


def test_the_reasons_of_other_units_do_not_betray_it() -> None:
    told = midwives()

    assert {reason.rule for reason in told["RJE:midwifery"].reasons} == {"unborn-alert-everywhere"}
