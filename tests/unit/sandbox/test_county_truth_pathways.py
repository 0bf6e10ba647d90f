"""What the county's truth says of bookings, invitations and departments, by its own lights."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.sandbox.county_truth_pathways import to_be_told
from services.sandbox.county_truth_people import Someone
from services.sandbox.county_truth_recipients import MASH, ToBeTold
from services.sandbox.county_truth_teams import Teams, teams_of
from tests.builders import staffordshire

MOTHER, CHILD = "9995000008", "9995000016"
ON = date(2026, 11, 16)
WOMAN = Someone(
    number=MOTHER,
    role="patient",
    born=date(1996, 4, 11),
    pregnant=True,
    provider="RJE",
    district="E07000193",
    practice="Y90004",
    school=None,
    is_identified=True,
    sex="female",
)
GIRL = replace(WOMAN, number=CHILD, born=date(2014, 3, 4), pregnant=False, provider=None)


@pytest.fixture(scope="module")
def teams() -> Teams:
    return teams_of(staffordshire().files)


def seen(teams: Teams, patient: Someone, *others: Someone, **told: Any) -> set[ToBeTold]:
    whole = {"site": "RJF-TAMWORTH-MIU", "concerns": [], "has_left": True, "frequent": False}
    everything = {**whole, "people": {}, **told}
    people = [patient, *others]
    return {*to_be_told("emergency.attendance", people, everything, teams, ON)}


def invited(teams: Teams, person: Someone, **invitee: str) -> set[ToBeTold]:
    told = {"invitees": {invitee["service"]: invitee}, "report_due_on": "2026-11-20"}
    return {*to_be_told("social-care.conference-invitation", [person], told, teams, ON)}


def test_her_health_visitor_and_her_practice_hear_of_a_booking(teams: Teams) -> None:
    sister = replace(GIRL, role="sibling")

    told = {*to_be_told("maternity.booking", [WOMAN, sister], {}, teams, ON)}

    assert told == {
        ToBeTold(MOTHER, "health-visiting", "R1E:health-visiting:E07000193"),
        ToBeTold(MOTHER, "gp", "Y90004:gp"),
    }


@pytest.mark.parametrize(
    ("told", "is_listed"),
    [
        ({"department": "miu"}, True),
        ({}, True),
        ({"department": "ed"}, False),
        ({"department": "miu", "has_left": False}, False),
    ],
)
def test_liaison_has_each_child_who_left_a_minor_injuries_unit(
    teams: Teams, told: dict[str, Any], *, is_listed: bool
) -> None:
    liaison = ToBeTold(CHILD, "paediatric-liaison", "R1E:paediatric-liaison")

    assert (liaison in seen(teams, GIRL, **told)) is is_listed
    assert not {"paediatric-liaison"} & {one.service for one in seen(teams, WOMAN, **told)}


def test_fgm_of_a_woman_reaches_midwives_and_of_her_girls_social_care(teams: Teams) -> None:
    daughter = replace(GIRL, role="dependant")
    son = replace(daughter, number="9995000024", sex="male")

    told = seen(teams, WOMAN, daughter, son, concerns=["fgm"], caring_responsibilities="yes")

    assert {(one.number, one.service) for one in told if one.service != "gp"} == {
        (MOTHER, "safeguarding"),
        (MOTHER, "midwifery"),
        (CHILD, "social-care"),
    }


def test_fgm_of_a_girl_is_social_cares_today(teams: Teams) -> None:
    told = seen(teams, GIRL, concerns=["fgm"], has_left=False)

    assert {one.service for one in told} == {"safeguarding", "social-care"}


@pytest.mark.parametrize(
    ("service", "name", "recipients"),
    [
        ("midwifery", "RJE:midwifery", {"RJE:midwifery"}),
        ("midwifery", "RJF:midwifery", {"RJE:midwifery", "RJF:midwifery"}),
        ("midwifery", "RXX:midwifery", {"RJE:midwifery", MASH}),
        ("midwifery", "Y90004:gp", {"RJE:midwifery", MASH}),
        ("gp", "Y90004:gp", {"Y90004:gp"}),
        ("gp", "Y90001:gp", {"Y90004:gp", MASH}),
        ("gp", "Y99999:gp", {"Y90004:gp", MASH}),
    ],
)
def test_who_is_invited_by_name_is_told_as_well(
    teams: Teams, service: str, name: str, recipients: set[str]
) -> None:
    unborn = replace(WOMAN, number="unborn:MAT-1:1", role="unborn", born=None)

    told = invited(teams, unborn, service=service, recipient=name)

    assert {one.recipient for one in told} == recipients


def test_a_name_is_enough_where_nobody_else_is_found(teams: Teams) -> None:
    somewhere = replace(WOMAN, role="unborn", born=None, provider=None, district=None)

    told = invited(teams, somewhere, service="midwifery", recipient="RJF:midwifery")

    assert {one.recipient for one in told} == {"RJF:midwifery"}
    assert {one.recipient for one in invited(teams, somewhere, service="midwifery")} == {MASH}


def test_a_blank_sender_is_the_publishers_organisation(teams: Teams) -> None:
    assert teams.sender("r1e-sexual-health") == "R1E"
    assert teams.sender("staffordshire-police") is None
