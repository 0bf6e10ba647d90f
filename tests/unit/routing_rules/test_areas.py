"""Who is told over time and place: split districts, neighbours, strangers, and kinds of school."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from routing_rules.rulebook import Rulebook, load_rulebook
from routing_rules.source_text import RulebookInvalid
from schemas.values import EventType, Service
from tests.builders import NOW, POLICE, a_person, decision_on, police, rulebook_files

TABLE = "directory/teams.csv"
DISTRICT = "R1E:health-visiting:E07000193"
HOURS = "Mon-Fri 09:00-17:00"


def line(name: str, serves: str, organisation: str = "RL4", since: str = "2026-01-01") -> str:
    service = "adult-mental-health" if name == "minds" else "health-visiting"
    row = (f"{organisation}:{service}:{name}", service, serves, "", organisation, since, "", "A")
    return ",".join((*row, "kafka", HOURS, "", "")) + "\n"


@cache
def with_lines(*lines: str) -> Rulebook:
    files = rulebook_files("staffordshire")
    return load_rulebook({**files, TABLE: files[TABLE] + "".join(lines)})


SPLIT = with_lines(
    line("sector", "postcode:ZZ99-3"),
    line("half", "postcode:ZZ98"),
    line("one", "postcode:ZZ99-3AA"),
    line("surgery", "practice:Y90004"),
    line("soon", "postcode:ZZ97", since="2026-06-01"),
)


def home(postcode: str | None, district: str = "E07000193") -> dict[str, Any]:
    return {"lines": ["1 Test Road"], "postcode": postcode, "district": district}


def health_visitor(
    rulebook: Rulebook, *, at: datetime = NOW, practice: str | None = "Y90005", **address: Any
) -> set[str]:
    """Who is told of a toddler in the name of health visiting."""
    toddler = a_person("child_present", ref="t", number=2, date_of_birth="2024-02-02", **address)
    known = {**toddler, "gp_practice": practice} if practice else toddler
    moment = at.isoformat()
    data = police(a_person(number=1), known, incident_at=moment, reported_at=moment)
    duties = decision_on(POLICE, data, rulebook=rulebook, at=at).duties
    asked = [d for d in duties if (d.instead_of or d.service) is Service.HEALTH_VISITING]
    return {d.recipient for d in asked if d.about and d.about.ref == "t"}


@pytest.mark.parametrize(
    ("postcode", "practice", "recipient"),
    [
        ("ZZ99 3CZ", "Y90005", "RL4:health-visiting:sector"),
        ("zz99 3cz", "Y90005", "RL4:health-visiting:sector"),
        ("ZZ99 3AA", "Y90005", "RL4:health-visiting:one"),
        ("ZZ98 1AB", "Y90005", "RL4:health-visiting:half"),
        ("ZZ9 8AB", "Y90005", DISTRICT),
        ("ZZ99 3CZ", "Y90004", "RL4:health-visiting:sector"),
        ("ZZ99 4CZ", "Y90004", "RL4:health-visiting:surgery"),
        ("ZZ99 4CZ", "Y90005", DISTRICT),
        (None, "Y90004", "RL4:health-visiting:surgery"),
        (None, None, DISTRICT),
        ("ZZ97 1AB", "Y90005", DISTRICT),
    ],
)
def test_a_part_of_a_district_may_have_a_team_of_its_own(
    postcode: str | None, practice: str | None, recipient: str
) -> None:
    assert health_visitor(SPLIT, address=home(postcode), practice=practice) == {recipient}


def test_the_same_child_on_two_days_has_two_teams() -> None:
    june = datetime(2026, 6, 2, 12, tzinfo=UTC)

    assert health_visitor(SPLIT, address=home("ZZ97 1AB"), at=june) == {"RL4:health-visiting:soon"}


@pytest.mark.parametrize(
    ("district", "recipient"),
    [
        ("E06000021", "R1E:health-visiting:E06000021"),
        ("E08000026", "MASH:mash"),
        (None, "MASH:mash"),
    ],
    ids=["neighbour", "out of area", "nowhere"],
)
def test_nobody_is_left_out_for_where_they_live(district: str | None, recipient: str) -> None:
    address: dict[str, Any] = {}
    if district is not None:
        address["address"] = home("ZZ99 4CZ", district)

    assert health_visitor(with_lines(), practice=None, **address) == {recipient}


@pytest.mark.parametrize(
    ("school", "recipients"),
    [
        ({"urn": "900006", "type": "state"}, {"RYW:school-nursing:E07000193"}),
        ({"type": "home_educated"}, {"RYW:school-nursing:E07000193"}),
        ({"urn": "900010", "type": "independent"}, {"MASH:mash"}),
        ({"type": "unknown"}, {"MASH:mash"}),
        ({"urn": "999999", "type": "state"}, {"MASH:mash"}),
    ],
    ids=["state", "home", "independent", "unknown", "not listed"],
)
def test_every_kind_of_school_has_somebody_who_is_told(
    school: dict[str, str], recipients: set[str]
) -> None:
    pupil = a_person(
        "child_present",
        ref="t",
        number=2,
        date_of_birth="2014-02-02",
        school=school,
        address=home("ZZ99 4CZ"),
    )
    duties = decision_on(POLICE, police(a_person(number=1), pupil)).duties

    told = {d.recipient for d in duties if (d.instead_of or d.service) is Service.SCHOOL_NURSING}
    assert told == recipients


def test_the_trust_of_a_part_is_that_of_its_own_team() -> None:
    part = with_lines(line("minds", "postcode:ZZ99-3", organisation="RLY"))
    mother = a_person("victim", number=1, date_of_birth="1990-02-02", address=home("ZZ99 3CZ"))
    data = {
        "case_number": "C-1",
        "met_on": "2026-03-05",
        "criteria": ["visible_high_risk"],
        "people": [mother],
    }

    duties = decision_on(EventType.MARAC_OUTCOME, data, rulebook=part).duties

    told = {d.recipient for d in duties if d.service is Service.SAFEGUARDING}
    assert "RLY:safeguarding" in told
    assert "RRE:safeguarding" not in told


@pytest.mark.parametrize(
    ("serves", "says"),
    [
        ("practice:Y99999", "is not a practice that is listed"),
        ("postcode:zz993", "is no part of a postcode"),
        ("postcode:ZZ993CZ", "is no part of a postcode"),
    ],
)
def test_a_part_in_which_nobody_can_live_is_refused(serves: str, says: str) -> None:
    files = rulebook_files("staffordshire")

    with pytest.raises(RulebookInvalid, match=says):
        load_rulebook({**files, TABLE: files[TABLE] + line("nowhere", serves)})
