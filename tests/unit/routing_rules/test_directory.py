from datetime import date

import pytest

from routing_rules.directory import Directory, Team
from routing_rules.no_team import NoTeam, NoTeamReason
from schemas.values import SchoolType, Service
from tests.unit.routing_rules.shipped import FILES, directory_files, load

ON = date(2026, 3, 6)
SHIPPED = load(FILES)
NURSING = "{org}:school-nursing:{name},school-nursing,E07000193,{types},{org},{dates},24h,,"


def _recipient(found: Team | NoTeam | None) -> str:
    assert isinstance(found, Team)
    return found.recipient


def _because(found: Team | NoTeam | None) -> str:
    assert isinstance(found, NoTeam)
    return found.because


def test_the_same_event_on_two_dates_has_two_recipients() -> None:
    directory = load(
        directory_files(
            "R1E:school-nursing,school-nursing,E07000193,,R1E,2012-01-01,2015-08-31,24h,,",
            "RYW:school-nursing,school-nursing,E07000193,,RYW,2015-09-01,,24h,,",
        )
    )

    def told(on: date) -> str:
        return _recipient(directory.team_of_district(Service.SCHOOL_NURSING, "E07000193", on))

    assert told(date(2015, 8, 31)) == "R1E:school-nursing"
    assert told(date(2015, 9, 1)) == "RYW:school-nursing"


def test_before_its_first_and_after_its_last_day_no_team_serves() -> None:
    directory = load(
        directory_files("RJE:midwifery,midwifery,E07000193,,RJE,2020-01-01,2020-12-31,24h,,")
    )

    def found(on: date) -> Team | NoTeam:
        return directory.team_of_district(Service.MIDWIFERY, "E07000193", on)

    gap = NoTeam(NoTeamReason.DISTRICT_NOT_SERVED, Service.MIDWIFERY)
    assert found(date(2019, 12, 31)) == gap
    assert _recipient(found(date(2020, 1, 1))) == "RJE:midwifery"
    assert _recipient(found(date(2020, 12, 31))) == "RJE:midwifery"
    assert found(date(2021, 1, 1)) == gap
    assert directory.team_by_recipient("RJE:midwifery", date(2021, 1, 1)) is None


@pytest.mark.parametrize(
    ("service", "district", "recipient"),
    [
        (Service.MIDWIFERY, "E07000193", "RJF:midwifery"),
        (Service.MIDWIFERY, "E06000021", "RJE:midwifery"),
        (Service.HEALTH_VISITING, "E07000197", "R1E:health-visiting:E07000197"),
        (Service.CAMHS, "E07000198", "RLY:camhs"),
        (Service.CAMHS, "E07000197", "RRE:camhs"),
        (Service.SOCIAL_CARE, "E07000192", "860:social-care"),
    ],
)
def test_a_district_has_its_team(service: Service, district: str, recipient: str) -> None:
    assert _recipient(SHIPPED.team_of_district(service, district, ON)) == recipient


def test_a_district_that_no_team_serves_or_nobody_knows_has_a_reason() -> None:
    elsewhere = SHIPPED.team_of_district(Service.HEALTH_VISITING, "E08000025", ON)
    unknown = SHIPPED.team_of_district(Service.HEALTH_VISITING, None, ON)

    assert _because(elsewhere) == "no health visiting team serves the home district"
    assert _because(unknown) == "the home district is not known"


@pytest.mark.parametrize(
    ("school_type", "because"),
    [
        (SchoolType.INDEPENDENT, "no school nursing is commissioned for independent schools"),
        (SchoolType.NONE, "no school nursing is commissioned for children who have no school"),
    ],
)
def test_a_kind_of_school_that_nobody_commissions_has_a_reason(
    school_type: SchoolType, because: str
) -> None:
    found = SHIPPED.team_of_district(
        Service.SCHOOL_NURSING, "E07000197", ON, school_type=school_type
    )

    assert _because(found) == because


@pytest.mark.parametrize(
    "school_type", [None, SchoolType.UNKNOWN, SchoolType.STATE, SchoolType.HOME_EDUCATED]
)
def test_an_unknown_kind_of_school_does_not_silence_the_only_team(
    school_type: SchoolType | None,
) -> None:
    found = SHIPPED.team_of_district(
        Service.SCHOOL_NURSING, "E07000198", ON, school_type=school_type
    )

    assert _recipient(found) == "RYW:school-nursing:E07000198"


def test_where_teams_divide_a_district_by_kind_of_school_an_unknown_kind_has_no_team() -> None:
    dates = "2012-01-01,"
    directory = load(
        directory_files(
            NURSING.format(org="RYW", name="a", types="state academy", dates=dates),
            NURSING.format(org="R1E", name="b", types="special", dates=dates),
        )
    )

    def found(school_type: SchoolType) -> Team | NoTeam:
        return directory.team_of_district(
            Service.SCHOOL_NURSING, "E07000193", ON, school_type=school_type
        )

    assert _recipient(found(SchoolType.SPECIAL)) == "R1E:school-nursing:b"
    assert _recipient(found(SchoolType.ACADEMY)) == "RYW:school-nursing:a"
    assert _because(found(SchoolType.UNKNOWN)) == (
        "several school nursing teams share the district by kind of school, which is not known"
    )


def test_a_school_is_served_by_its_own_district_and_kind() -> None:
    state = SHIPPED.team_of_school(Service.SCHOOL_NURSING, "900006", ON)
    independent = SHIPPED.team_of_school(Service.SCHOOL_NURSING, "900030", ON)
    unlisted = SHIPPED.team_of_school(Service.SCHOOL_NURSING, "999999", ON)
    unknown = SHIPPED.team_of_school(Service.SCHOOL_NURSING, None, ON)

    assert _recipient(state) == "RYW:school-nursing:E07000193"
    assert _because(independent) == "no school nursing is commissioned for independent schools"
    assert _because(unlisted) == "the school is not in the directory"
    assert _because(unknown) == "the school is not known"


def test_a_school_in_a_district_without_a_team_has_a_reason() -> None:
    directory = load(directory_files(schools=["900001,E07000192,state,,"]))

    found = directory.team_of_school(Service.SCHOOL_NURSING, "900001", ON)

    assert _because(found) == "no school nursing team serves the school's district"


def test_a_school_is_listed_while_it_is_open() -> None:
    directory = load(
        directory_files(
            schools=[
                "900001,E07000192,state,2010-09-01,2020-08-31",
                "900001,E07000192,academy,2020-09-01,",
            ]
        )
    )

    kinds = [
        school and school.type
        for school in (directory.school("900001", date(year, 9, 1)) for year in (2009, 2019, 2020))
    ]
    assert kinds == [None, SchoolType.STATE, SchoolType.ACADEMY]
    assert directory.school(None, ON) is None


@pytest.mark.parametrize(
    ("recipient", "service", "organisation", "hours"),
    [
        ("RJE:midwifery", Service.MIDWIFERY, "RJE", "24h"),
        ("Y90004:gp", Service.GP, "Y90004", "Mon-Fri 08:00-18:30"),
        ("860:social-care:emergency-duty", Service.SOCIAL_CARE, "860", "24h"),
        ("RRE:camhs:on-call", Service.CAMHS, "RRE", "24h"),
    ],
)
def test_teams_practices_and_out_of_hours_contacts_are_found_by_name(
    recipient: str, service: Service, organisation: str, hours: str
) -> None:
    team = SHIPPED.team_by_recipient(recipient, ON)

    assert team is not None
    assert (team.recipient, team.service) == (recipient, service)
    assert (team.organisation, team.hours.text) == (organisation, hours)
    assert team.out_of_hours is None


def test_nobody_is_found_by_a_name_that_is_not_there() -> None:
    assert SHIPPED.team_by_recipient("RXX:midwifery", ON) is None


def test_queues_are_named_once_and_practices_share_one() -> None:
    directory: Directory = load(
        directory_files(
            "RJE:midwifery,midwifery,E07000192,,RJE,2012-01-01,,24h,,",
            "RJE:midwifery,midwifery,E07000193,,RJE,2012-01-01,,24h,,",
            "RRE:camhs,camhs,E07000193,,RRE,2012-01-01,,24h,860:social-care:emergency-duty,",
            "RL4:midwifery,midwifery,E07000194,,RL4,2012-01-01,2012-12-31,24h,,",
            practices=["Y90001,E07000192,Y90001:gp,,", "Y90002,E07000192,Y90002:gp,,"],
        )
    )

    assert directory.queues(ON) == (
        (Service.CAMHS, "RRE"),
        (Service.GP, "practices"),
        (Service.MASH, "MASH"),
        (Service.MIDWIFERY, "RJE"),
        (Service.SOCIAL_CARE, "860"),
    )
