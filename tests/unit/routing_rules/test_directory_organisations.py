from dataclasses import replace
from datetime import date

import pytest

from routing_rules.directory import Team
from routing_rules.no_team import NoTeam
from schemas.values import Service
from tests.unit.routing_rules.shipped import FILES, load

ON = date(2026, 3, 6)
SHIPPED = load(FILES)


def _recipient(found: Team | NoTeam) -> str:
    assert isinstance(found, Team)
    return found.recipient


def _because(found: Team | NoTeam) -> str:
    assert isinstance(found, NoTeam)
    return found.because


@pytest.mark.parametrize(
    ("service", "site", "recipient"),
    [
        (Service.PAEDIATRIC_LIAISON, "RJF-QUEENS-ED", "R1E:paediatric-liaison"),
        (Service.EMERGENCY, "RJE-COUNTY-ED", "RJE:emergency:RJE-COUNTY-ED"),
        (Service.SAFEGUARDING, "RJF-QUEENS-ED", "RJF:safeguarding"),
        (Service.MIDWIFERY, "RJF-TAMWORTH-MIU", "RJF:midwifery"),
    ],
)
def test_a_site_has_its_own_team_or_that_of_its_organisation(
    service: Service, site: str, recipient: str
) -> None:
    assert _recipient(SHIPPED.team_of_site(service, site, ON)) == recipient


def test_a_site_without_a_team_has_a_reason() -> None:
    assert _because(SHIPPED.team_of_site(Service.CAMHS, "RJF-QUEENS-ED", ON)) == (
        "no CAMHS team serves the attending hospital"
    )
    assert _because(SHIPPED.team_of_site(Service.SAFEGUARDING, "RXX-ED", ON)) == (
        "the attending hospital is not in the directory"
    )
    assert _because(SHIPPED.team_of_site(Service.SAFEGUARDING, None, ON)) == (
        "the attending hospital is not known"
    )


def test_a_provider_has_its_own_team_wherever_its_patients_live() -> None:
    midwifery = SHIPPED.team_of_organisation(Service.MIDWIFERY, "RJE", ON)
    safeguarding = SHIPPED.team_of_organisation(Service.SAFEGUARDING, "RL4", ON)

    assert _recipient(midwifery) == "RJE:midwifery"
    assert _recipient(safeguarding) == "RL4:safeguarding"


@pytest.mark.parametrize(
    ("service", "organisation", "because"),
    [
        (Service.MIDWIFERY, "R1E", "the provider has no midwifery team in the directory"),
        (Service.MIDWIFERY, "RXX", "the provider is not in the directory"),
        (Service.MIDWIFERY, None, "the provider is not known"),
        (
            Service.SCHOOL_NURSING,
            "RYW",
            "the provider has several school nursing teams, and nothing says which",
        ),
    ],
)
def test_a_provider_without_one_team_has_a_reason(
    service: Service, organisation: str | None, because: str
) -> None:
    assert _because(SHIPPED.team_of_organisation(service, organisation, ON)) == because


def test_the_trust_that_provides_a_service_at_home_is_told_through_a_team_of_its_own() -> None:
    def looks(provides: Service, district: str | None) -> Team | NoTeam:
        return SHIPPED.team_of_trust(Service.SAFEGUARDING, provides, district, ON)

    assert _recipient(looks(Service.CAMHS, "E07000195")) == "RLY:safeguarding"
    assert _recipient(looks(Service.CAMHS, "E07000193")) == "RRE:safeguarding"
    assert _because(looks(Service.CAMHS, None)) == "the home district is not known"
    nobody = "no safeguarding team serves the home district"
    assert _because(looks(Service.CAMHS, "E08000025")) == nobody


def test_where_two_trusts_share_a_district_neither_is_guessed() -> None:
    first, *_ = SHIPPED.served[Service.CAMHS, "E07000193"]
    second, *_ = SHIPPED.served[Service.CAMHS, "E07000195"]
    shared = {**SHIPPED.served, (Service.CAMHS, "E07000193"): (first, second)}

    found = replace(SHIPPED, served=shared).team_of_trust(
        Service.SAFEGUARDING, Service.CAMHS, "E07000193", ON
    )

    several = "several trusts share the home district"
    assert _because(found) == f"{several}, and nothing says whose safeguarding team is meant"


def test_mash_serves_the_county_and_not_everybody_does() -> None:
    assert _recipient(SHIPPED.county_team(Service.MASH, ON)) == "MASH:mash"
    assert _because(SHIPPED.county_team(Service.GP, ON)) == "no GP team serves the county"


def test_a_practice_is_a_team_of_its_own_with_the_hours_of_a_practice() -> None:
    practice = SHIPPED.practice("Y90004", ON)

    assert isinstance(practice, Team)
    assert (practice.recipient, practice.organisation) == ("Y90004:gp", "Y90004")
    assert practice.hours.text == "Mon-Fri 08:00-18:30"
    assert SHIPPED.district_of_practice("Y90004", ON) == "E07000193"


def test_a_practice_that_is_unknown_or_unlisted_has_a_reason_and_no_district() -> None:
    assert _because(SHIPPED.practice("Y99999", ON)) == "the practice is not in the directory"
    assert _because(SHIPPED.practice(None, ON)) == "the practice is not known"
    assert SHIPPED.district_of_practice("Y99999", ON) is None
    assert SHIPPED.district_of_practice(None, ON) is None
