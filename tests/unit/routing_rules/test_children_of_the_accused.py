"""A child elsewhere, of the accused alone: told about, and nothing in it leads to the victim."""

from typing import Any

import pytest

from routing_rules.decision import Decision
from routing_rules.duty_builder import NO_SAFE_CONTACT
from schemas.values import EventType, Handling, Service
from tests.builders import (
    MARAC,
    POLICE,
    a_person,
    at_home,
    conference,
    decision_on,
    police,
)

VICTIM = a_person(
    ref="victim", name={"given": "Asha", "family": "Victim0x"}, pregnant="no", **at_home()
)
KID = {"date_of_birth": "2023-02-02", **at_home("E07000197", "Y90016")}
ACTION = {
    "id": "1",
    "text": "Action0x",
    "service": "health-visiting",
    "organisation": "R1E",
    "status": "open",
}
PRIVATE = ("Victim0x", "Headline0x", "Summary0x", "Contact0x", "Action0x")


def accused(*links: dict[str, str]) -> dict[str, Any]:
    return a_person("alleged_perpetrator", ref="accused", relationships=list(links))


def about_kid(
    event: EventType, *people: dict[str, Any], role: str = "child_elsewhere", **kid: Any
) -> list[Any]:
    child = a_person(role, ref="kid", **{**KID, **kid})
    texts = {"headline": "Headline0x", "summary": "Summary0x", "safe_contact": "Contact0x"}
    if event is POLICE:
        data = police(*people, child, **texts, risk="high")
    else:
        data = conference(*people, child, **texts, risk_summary="Summary0x", actions=[ACTION])
    decision: Decision = decision_on(event, data)
    return [duty for duty in decision.duties if duty.about and duty.about.ref == "kid"]


HIS = {"to": "kid", "is": "parent"}


@pytest.mark.parametrize("event", [POLICE, MARAC])
@pytest.mark.parametrize("how", ["of the accused", "of the child"])
def test_nothing_in_it_leads_to_the_victim(event: EventType, how: str) -> None:
    links: Any = (
        {} if how == "of the accused" else {"relationships": [{"to": "accused", "is": "child"}]}
    )
    him = accused(HIS) if how == "of the accused" else accused()

    duties = about_kid(event, VICTIM, him, **links)

    assert {Service.HEALTH_VISITING, Service.GP} <= {duty.service for duty in duties}
    assert [word for word in PRIVATE if word in repr(duties)] == []
    for duty in duties:
        assert duty.safe_contact == NO_SAFE_CONTACT
        assert Handling.OTHER_PARENT_MAY_HAVE_ACCESS in duty.handling


def test_how_grave_it_was_is_told_all_the_same() -> None:
    duties = about_kid(POLICE, VICTIM, accused(HIS))

    assert {duty.content["risk"] for duty in duties} == {"high"}


@pytest.mark.parametrize(
    ("victim", "him", "role"),
    [
        ({**VICTIM, "relationships": [HIS]}, accused(HIS), "child_elsewhere"),
        (VICTIM, accused(), "child_elsewhere"),
        (VICTIM, accused(HIS), "child_present"),
        (VICTIM, accused(HIS), "child_resident_not_present"),
    ],
    ids=["of both", "nobody says whose", "who was there", "who lives there"],
)
def test_nothing_is_kept_from_those_who_care_for_any_other_child(
    victim: dict[str, Any], him: dict[str, Any], role: str
) -> None:
    duties = about_kid(POLICE, victim, him, role=role)

    [visitor] = [duty for duty in duties if duty.service is Service.HEALTH_VISITING]
    assert "Victim0x" in repr(visitor.content)
    assert visitor.content["summary"] == "Summary0x"
    assert visitor.safe_contact == "Contact0x"
