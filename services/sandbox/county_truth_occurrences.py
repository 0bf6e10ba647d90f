"""One thing that happened in the synthetic county, as its truth keeps it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.sandbox.county_truth_recipients import ToBeTold
from services.sandbox.county_truth_register import Record

_LONDON = ZoneInfo("Europe/London")
_LATEST = timedelta(days=7)
_OVERDUE, _STILL_OVERDUE = timedelta(hours=4), timedelta(hours=4)
_HAPPENED = ("incident_at", "arrived_at", "booked_at", "referred_at", "contact_at")
_HAPPENED_ON = (
    "met_on",
    "identified_on",
    "appointment_on",
    "born_on",
    "ended_on",
    "changed_on",
    "held_on",
    "assessed_on",
    "agreed_on",
    "invited_on",
)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Occurrence:
    """What happened to a household, as published so far, and who should know of it."""

    kind: str
    household: int
    publisher: str = ""
    events: list[tuple[str, Record]] = field(default_factory=list)
    """In order of arrival, each with its place among what its publisher said."""
    tellings: list[Record] = field(default_factory=list)
    """What the events said together after each of them."""
    standing: frozenset[ToBeTold] = frozenset()
    crossed: frozenset[str] = frozenset()
    """The thresholds of frequent attendance that were crossed with it."""
    published: datetime = _LONG_AGO
    """When it was first published."""
    happened: datetime = _LONG_AGO

    def tell(self, told: Record, published: datetime) -> None:
        """One more event was published then; `told` is what all say together."""
        is_first = not self.tellings
        self.published = published if is_first else min(self.published, published)
        self.tellings.append(told)
        self.happened = happened_of(told, self.published)

    @property
    def told(self) -> Record:
        """As it is told now."""
        return self.tellings[-1]

    @property
    def is_cancelled(self) -> bool:
        """Whether it did not happen after all."""
        return self.told.get("status") in {"cancelled", "entered_in_error"}


def kind_of(event_type: str) -> str:
    """`police.domestic-abuse`, of a type as it travels."""
    return ".".join(event_type.split(".")[1:3])


def happened_of(told: Record, published: datetime) -> datetime:
    """When it happened; noon of a day, and when it was published where it does not say."""
    for name in _HAPPENED:
        if name in told:
            return datetime.fromisoformat(told[name])
    for name in _HAPPENED_ON:
        if name in told:
            day = datetime.fromisoformat(told[name]).date()
            return datetime.combine(day, time(12), tzinfo=_LONDON).astimezone(UTC)
    return published


def is_unplanned(one: Occurrence) -> bool:
    """Whether an attendance stands that nobody had planned."""
    category = one.told.get("category")
    return not one.is_cancelled and category in {"unplanned_first", "unplanned_follow_up"}


def within(theirs: Iterable[Occurrence], one: Occurrence, span: timedelta) -> int:
    """How many of them happened in such a span up to one of them."""
    since = one.happened - span
    return sum(since < each.happened <= one.happened for each in theirs)


def arrival_of(one: Occurrence, theirs: Iterable[Occurrence], at: datetime) -> str:
    """Whether somebody who was sent on has arrived by a time, or since when they are missing.

    `theirs` are attendances by them. One that names the referral is the arrival, and one where
    they were sent to, within a week.
    """
    told, sent = one.told, one.happened
    for each in theirs:
        is_named = each.told.get("arrived_referral_id") == told["referral_id"]
        is_there = each.told["site"] == told["to_site"]
        if is_named or (is_there and sent <= each.happened <= sent + _LATEST):
            return "arrived"
    expected = told.get("expected_by")
    until = datetime.fromisoformat(expected) if expected else sent + _OVERDUE
    until = min(until, sent + _LATEST)
    if at < until:
        return "awaited"
    return "missing" if at < until + _STILL_OVERDUE else "still missing"
