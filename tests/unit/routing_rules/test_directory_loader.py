import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.directory_loader import load_directory
from routing_rules.source_text import Problems
from tests.unit.routing_rules.shipped import (
    FILES,
    directory_files,
    problems_of,
    shipped_settings,
)

SETTINGS = shipped_settings()
GOOD = "RJE:midwifery,midwifery,E07000193,,RJE,2012-01-01,,24h,,"
SERVICES = (
    "midwifery, health-visiting, school-nursing, camhs, safeguarding, paediatric-liaison,"
    " emergency, adult-mental-health, looked-after-health, social-care, mash"
)
KINDS = "state, academy, pupil_referral_unit, special, independent"


def test_the_shipped_directory_has_no_problems() -> None:
    assert problems_of(FILES) == []


@pytest.mark.parametrize(
    ("line", "problems"),
    [
        (
            "RJE:midwifer,midwifer,E07000193,,RJE,2012-01-01,,24h,,",
            [(f"14: 'midwifer' is not a service with teams; allowed: {SERVICES};"
             " did you mean 'midwifery'?")],
        ),
        (
            "RJE:midwifery,midwifery,E07000139,,RJE,2012-01-01,,24h,,",
            [("25: 'E07000139' is not '*', 'site:...', 'organisation:...',"
             " 'family-nurse:...' or a home district that is listed")],
        ),
        (
            "RJE:midwifery,midwifery,site:,,RJE,2012-01-01,,24h,,",
            ["25: 'site:' is not a code of letters, digits and hyphens"],
        ),
        (
            "RJE:safeguarding,safeguarding,organisation:RJX,,RJE,2012-01-01,,24h,,",
            ["31: 'RJX' is not an organisation that is listed"],
        ),
        (
            "RYW:school-nursing,school-nursing,E07000193,state academ,RYW,2012-01-01,,24h,,",
            [(f"45: 'academ' is not a kind of school; allowed: {KINDS}, home_educated, none;"
             " did you mean 'academy'?")],
        ),
        (
            "RYW:school-nursing,school-nursing,site:X,state,RYW,2012-01-01,,24h,,",
            ["42: kinds of school only divide a home district"],
        ),
        (
            "RXX:midwifery,midwifery,E07000193,,RXX,2012-01-01,,24h,,",
            ["36: 'RXX' is not an organisation that is listed"],
        ),
        (
            "RJF:midwifery,midwifery,E07000193,,RJE,2012-01-01,,24h,,",
            ["1: 'RJF:midwifery' must begin with organisation and service: 'RJE:midwifery'"],
        ),
        (
            "RJE:midwifery:,midwifery,E07000193,,RJE,2012-01-01,,24h,,",
            ["1: 'RJE:midwifery:' must begin with organisation and service: 'RJE:midwifery'"],
        ),
        (
            "RJE:midwifery,midwifery,E07000193,,RJE,,,24h,,",
            ["40: '' is not a date; write it as 2026-03-09"],
        ),
        (
            "RJE:midwifery,midwifery,E07000193,,RJE,20120101,2012-02-30,24h,,",
            ["40: '20120101' is not a date; write it as 2026-03-09",
             "49: '2012-02-30' is not a day of the calendar"],
        ),
        (
            "RJE:midwifery,midwifery,E07000193,,RJE,2012-01-02,2012-01-01,24h,,",
            ["51: 'until' lies before 'from'"],
        ),
        (
            "RJE:midwifery,midwifery,E07000193,,RJE,2012-01-01,,,,",
            ["52: '' are not hours; write '24h' or as 'Mon-Fri 09:00-17:00 Sat 09:00-13:00'"],
        ),
        (
            "RJE:midwifery,midwifery,E07000193,,RJE,2012-01-01,,24h,860:social-care,",
            ["56: '860:social-care' is not a contact; write it as organisation:service:name"],
        ),
        (
            "RJE:midwifery,midwifery,E07000193,,RJE,2012-01-01,,24h,868:social:night,",
            ["56: '868' is not an organisation that is listed",
             (f"56: 'social' is not a service with teams; allowed: {SERVICES};"
             " did you mean 'social-care'?")],
        ),
        (
            "RJE:midwifery,midwifery,commissioner,,RJE,2012-01-01,,24h,,",
            ["25: a team for the commissioner is one of mash"],
        ),
        ("RJE:midwifery,midwifery", ["1: 2 cells stand here, under 10 columns"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_team_is_said_where_it_stands(line: str, problems: list[str]) -> None:
    found = problems_of(directory_files(line))

    assert found == [f"directory/teams.csv:3:{problem}" for problem in problems]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2012-01-01,", "2020-01-01,"),
        ("2012-01-01,2019-12-31", "2019-12-31,"),
        ("2020-01-01,", "2012-01-01,2020-01-01"),
    ],
)
def test_two_teams_of_one_service_cannot_serve_a_district_on_one_day(
    first: str, second: str
) -> None:
    found = problems_of(
        directory_files(
            f"RJE:midwifery,midwifery,E07000193,,RJE,{first},24h,,",
            f"RJF:midwifery,midwifery,E07000193,,RJF,{second},24h,,",
        )
    )

    assert found == [
        (
            "directory/teams.csv:4:1: line 3 already names a team of midwifery for 'E07000193' at"
            " that time"
        )
    ]


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("state academy", "special", False),
        ("state academy", "academy", True),
        ("state", "", True),
        ("", "state", True),
    ],
)
def test_teams_may_divide_a_district_by_kind_of_school(
    first: str, second: str, overlap: bool
) -> None:
    found = problems_of(
        directory_files(
            f"RYW:school-nursing,school-nursing,E07000193,{first},RYW,2012-01-01,,24h,,",
            f"R1E:school-nursing,school-nursing,E07000193,{second},R1E,2012-01-01,,24h,,",
        )
    )

    assert bool(found) is overlap


@pytest.mark.parametrize(
    ("hours", "contact"), [("Mon-Fri 09:00-17:00", ""), ("24h", "RJE:midwifery:night")]
)
def test_one_recipient_has_one_kind_of_hours_and_one_contact(hours: str, contact: str) -> None:
    found = problems_of(
        directory_files(
            GOOD, f"RJE:midwifery,midwifery,E07000192,,RJE,2020-01-01,,{hours},{contact},"
        )
    )

    assert found == [
        "directory/teams.csv:4:1: line 3 gives 'RJE:midwifery' other hours or another contact"
    ]


def test_exceptions_always_have_an_owner() -> None:
    nobody = directory_files(GOOD, mash="")
    ends = directory_files(mash="MASH:mash,mash,*,,MASH,2012-01-01,2030-12-31,24h,,")
    gap = directory_files(
        "MASH:mash,mash,*,,MASH,2020-01-02,,24h,,",
        mash="MASH:mash,mash,*,,MASH,2012-01-01,2019-12-31,24h,,",
    )
    seamless = directory_files(
        "MASH:mash,mash,*,,MASH,2020-01-01,,24h,,",
        mash="MASH:mash,mash,*,,MASH,2012-01-01,2019-12-31,24h,,",
    )

    file = "directory/teams.csv"
    assert problems_of(nobody) == [
        f"{file}:1:1: no MASH team serves '*': exceptions would have no owner"
    ]
    assert problems_of(ends) == [f"{file}:2:1: no MASH team serves '*' after 2030-12-31"]
    assert problems_of(gap) == [
        f"{file}:3:1: no MASH team serves '*' between 2019-12-31 and 2020-01-02"
    ]
    assert problems_of(seamless) == []


def test_what_is_wrong_with_practices_schools_and_organisations_is_said_all_at_once() -> None:
    files = directory_files(
        practices=[
            "Y90001,E07000192,Y90001:gp,2012-01-01,2020-01-01",
            "Y90001,E07000192,Y90001:gp,2020-01-01,",
            "Y9 02,E99999999,Y90002:gp,,",
            "Y90003,E07000192,Y90003:gp,never,",
        ],
        schools=[
            "900001,E07000192,state,,2020-01-01",
            "900001,E07000192,academy,2020-01-01,",
            "900002,E07000192,home_educated,,",
        ],
    )
    files["directory/organisations.csv"] += "860,Twice\nR XX,Spaced\nRXY,\n"

    assert problems_of(files) == [
        "directory/organisations.csv:12:1: '860' stands here twice",
        "directory/organisations.csv:13:1: 'R XX' is not a code of letters, digits and hyphens",
        "directory/organisations.csv:14:5: an organisation has a name",
        "directory/practices.csv:3:1: line 2 already names the practice 'Y90001' at that time",
        "directory/practices.csv:4:1: 'Y9 02' is not a code of letters, digits and hyphens",
        "directory/practices.csv:4:7: 'E99999999' is not a home district that is listed",
        (
            "directory/practices.csv:4:17: 'Y90002:gp' must begin with organisation and service:"
            " 'Y9 02:gp'"
        ),
        "directory/practices.csv:5:28: 'never' is not a date; write it as 2026-03-09",
        "directory/schools.csv:3:1: line 2 already names the school '900001' at that time",
        f"directory/schools.csv:4:18: 'home_educated' is not a kind of school; allowed: {KINDS}",
    ]


def test_missing_tables_are_named_and_codes_are_then_not_checked_against_them() -> None:
    files = directory_files(GOOD)
    for name in ("practices", "schools", "organisations"):
        del files[f"directory/{name}.csv"]

    assert problems_of(files) == [
        f"directory/{name}.csv:1:1: this table of the directory is missing"
        for name in ("organisations", "practices", "schools")
    ]


@given(
    st.dictionaries(
        st.sampled_from([path for path in FILES if path.startswith("directory/")]),
        st.text(max_size=300),
    ),
    st.lists(st.text(alphabet='RJE:midwfery,*-0129"site \r\t\u0661', max_size=80), max_size=4),
)
def test_any_text_loads_or_is_a_list_of_problems(texts: dict[str, str], lines: list[str]) -> None:
    problems = Problems()

    load_directory(directory_files(*lines) | texts, SETTINGS, problems)

    assert all(problem.message for problem in problems.found)


@given(st.data())
def test_a_damaged_directory_loads_or_is_a_list_of_problems(data: st.DataObject) -> None:
    lines = FILES["directory/teams.csv"].split("\n")
    number = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(0, len(lines[number])))
    lines[number] = lines[number][:at] + data.draw(st.text(max_size=3)) + lines[number][at + 1 :]
    problems = Problems()

    load_directory({**FILES, "directory/teams.csv": "\n".join(lines)}, SETTINGS, problems)

    assert all(problem.position.line >= 1 for problem in problems.found)
