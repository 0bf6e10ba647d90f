"""Whom an invitation to a conference names by their recipient: told, and told once."""

import pytest

from routing_rules.decision import OwedDuty
from schemas.values import Ask, EventType, Service
from tests.builders import a_person, at_home, decision_on

CHILD = a_person(
    "child_elsewhere",
    ref="child",
    number=3,
    date_of_birth="2023-02-02",
    maternity_provider="RJE",
    **at_home(),
)
HOME = "R1E:health-visiting:E07000193"
OTHER = "R1E:health-visiting:E07000194"


def invited(
    *invitees: dict[str, str], people: tuple[dict[str, object], ...] = ()
) -> list[OwedDuty]:
    data = {
        "conference_id": "C-1",
        "conference": "initial",
        "invited_on": "2026-03-05",
        "report_due_on": "2026-03-20",
        "invitees": list(invitees),
        "people": [CHILD, *people],
    }
    return list(decision_on(EventType.CONFERENCE_INVITATION, data).duties)


def of(duties: list[OwedDuty], service: Service) -> dict[str, tuple[Ask, ...]]:
    """Who is told of the child in a service's name, and what each is asked."""
    return {
        d.recipient: d.asks
        for d in duties
        if (d.instead_of or d.service) is service and d.about and d.about.ref == "child"
    }


def invitee(service: str, recipient: str, answer: str = "awaited") -> dict[str, str]:
    return {"service": service, "recipient": recipient, "answer": answer}


def test_the_team_that_is_found_anyway_is_told_once() -> None:
    told = of(invited(invitee("health-visiting", HOME)), Service.HEALTH_VISITING)

    assert told == {HOME: (Ask.ACKNOWLEDGE, Ask.RECORD, Ask.ACT)}


def test_another_team_that_is_named_is_told_as_well() -> None:
    told = of(invited(invitee("health_visiting", OTHER)), Service.HEALTH_VISITING)

    assert told.keys() == {HOME, OTHER}


def test_only_whoever_has_not_answered_is_asked_for_an_answer() -> None:
    told = of(
        invited(
            invitee("midwifery", "RJE:midwifery", "attending"),
            invitee("midwifery", "RJF:midwifery", "awaited"),
        ),
        Service.MIDWIFERY,
    )

    assert Ask.ACT in told["RJF:midwifery"]


@pytest.mark.parametrize("name", ["R9Z:midwifery", "RJE:safeguarding"])
def test_a_name_that_is_no_such_team_is_mashs_and_nobody_is_left_out(name: str) -> None:
    told = of(invited(invitee("midwifery", name)), Service.MIDWIFERY)

    assert told.keys() == {"RJE:midwifery", "MASH:mash"}


def test_where_nobody_is_found_a_team_that_is_named_is_enough() -> None:
    nowhere = {"address": None, "gp_practice": None}
    child = {name: value for name, value in {**CHILD, **nowhere}.items() if value is not None}
    data = {
        "conference_id": "C-1",
        "invitees": [invitee("health-visiting", OTHER)],
        "people": [child],
    }

    duties = list(decision_on(EventType.CONFERENCE_INVITATION, data).duties)

    assert of(duties, Service.HEALTH_VISITING).keys() == {OTHER}


def test_a_practice_hears_of_its_own_patients_only() -> None:
    own = of(invited(invitee("gp", "Y90004:gp")), Service.GP)
    elsewhere = of(invited(invitee("gp", "Y90016:gp")), Service.GP)
    unlisted = of(invited(invitee("gp", "Y99999:gp")), Service.GP)

    assert own.keys() == {"Y90004:gp"}
    assert elsewhere.keys() == unlisted.keys() == {"Y90004:gp", "MASH:mash"}


def test_the_practice_of_a_brother_is_told_of_the_brother() -> None:
    brother = a_person(
        "sibling", ref="brother", number=4, date_of_birth="2022-02-02", **at_home(practice="Y90016")
    )

    told = of(invited(invitee("gp", "Y90016:gp"), people=(brother,)), Service.GP)

    assert told.keys() == {"Y90004:gp"}
