from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.chance import UNLIKELY, chance_of_so_few
from routing_rules.completeness import DayTally, FeedNumbers
from routing_rules.number_runs import Run
from routing_rules.source_findings import (
    Finding,
    FindingKind,
    HourSeen,
    SourceSeen,
    findings,
    undecided,
)
from routing_rules.sources import Counted, ExpectedSpan, Source
from schemas.values import Family, Urgency
from tests.builders import staffordshire

FRIDAY_NIGHT = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 3, 9, 8, tzinfo=UTC)
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
BANK_HOLIDAYS = frozenset(staffordshire().calendar.bank_holidays)


def _source(counted: Counted = Counted.YES, *, an_hour: float = 2.0, limit: int = 30) -> Source:
    day = timedelta(hours=24)
    span = ExpectedSpan(frozenset(range(7)), False, timedelta(), day, an_hour)  # noqa: FBT003
    return Source("p", Family.POLICE, counted, (span,), timedelta(days=limit), "the sergeant")


def _listed(publisher: str) -> Source:
    sources = staffordshire().settings.sources
    return next(source for source in sources if source.publisher == publisher)


def _found(
    at: datetime, *, source: Source | None = None, **seen: Any
) -> dict[FindingKind, Finding]:
    known = {"known_since": LONG_AGO, "heard_at": at, **seen}
    told = findings(SourceSeen("p", **known), source or _source(), at, bank_holidays=BANK_HOLIDAYS)
    assert len({finding.kind for finding in told}) == len(told)
    return {finding.kind: finding for finding in told}


def test_of_a_source_that_sends_as_usual_nothing_is_found() -> None:
    assert _found(NOON, numbers=FeedNumbers((Run(1, 412),)), last_number=412) == {}


@pytest.mark.parametrize(
    "publisher",
    [source.publisher for source in staffordshire().settings.sources
     if source.family in {Family.POLICE, Family.EMERGENCY}],
)  # fmt: skip
def test_who_stops_on_a_friday_night_is_noticed_before_monday(publisher: str) -> None:
    found = _found(MONDAY_MORNING, source=_listed(publisher), heard_at=FRIDAY_NIGHT)

    assert found[FindingKind.SILENT].urgency is Urgency.IMMEDIATE
    assert "nothing has come for" in found[FindingKind.SILENT].because


@pytest.mark.parametrize("source", staffordshire().settings.sources, ids=lambda s: s.publisher)
def test_a_quiet_sunday_night_alarms_nobody(source: Source) -> None:
    sunday_evening = datetime(2026, 3, 8, 22, tzinfo=UTC)

    assert _found(MONDAY_MORNING, source=source, heard_at=sunday_evening) == {}


def test_whoever_keeps_office_hours_is_not_missed_over_easter() -> None:
    thursday = datetime(2026, 4, 2, 16, tzinfo=UTC)
    tuesday = datetime(2026, 4, 7, 9, tzinfo=UTC)

    assert _found(tuesday, source=_listed("registration"), heard_at=thursday) == {}


def test_a_source_that_never_sent_anything_is_silent_from_when_it_was_listed() -> None:
    since = NOON - timedelta(hours=4)

    found = _found(NOON, heard_at=None, known_since=since)

    assert FindingKind.SILENT in found
    assert FindingKind.SILENT not in _found(since + HOUR, heard_at=None, known_since=since)


def test_after_its_limit_a_source_is_silent_whatever_is_usual() -> None:
    source = _source(an_hour=0.001, limit=2)

    assert FindingKind.SILENT in _found(NOON, source=source, heard_at=NOON - timedelta(days=2))
    assert _found(NOON, source=source, heard_at=NOON - timedelta(hours=47)) == {}


def test_silence_is_not_told_while_a_probe_is_under_way() -> None:
    asked = NOON - timedelta(minutes=1)

    assert _found(NOON, heard_at=NOON - timedelta(days=2), probe_asked=asked) == {}
    assert undecided(SourceSeen("p", LONG_AGO, probe_asked=asked)) == {FindingKind.SILENT}
    assert undecided(SourceSeen("p", LONG_AGO)) == frozenset()


def test_a_probe_that_does_not_come_through_is_lost_and_the_source_is_not_blamed() -> None:
    found = _found(NOON, heard_at=NOON - timedelta(days=2), probe_asked=NOON - timedelta(hours=1))

    assert set(found) == {FindingKind.PROBE_LOST}
    assert found[FindingKind.PROBE_LOST].because.startswith("a probe of 11:00 UTC")


@given(count=st.integers(0, 200), usual=st.floats(0, 200), more=st.floats(0, 50))
def test_the_chance_of_so_few_is_one_and_falls_as_more_is_usual(
    count: int, usual: float, more: float
) -> None:
    chance = chance_of_so_few(count, usual)

    assert 0 <= chance <= 1
    assert chance <= chance_of_so_few(count + 1, usual) + 1e-9
    assert chance_of_so_few(count, usual + more) <= chance + 1e-9


def test_the_chance_is_the_sum_that_the_document_says() -> None:
    assert chance_of_so_few(0, 0) == 1
    assert chance_of_so_few(0, 7) == pytest.approx(0.000912, abs=1e-6)
    assert chance_of_so_few(2, 3) == pytest.approx(0.423190, abs=1e-6)
    assert chance_of_so_few(0, 6.9) > UNLIKELY > chance_of_so_few(0, 6.91)


@given(heard=st.integers(0, 200), later=st.integers(0, 200), rate=st.floats(0.01, 5))
def test_a_silence_does_not_end_by_going_on(heard: int, later: int, rate: float) -> None:
    source = _source(an_hour=rate)
    at, then = LONG_AGO + heard * HOUR, LONG_AGO + (heard + later) * HOUR

    was = FindingKind.SILENT in _found(at, source=source, heard_at=LONG_AGO)
    is_now = FindingKind.SILENT in _found(then, source=source, heard_at=LONG_AGO)

    assert is_now or not was


SATURDAY = datetime(2026, 3, 7, 2, tzinfo=UTC)
FRIDAYS = [date(2026, 2, 6), date(2026, 2, 13), date(2026, 2, 20), date(2026, 2, 27)]


@pytest.mark.parametrize(
    ("usual", "came", "is_fall"),
    [
        (40, 10, True),
        (40, 19, True),
        (40, 20, False),
        (40, 40, False),
        (6, 2, False),
        (0, 0, False),
    ],
)
def test_a_sudden_fall_is_less_than_half_and_not_by_chance(
    usual: int, came: int, is_fall: bool
) -> None:
    received = {**dict.fromkeys(FRIDAYS, usual), date(2026, 3, 6): came}

    found = _found(SATURDAY, received=received)

    assert (FindingKind.SUDDEN_FALL in found) == is_fall


def test_a_day_is_judged_when_its_last_events_have_had_time_to_come() -> None:
    received = dict.fromkeys(FRIDAYS, 40)
    just_after = datetime(2026, 3, 7, 0, 30, tzinfo=UTC)

    assert FindingKind.SUDDEN_FALL not in _found(just_after, received=received)
    assert FindingKind.SUDDEN_FALL in _found(SATURDAY, received=received)


def test_a_source_that_is_hardly_known_has_no_usual() -> None:
    received = dict.fromkeys(FRIDAYS, 40)

    assert _found(SATURDAY, received=received, known_since=SATURDAY - timedelta(days=20)) == {}


def test_a_bank_holiday_is_not_judged_and_is_not_taken_as_usual() -> None:
    good_friday = datetime(2026, 4, 4, 2, tzinfo=UTC)
    week_after = datetime(2026, 4, 11, 2, tzinfo=UTC)
    before = {date(2026, 3, day): 40 for day in (6, 13, 20, 27)}

    assert _found(good_friday, received=before) == {}
    assert FindingKind.SUDDEN_FALL in _found(week_after, received=before)


def test_missing_numbers_are_told_at_once_and_by_their_numbers() -> None:
    gaps = (Run(17, 17), Run(33, 35))

    found = _found(NOON, numbers=FeedNumbers((Run(1, 40),), gaps=gaps))

    finding = found[FindingKind.SEQUENCE_GAP]
    assert finding.because == "4 events missing by their numbers: 17, 33-35"
    assert (finding.urgency, finding.detail["count"]) == (Urgency.IMMEDIATE, 4)


def test_numbers_of_a_source_that_is_not_counted_prove_nothing() -> None:
    numbers = FeedNumbers((Run(1, 400),), gaps=(Run(17, 17),))

    found = _found(
        NOON, source=_source(Counted.NO), numbers=numbers, repeated=(Run(2, 2),), last_number=1
    )

    assert found == {}


def test_numbers_used_twice_and_begun_again_are_told() -> None:
    found = _found(NOON, numbers=FeedNumbers((Run(1, 412),)), repeated=(Run(1, 3),), last_number=3)

    assert set(found) == {FindingKind.NUMBERS_REPEATED, FindingKind.NUMBERS_RESTARTED}
    assert found[FindingKind.NUMBERS_REPEATED].detail["runs"] == [[1, 3]]
    assert "the newest is 3, it had been 412" in found[FindingKind.NUMBERS_RESTARTED].because


def test_events_that_come_a_little_out_of_order_are_not_begun_again() -> None:
    assert _found(NOON, numbers=FeedNumbers((Run(1, 412),)), last_number=312) == {}


def test_a_counted_source_must_number_its_events() -> None:
    hour = HourSeen(NOON, received=9, unnumbered=1)

    found = _found(NOON, hours=(hour,))

    assert found[FindingKind.NOT_NUMBERED].because.endswith("sent 1 event without a number")
    assert _found(NOON + 3 * HOUR, hours=(hour,)) == {}


def _counts(tally: DayTally, at: datetime) -> dict[FindingKind, Finding]:
    said_at = NOON - HOUR
    days = {date(2026, 3, 5): (tally, said_at)}
    return _found(at, source=_source(Counted.DAILY), counted_days=days, known_since=NOON - 2 * HOUR)


def test_a_daily_count_that_differs_is_told_when_the_last_events_have_had_time() -> None:
    fewer = _counts(DayTally(received=8, said=9), NOON)
    more = _counts(DayTally(received=10, said=9), NOON)

    kind = FindingKind.DAILY_COUNT_DIFFERS
    assert fewer[kind].urgency is Urgency.IMMEDIATE
    assert fewer[kind].because.endswith("2026-03-05: 9 counted, 8 came")
    assert more[kind].urgency is Urgency.NEXT_WORKING_DAY
    assert _counts(DayTally(received=9, said=9), NOON) == {}
    assert _counts(DayTally(received=8, said=9), NOON - HOUR) == {}


def test_a_daily_count_that_does_not_come_is_told_twelve_hours_after_the_day() -> None:
    since = datetime(2026, 3, 5, 0, tzinfo=UTC)
    source = _source(Counted.DAILY)
    noon = datetime(2026, 3, 6, 12, tzinfo=UTC)

    found = _found(noon, source=source, known_since=since)

    assert found[FindingKind.DAILY_COUNT_MISSING].detail == {"days": ["2026-03-05"]}
    assert _found(noon - timedelta(minutes=1), source=source, known_since=since) == {}
    assert _found(noon, source=_source(), known_since=since) == {}


@pytest.mark.parametrize(
    ("hour", "kind"),
    [
        (HourSeen(NOON, received=40, warned=20), FindingKind.FLOOD_OF_WARNINGS),
        (HourSeen(NOON, received=41, warned=20), None),
        (HourSeen(NOON, received=19, warned=19), None),
        (HourSeen(NOON, received=190, unreadable=10), FindingKind.FLOOD_OF_DEAD_LETTERS),
        (HourSeen(NOON, received=191, unreadable=10), None),
        (HourSeen(NOON, unreadable=9), None),
        (HourSeen(NOON, received=1, ahead=1, furthest_ahead=HOUR), FindingKind.CLOCK_SKEW),
        (HourSeen(NOON, received=3, least_lag=HOUR), FindingKind.CLOCK_SKEW),
        (HourSeen(NOON, received=2, least_lag=HOUR), None),
        (HourSeen(NOON, received=3, least_lag=HOUR / 2), None),
    ],
)
def test_floods_and_clocks_are_judged_by_the_hour(hour: HourSeen, kind: FindingKind | None) -> None:
    assert set(_found(NOON + HOUR, hours=(hour,))) == ({kind} if kind else set())


def test_an_hour_that_goes_on_may_yet_have_a_fresh_event() -> None:
    hour = HourSeen(NOON, received=9, least_lag=HOUR)

    assert _found(NOON + HOUR / 2, hours=(hour,)) == {}


def test_what_kafka_deleted_unread_is_told() -> None:
    found = _found(NOON, lost_messages=3)

    assert found[FindingKind.LOG_GAP].because == "Kafka deleted 3 messages before they were read"


def test_a_publisher_that_nobody_listed_is_told_and_not_judged_by_a_pattern() -> None:
    seen = SourceSeen("p", LONG_AGO, heard_at=LONG_AGO, lost_messages=1)

    told = findings(seen, None, NOON, bank_holidays=BANK_HOLIDAYS)

    assert [each.kind for each in told] == [FindingKind.NOT_LISTED, FindingKind.LOG_GAP]


def test_an_organisation_whose_receipts_were_lost_is_no_publisher() -> None:
    told = findings(
        SourceSeen("RJF", NOON, lost_messages=1), None, NOON, bank_holidays=BANK_HOLIDAYS
    )

    assert [each.kind for each in told] == [FindingKind.LOG_GAP]
