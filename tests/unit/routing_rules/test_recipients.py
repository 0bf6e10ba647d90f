"""Whom a tell line means: by the person and who cares for them, not by place."""

from collections.abc import Mapping
from typing import Any

import pytest

from routing_rules.directory import Team
from routing_rules.document import Instead, Place, Tell, Unless
from routing_rules.no_team import NoTeam, NoTeamReason
from routing_rules.recipients import find_recipient
from schemas.values import EventType, Service, Urgency
from tests.builders import (
    EMERGENCY,
    POLICE,
    a_person,
    at_home,
    attendance,
    police,
    staffordshire,
)
from tests.rule_strategies import SOMEWHERE
from tests.unit.routing_rules.test_facts import gathered


def found(
    service: Service,
    place: Place,
    known: Mapping[str, Any],
    *instead: Instead,
    event: EventType = POLICE,
) -> tuple[Service, str | NoTeamReason]:
    tell = Tell(service, place, Urgency.ROUTINE, (), SOMEWHERE, instead)
    patient = a_person("patient", **known)
    data = police(a_person(**known)) if event is POLICE else attendance(patient)
    facts = gathered(event, data)
    told, team = find_recipient(tell, facts, facts.people[0], staffordshire().directory)
    match team:
        case Team():
            return told, team.recipient
        case NoTeam():
            return told, team.reason


@pytest.mark.parametrize(
    ("service", "place", "known", "recipient"),
    [
        (Service.MIDWIFERY, Place.BOOKED_PROVIDER, {"maternity_provider": "RJE"}, "RJE:midwifery"),
        (Service.MIDWIFERY, Place.BOOKED_PROVIDER, {}, NoTeamReason.PROVIDER_UNKNOWN),
        (Service.GP, Place.REGISTERED_PRACTICE, {"gp_practice": "Y90016"}, "Y90016:gp"),
        (Service.GP, Place.REGISTERED_PRACTICE, {}, NoTeamReason.PRACTICE_UNKNOWN),
        (Service.CAMHS, Place.HOME_DISTRICT, at_home(), "RRE:camhs"),
        (Service.CAMHS, Place.HOME_DISTRICT, {}, NoTeamReason.DISTRICT_UNKNOWN),
        (
            Service.SCHOOL_NURSING,
            Place.HOME_DISTRICT,
            {"school": {"type": "independent"}, **at_home()},
            NoTeamReason.SCHOOL_TYPE_NOT_COMMISSIONED,
        ),
        (
            Service.HEALTH_VISITING,
            Place.HOME_DISTRICT,
            {"school": {"type": "independent"}, **at_home()},
            "R1E:health-visiting:E07000193",
        ),
        (
            Service.SCHOOL_NURSING,
            Place.SCHOOL,
            {"school": {"urn": "900026"}, **at_home()},
            "RYW:school-nursing:E07000197",
        ),
        (Service.SAFEGUARDING, Place.ATTENDING_HOSPITAL, at_home(), NoTeamReason.SITE_UNKNOWN),
        (Service.MASH, Place.COUNTY, {}, "MASH:mash"),
        (Service.SAFEGUARDING, Place.MIDWIFERY_TRUST, at_home(), "RJF:safeguarding"),
        (Service.SAFEGUARDING, Place.HEALTH_VISITING_TRUST, at_home(), "R1E:safeguarding"),
        (Service.SAFEGUARDING, Place.SCHOOL_NURSING_TRUST, at_home(), "RYW:safeguarding"),
        (Service.SAFEGUARDING, Place.CAMHS_TRUST, at_home(), "RRE:safeguarding"),
        (Service.SAFEGUARDING, Place.ADULT_MENTAL_HEALTH_TRUST, at_home(), "RRE:safeguarding"),
        (Service.SAFEGUARDING, Place.CAMHS_TRUST, {}, NoTeamReason.DISTRICT_UNKNOWN),
    ],
)
def test_a_place_is_looked_up_for_the_person(
    service: Service, place: Place, known: Mapping[str, Any], recipient: str | NoTeamReason
) -> None:
    assert found(service, place, known) == (service, recipient)


def test_the_attending_hospital_is_that_of_the_attendance() -> None:
    assert found(Service.SAFEGUARDING, Place.ATTENDING_HOSPITAL, at_home(), event=EMERGENCY) == (
        Service.SAFEGUARDING,
        "RJF:safeguarding",
    )


@pytest.mark.parametrize(
    ("unless", "known", "applies"),
    [
        (Unless.NO_BOOKING, {}, True),
        (Unless.NO_BOOKING, {"maternity_provider": "RJE"}, False),
        (Unless.HOME_EDUCATED, {"school": {"type": "home_educated"}}, True),
        (Unless.HOME_EDUCATED, {}, False),
        (Unless.NO_SCHOOL, {"school": {"type": "none"}}, True),
        (Unless.NO_SCHOOL, {}, False),
    ],
)
def test_another_place_stands_in_only_for_the_case_that_is_named(
    unless: Unless, known: Mapping[str, Any], applies: bool
) -> None:
    """A school that is not known is not the same as none."""
    instead = Instead(unless, Service.MASH, Place.COUNTY)

    service, _ = found(Service.SCHOOL_NURSING, Place.SCHOOL, known, instead)

    assert service is (Service.MASH if applies else Service.SCHOOL_NURSING)


def test_the_first_case_that_applies_counts() -> None:
    known = {"school": {"type": "none"}}
    service, _ = found(
        Service.SCHOOL_NURSING,
        Place.SCHOOL,
        known,
        Instead(Unless.HOME_EDUCATED, Service.GP, Place.REGISTERED_PRACTICE),
        Instead(Unless.NO_SCHOOL, Service.MASH, Place.COUNTY),
        Instead(Unless.NO_BOOKING, Service.CAMHS, Place.HOME_DISTRICT),
    )

    assert service is Service.MASH
