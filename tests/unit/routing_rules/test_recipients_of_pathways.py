"""Whom a tell line means where the event says who sent it, or where all hospitals must know."""

from datetime import date

import pytest

from routing_rules.directory import Team
from routing_rules.document import Instead, Place, Tell, Unless
from routing_rules.no_team import NoTeamReason
from routing_rules.recipients import find_recipients
from schemas.values import EventType, Service, Urgency
from tests.builders import POLICE, a_person, at_home, police, staffordshire
from tests.documented import PATHWAYS
from tests.rule_strategies import SOMEWHERE
from tests.unit.routing_rules.test_facts import gathered

TRANSFER = EventType.MATERNITY_POSTNATAL_TRANSFER
REFERRAL = EventType.SOCIAL_CARE_REFERRAL


def recipients(
    service: Service, place: Place, event: EventType, *instead: Instead, **changed: object
) -> list[str | NoTeamReason]:
    tell = Tell(service, place, Urgency.ROUTINE, (), SOMEWHERE, instead)
    data = {**PATHWAYS[event]["data"], **changed} if event in PATHWAYS else dict(changed)
    facts = gathered(event, data)
    found = find_recipients(tell, facts, facts.people[0], staffordshire().directory)
    assert {told for told, _ in found} == {service}
    return [team.recipient if isinstance(team, Team) else team.reason for _, team in found]


@pytest.mark.parametrize(
    ("event", "service", "changed", "recipient"),
    [
        (TRANSFER, Service.MIDWIFERY, {}, "RJF:midwifery"),
        (TRANSFER, Service.MIDWIFERY, {"provider": None}, NoTeamReason.PROVIDER_UNKNOWN),
        (REFERRAL, Service.SAFEGUARDING, {"referred_by": "RRE"}, "RRE:safeguarding"),
        (REFERRAL, Service.SAFEGUARDING, {"referred_by": None}, NoTeamReason.PROVIDER_UNKNOWN),
        (EventType.CHILD_STATUS, Service.SAFEGUARDING, {}, NoTeamReason.PROVIDER_UNKNOWN),
    ],
)
def test_the_sending_organisation_is_whose_staff_wrote_the_event(
    event: EventType, service: Service, changed: dict[str, object], recipient: str | NoTeamReason
) -> None:
    assert recipients(service, Place.SENDING_ORGANISATION, event, **changed) == [recipient]


MOVED = EventType.TRANSFER_IN


@pytest.mark.parametrize(
    ("event", "changed", "recipient"),
    [
        (MOVED, {}, "R1E:health-visiting:E06000021"),
        (MOVED, {"from_district": None}, NoTeamReason.FORMER_DISTRICT_UNKNOWN),
        (MOVED, {"from_district": "E06000001"}, NoTeamReason.FORMER_DISTRICT_NOT_SERVED),
        (EventType.CHILD_STATUS, {}, NoTeamReason.FORMER_DISTRICT_UNKNOWN),
    ],
)
def test_the_former_district_is_where_a_family_has_moved_from(
    event: EventType, changed: dict[str, object], recipient: str | NoTeamReason
) -> None:
    told = recipients(Service.HEALTH_VISITING, Place.FORMER_DISTRICT, event, **changed)

    assert told == [recipient]


def test_every_hospital_hears_once() -> None:
    told = recipients(Service.EMERGENCY, Place.EVERY_HOSPITAL, EventType.CHILD_STATUS)
    liaison = recipients(Service.PAEDIATRIC_LIAISON, Place.EVERY_HOSPITAL, EventType.CHILD_STATUS)

    assert told == [
        "RJE:emergency:RJE-COUNTY-ED",
        "RJE:emergency:RJE-ROYAL-STOKE-ED",
        "RJF:emergency:RJF-LICHFIELD-MIU",
        "RJF:emergency:RJF-QUEENS-ED",
        "RJF:emergency:RJF-TAMWORTH-MIU",
    ]
    assert liaison == ["R1E:paediatric-liaison"]


def test_a_directory_without_such_a_team_says_so() -> None:
    teams = staffordshire().directory.teams_everywhere(Service.EMERGENCY, date(2001, 1, 1))
    nobody = recipients(Service.GP, Place.EVERY_HOSPITAL, EventType.CHILD_STATUS)

    assert teams == ()
    assert nobody == [NoTeamReason.COUNTY_NOT_SERVED]


def test_a_pupil_of_an_independent_school_has_the_school_nurses_of_the_home_district() -> None:
    """Para 3.8: told of a conference, they attend, whatever is commissioned."""
    pupil = a_person(**at_home(), school={"urn": "900010", "type": "independent"})
    instead = Instead(Unless.INDEPENDENT_SCHOOL, Service.SCHOOL_NURSING, Place.HOME_DISTRICT)
    told = recipients(Service.SCHOOL_NURSING, Place.SCHOOL, POLICE, instead, **police(pupil))
    without = recipients(Service.SCHOOL_NURSING, Place.HOME_DISTRICT, POLICE, **police(pupil))

    assert told == ["RYW:school-nursing:E07000193"]
    assert without == [NoTeamReason.SCHOOL_TYPE_NOT_COMMISSIONED]


def test_a_pregnancy_is_booked_with_whoever_tells_of_it_where_nobody_says_more() -> None:
    missed = EventType.MATERNITY_APPOINTMENT_MISSED
    mother = {**PATHWAYS[missed]["data"]["mother"], "maternity_provider": None}
    instead = Instead(Unless.NO_BOOKING, Service.MIDWIFERY, Place.HOME_DISTRICT)
    elsewhere = {"mother": mother, "provider": "RJE"}
    booked = recipients(Service.MIDWIFERY, Place.BOOKED_PROVIDER, missed, instead, **elsewhere)
    nobody = recipients(
        Service.MIDWIFERY, Place.BOOKED_PROVIDER, missed, instead, mother=mother, provider=None
    )

    assert booked == ["RJE:midwifery"]
    assert nobody == ["RJF:midwifery"]
