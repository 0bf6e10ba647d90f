"""What is wrong with a source: judged from what the ledger has seen of it. Pure.

Nothing here switches a source off. A finding says what is wrong in words that a coordinator can
act on, and holds numbers, days and counts, never anything of an event.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from routing_rules.chance import UNLIKELY, chance_of_so_few
from routing_rules.completeness import DayTally, FeedNumbers
from routing_rules.decision import Json
from routing_rules.number_runs import Runs, how_many, in_words
from routing_rules.source_rhythm import fall_of, is_silent
from routing_rules.sources import LONDON, Counted, Source, day_in_london
from schemas.values import Urgency

OUT_OF_ORDER = 100
"""By how many numbers the newest event may lag behind the highest number, for order's sake."""
COUNT_DUE_AFTER = timedelta(hours=12)
"""How long after a day's end its daily count may come."""
COUNT_GRACE = timedelta(minutes=30)
"""How long after its daily count the last events of a day may come."""
PROBE_PATIENCE = timedelta(minutes=10)
"""How long a probe may take from being asked for to having come out again."""
BEHIND_FROM = timedelta(minutes=30)
"""If even the freshest event of an hour took longer, the feed or its clock is behind."""
MOST_TOLD = 100
"""How many runs of numbers that were used twice are told at once."""
FLOOD_OF_WARNINGS = 20
FLOOD_OF_DEAD_LETTERS = 10
_RECENT = timedelta(hours=2)
_COUNTED_DAYS = 7


class FindingKind(StrEnum):
    """What can be wrong with a source: a closed set."""

    SEQUENCE_GAP = "sequence_gap"
    NUMBERS_REPEATED = "numbers_repeated"
    NUMBERS_RESTARTED = "numbers_restarted"
    NOT_NUMBERED = "not_numbered"
    DAILY_COUNT_DIFFERS = "daily_count_differs"
    DAILY_COUNT_MISSING = "daily_count_missing"
    SILENT = "silent"
    SUDDEN_FALL = "sudden_fall"
    FLOOD_OF_WARNINGS = "flood_of_warnings"
    FLOOD_OF_DEAD_LETTERS = "flood_of_dead_letters"
    CLOCK_SKEW = "clock_skew"
    LOG_GAP = "log_gap"
    PROBE_LOST = "probe_lost"
    NOT_LISTED = "not_listed"


@dataclass(frozen=True, slots=True)
class HourSeen:
    """What arrived of a source within an hour that began then (UTC)."""

    hour: datetime
    received: int = 0
    warned: int = 0
    unreadable: int = 0
    unnumbered: int = 0
    ahead: int = 0
    furthest_ahead: timedelta = timedelta()
    least_lag: timedelta | None = None


@dataclass(frozen=True, slots=True)
class SourceSeen:
    """All that the ledger has seen of a source, as far as it matters now.

    `gaps` are numbers that have been missing for too long. `received` are events by day in London,
    of the last five weeks; a day without any is not in it. `counted_days` are those that the
    source has counted, with when it last said so. `probe_asked` is when the latest probe that has
    not come out again was asked for.
    """

    publisher: str
    known_since: datetime
    heard_at: datetime | None = None
    numbers: FeedNumbers = field(default_factory=FeedNumbers)
    repeated: Runs = ()
    last_number: int | None = None
    received: Mapping[date, int] = field(default_factory=dict)
    counted_days: Mapping[date, tuple[DayTally, datetime]] = field(default_factory=dict)
    hours: tuple[HourSeen, ...] = ()
    lost_messages: int = 0
    probe_asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is wrong with a source: what, in words, and how soon somebody must look."""

    kind: FindingKind
    because: str
    urgency: Urgency
    detail: Mapping[str, Json] = field(default_factory=dict)


def findings(
    seen: SourceSeen, source: Source | None, at: datetime, *, bank_holidays: AbstractSet[date]
) -> tuple[Finding, ...]:
    """Everything that is wrong with a source at that moment (aware), each kind at most once.

    `source` is None for a publisher that the rulebook does not list, and for an organisation whose
    receipts were lost.
    """
    listed: list[Finding] = []
    if source is None and (seen.heard_at or seen.hours):
        why = "it publishes, and the rulebook does not list it: nobody would notice its silence"
        listed = [Finding(FindingKind.NOT_LISTED, why, Urgency.NEXT_WORKING_DAY)]
    elif source is not None:
        listed = [
            *_numbers(seen, source, at),
            *_counts(seen, source, at),
            *_rhythm(seen, source, at, bank_holidays),
        ]
    return (*listed, *_hours(seen, at), *_way(seen, at))


def undecided(seen: SourceSeen) -> frozenset[FindingKind]:
    """What cannot be told while a probe is under way: it neither begins nor ends by that."""
    return frozenset() if seen.probe_asked is None else frozenset({FindingKind.SILENT})


def _numbers(seen: SourceSeen, source: Source, at: datetime) -> Iterator[Finding]:
    if source.counted is not Counted.YES:
        return
    gaps, span = seen.numbers.gaps, seen.numbers.span
    if gaps:
        count, words = how_many(gaps), in_words(gaps)
        why = f"{_of(count, 'event')} missing by their numbers: {words}"
        detail: dict[str, Json] = {"missing": words, "count": count}
        yield Finding(FindingKind.SEQUENCE_GAP, why, Urgency.IMMEDIATE, detail)
    if seen.repeated:
        told = seen.repeated[:MOST_TOLD]  # the rest is told when these have been answered for
        words = in_words(told)
        why = f"different events came with the same number: {words}"
        urgency = Urgency.NEXT_WORKING_DAY
        detail = {"repeated": words, "runs": [list(run) for run in told]}
        yield Finding(FindingKind.NUMBERS_REPEATED, why, urgency, detail)
    if span and seen.last_number is not None and seen.last_number + OUT_OF_ORDER < span.last:
        why = f"its numbers began again: the newest is {seen.last_number}, it had been {span.last}"
        detail = {"newest": seen.last_number, "highest": span.last}
        yield Finding(FindingKind.NUMBERS_RESTARTED, why, Urgency.SAME_DAY, detail)
    unnumbered = sum(hour.unnumbered for hour in _recent(seen, at))
    if unnumbered:
        why = f"it is counted, and sent {_of(unnumbered, 'event')} without a number"
        detail = {"events": unnumbered}
        yield Finding(FindingKind.NOT_NUMBERED, why, Urgency.NEXT_WORKING_DAY, detail)


def _counts(seen: SourceSeen, source: Source, at: datetime) -> Iterator[Finding]:
    differ = {
        day: (tally.said or 0, tally.received)
        for day, (tally, said_at) in sorted(seen.counted_days.items())
        if tally.fewer and at - said_at >= COUNT_GRACE
    }
    if differ:
        days = ", ".join(
            f"{day}: {said} counted, {came} came" for day, (said, came) in differ.items()
        )
        is_less = any(said > came for said, came in differ.values())
        urgency = Urgency.IMMEDIATE if is_less else Urgency.NEXT_WORKING_DAY
        detail: dict[str, Json] = {"days": [day.isoformat() for day in differ]}
        why = f"its daily count differs from what came: {days}"
        yield Finding(FindingKind.DAILY_COUNT_DIFFERS, why, urgency, detail)
    absent = [day.isoformat() for day in _uncounted_days(seen, at)]
    if source.counted is Counted.DAILY and absent:
        why = f"its daily count has not come: {', '.join(absent)}"
        urgency = Urgency.NEXT_WORKING_DAY
        yield Finding(FindingKind.DAILY_COUNT_MISSING, why, urgency, {"days": list(absent)})


def _uncounted_days(seen: SourceSeen, at: datetime) -> Iterator[date]:
    """Days of the last week that are over for long enough, and were not counted."""
    today = at.astimezone(LONDON).date()
    for back in range(_COUNTED_DAYS, 0, -1):
        day = today - timedelta(days=back)
        begin, end = day_in_london(day)
        is_due = seen.known_since <= begin and at >= end + COUNT_DUE_AFTER
        if is_due and day not in seen.counted_days:
            yield day


def _rhythm(
    seen: SourceSeen, source: Source, at: datetime, bank_holidays: AbstractSet[date]
) -> Iterator[Finding]:
    """Silence is told only while the way is known to be open; else it may be ours."""
    last = max(seen.heard_at or seen.known_since, seen.known_since)
    silent = is_silent(source, last, at, bank_holidays)
    if silent is not None and seen.probe_asked is None:
        why = (
            f"nothing has come for {_length(at - last)}; "
            f"about {silent:.0f} would be usual in that time"
        )
        detail: dict[str, Json] = {"last_heard": last.isoformat(), "usual": round(silent)}
        yield Finding(FindingKind.SILENT, why, Urgency.IMMEDIATE, detail)
    elif silent is None and (fall := fall_of(seen.received, seen.known_since, at, bank_holidays)):
        day, came, usual = fall
        chance = chance_of_so_few(came, usual)
        if chance < UNLIKELY:
            why = f"on {day} {came} came, where {usual:.0f} are usual on that weekday"
            detail = {"day": day.isoformat(), "received": came, "usual": round(usual)}
            yield Finding(FindingKind.SUDDEN_FALL, why, Urgency.SAME_DAY, detail)


def _hours(seen: SourceSeen, at: datetime) -> Iterator[Finding]:
    for hour in _recent(seen, at):
        if hour.warned >= FLOOD_OF_WARNINGS and hour.warned * 2 >= hour.received:
            why = f"{hour.warned} of {_of(hour.received, 'event')} in an hour had warnings"
            urgency = Urgency.NEXT_WORKING_DAY
            yield Finding(FindingKind.FLOOD_OF_WARNINGS, why, urgency, {"events": hour.warned})
            break
    for hour in _recent(seen, at):
        messages = hour.received + hour.unreadable
        if hour.unreadable >= FLOOD_OF_DEAD_LETTERS and hour.unreadable * 20 >= messages:
            why = f"{hour.unreadable} of {_of(messages, 'message')} in an hour could not be read"
            detail: dict[str, Json] = {"messages": hour.unreadable}
            yield Finding(FindingKind.FLOOD_OF_DEAD_LETTERS, why, Urgency.SAME_DAY, detail)
            break
    if skew := _skew(seen, at):
        yield Finding(FindingKind.CLOCK_SKEW, skew, Urgency.NEXT_WORKING_DAY)


def _skew(seen: SourceSeen, at: datetime) -> str | None:
    hours = _recent(seen, at)
    ahead = max((hour.furthest_ahead for hour in hours if hour.ahead), default=None)
    if ahead is not None:
        return f"its clock is ahead of ours by up to {_length(ahead)}"
    is_over = [hour for hour in hours if hour.hour + timedelta(hours=1) <= at]
    late = [hour.least_lag for hour in is_over if hour.received >= 3 and hour.least_lag]
    if late and min(late) > BEHIND_FROM:
        return f"even its freshest event took {_length(min(late))}: it sends late, or its clock is"
    return None


def _way(seen: SourceSeen, at: datetime) -> Iterator[Finding]:
    if seen.lost_messages:
        why = f"Kafka deleted {_of(seen.lost_messages, 'message')} before they were read"
        detail: dict[str, Json] = {"messages": seen.lost_messages}
        yield Finding(FindingKind.LOG_GAP, why, Urgency.IMMEDIATE, detail)
    if seen.probe_asked is not None and at - seen.probe_asked >= PROBE_PATIENCE:
        why = f"a probe of {seen.probe_asked:%H:%M} UTC has not come through: its events may not"
        detail = {"asked_at": seen.probe_asked.isoformat()}
        yield Finding(FindingKind.PROBE_LOST, why, Urgency.IMMEDIATE, detail)


def _recent(seen: SourceSeen, at: datetime) -> list[HourSeen]:
    """Hours that touch the last two."""
    return [hour for hour in seen.hours if hour.hour > at - _RECENT]


def _of(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _length(length: timedelta) -> str:
    minutes = int(length / timedelta(minutes=1))
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"
