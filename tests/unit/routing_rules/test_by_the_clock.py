"""When lists and digests are due, and what stands in them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import TypeAdapter

from routing_rules.by_the_clock import (
    MOST_LISTED,
    DailyList,
    GapDigest,
    Listed,
    ListedNotice,
    UnplacedCount,
    days_without_list,
    digest_after,
    digest_due_at,
    list_due_at,
    owe_daily_list,
    owe_digest,
    week_before,
)
from routing_rules.no_team import NoTeam, NoTeamReason
from routing_rules.standing_handlers import TOLD_INSTEAD
from schemas.notification import DailyListContent, GapDigestContent
from schemas.values import SchoolType, Service
from tests.builders import NOW, staffordshire

CALENDAR = staffordshire().calendar


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (utc(2026, 3, 6, 6), utc(2026, 3, 6, 6)),
        (utc(2026, 3, 6, 5, 59), utc(2026, 3, 5, 6)),
        (utc(2026, 3, 8, 12), utc(2026, 3, 6, 6)),
        (utc(2026, 3, 9, 5, 59), utc(2026, 3, 6, 6)),
        (utc(2026, 3, 30, 4, 59), utc(2026, 3, 27, 6)),
        (utc(2026, 3, 30, 5), utc(2026, 3, 30, 5)),
        (utc(2026, 4, 6, 12), utc(2026, 4, 2, 5)),
        (utc(2026, 4, 7, 5), utc(2026, 4, 7, 5)),
    ],
    ids=["at six", "before", "Sunday", "early", "not yet in summer", "summer", "Easter", "after"],
)
def test_a_list_is_due_at_six_in_london_on_working_days(at: datetime, due: datetime) -> None:
    assert list_due_at(at, CALENDAR) == due


def test_a_digest_is_due_at_six_on_mondays_over_the_change_of_the_clocks() -> None:
    assert digest_due_at(utc(2026, 3, 30, 4, 59)) == utc(2026, 3, 23, 6)
    assert digest_after(utc(2026, 3, 23, 6)) == utc(2026, 3, 30, 5)
    assert digest_after(utc(2026, 10, 19, 5)) == utc(2026, 10, 26, 6)
    assert week_before(utc(2026, 3, 30, 5)) == (utc(2026, 3, 23), utc(2026, 3, 29, 23))


def test_days_without_a_list_are_working_days() -> None:
    missed = days_without_list(utc(2026, 4, 1, 5), utc(2026, 4, 8, 5), CALENDAR)

    assert missed == (date(2026, 4, 2), date(2026, 4, 7))


def a_list(notices: int, made_at: datetime = NOW) -> DailyListContent:
    team = staffordshire().directory.team_by_recipient("R1E:paediatric-liaison", NOW.date())
    assert team is not None
    one = ListedNotice(UUID(int=1), NOW, None, Listed.NEW, asks=False)
    told = DailyList(team, NOW, NOW - timedelta(days=1), made_at, [one] * notices)
    change = owe_daily_list(told, staffordshire(), "https://console.example")
    return TypeAdapter(DailyListContent).validate_python(change.notification["content"])


def test_a_very_long_list_counts_what_it_leaves_out() -> None:
    content = a_list(MOST_LISTED + 3)

    assert (content.notices, len(content.listed), content.left_out) == (
        MOST_LISTED + 3,
        MOST_LISTED,
        3,
    )
    assert content.sites[0].site == "not known"


@pytest.mark.parametrize(("notices", "says"), [(0, "nobody to list"), (1, "1 notice about")])
def test_nothing_to_report_differs_from_silence(notices: int, says: str) -> None:
    assert a_list(notices).says.startswith(says)


def test_a_list_made_long_after_its_time_says_so() -> None:
    assert not a_list(0, NOW + timedelta(hours=1)).late
    assert a_list(0, NOW + timedelta(hours=2)).late


def test_a_digest_counts_gaps_and_nothing_that_is_none() -> None:
    gap = NoTeam(
        NoTeamReason.SCHOOL_TYPE_NOT_COMMISSIONED, Service.SCHOOL_NURSING, SchoolType.INDEPENDENT
    ).because
    unknown = NoTeam(NoTeamReason.DISTRICT_UNKNOWN, Service.SCHOOL_NURSING).because
    rows = [
        UnplacedCount(gap, Service.SCHOOL_NURSING, "E07000193", "MASH:mash", 2, 1),
        UnplacedCount(
            f"{gap}; {TOLD_INSTEAD}", Service.SCHOOL_NURSING, None, "R1E:safeguarding", 3, 0
        ),
        UnplacedCount(unknown, Service.SCHOOL_NURSING, None, "MASH:mash", 9, 9),
    ]
    mash = staffordshire().mash(NOW.date())

    change = owe_digest(GapDigest(mash, digest_due_at(NOW), NOW, rows), staffordshire())

    content = GapDigestContent.model_validate(change.notification["content"])
    assert content.duties == 5
    assert [(g.duties, g.still_open, g.district, g.told_instead) for g in content.gaps] == [
        (3, 0, "elsewhere or not known", "R1E:safeguarding"),
        (2, 1, "East Staffordshire", "MASH:mash"),
    ]
