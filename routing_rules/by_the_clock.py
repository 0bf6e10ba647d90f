"""What the watch sends by the clock: the daily list (P41) and the weekly digest of gaps.

A day is no occurrence, so the router cannot owe these. They are duties of the watch, about nobody:
counts and references of notices that the reader holds, and nothing of a person. What stands in a
list about a child is in that child's own notice, which can be corrected and withdrawn.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from routing_rules.case import DutyChange
from routing_rules.decision import Json, Reason
from routing_rules.directory import Team
from routing_rules.rulebook import Rulebook
from routing_rules.standing_handlers import gaps_in
from routing_rules.watch_notices import WatchNotice, owe_notice
from routing_rules.working_time import LONDON, Calendar
from schemas.notification import DAILY_LIST_TYPE, GAP_DIGEST_TYPE
from schemas.values import Ask, Service, Urgency

SENT_AT = time(6)
"""In London, of lists and digests alike (report, para 5.2.8)."""
MOST_LISTED = 2000
"""How many notices a list names one by one; its counts are always of all."""
_CLOCK = UUID("2f6f9d0e-6a0d-5f0c-9c8b-41d9f7a8e1b3")
_ONE_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_LIST_REASON = Reason(
    "daily-list", "Paediatric liaison sees every child who attended, and chooses whom to follow up."
)
_NO_GAP = "no gap: nothing to report"
_DIGEST_REASON = Reason(
    "gap-digest", "A gap in what is commissioned is mended by whoever commissions, once it is seen."
)


class ClockNotice(StrEnum):
    """What is sent by the clock; also its name in the ledger."""

    DAILY_LIST = "daily_list"
    GAP_DIGEST = "gap_digest"


class Listed(StrEnum):
    """What a list says of a notice."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ListedNotice:
    """A notice that the reader holds: its own number, where and when, and what became of it."""

    notification_id: UUID
    occurred_at: datetime
    site: str | None
    listed: Listed
    asks: bool


@dataclass(frozen=True, slots=True)
class DailyList:
    """Everything that one list is about. All times are aware.

    `covers_from` is when the list before it was made. `missed` are days of which no list was sent.
    """

    team: Team
    due_at: datetime
    covers_from: datetime
    made_at: datetime
    notices: Sequence[ListedNotice]
    missed: Sequence[date] = ()


@dataclass(frozen=True, slots=True)
class UnplacedCount:
    """How many exceptions of a week have the same reasons, service, home district and owner."""

    because: str
    service: Service
    district: str | None
    recipient: str
    duties: int
    still_open: int


@dataclass(frozen=True, slots=True)
class GapDigest:
    """A week of exceptions; `due_at` is the Monday after it (aware)."""

    team: Team
    due_at: datetime
    made_at: datetime
    unplaced: Sequence[UnplacedCount]


def list_due_at(at: datetime, calendar: Calendar) -> datetime:
    """When (UTC) the last list was due by a time (aware): at six on a working day in London."""
    day = at.astimezone(LONDON).date()
    while not calendar.is_working_day(day) or _six_on(day) > at:
        day -= _ONE_DAY
    return _six_on(day)


def digest_due_at(at: datetime) -> datetime:
    """When (UTC) the last digest was due by a time (aware): at six on a Monday in London."""
    day = at.astimezone(LONDON).date()
    while day.weekday() or _six_on(day) > at:
        day -= _ONE_DAY
    return _six_on(day)


def digest_after(due_at: datetime) -> datetime:
    """When (UTC) the digest after this one is due; clocks may change in between."""
    return digest_due_at(due_at + _WEEK + timedelta(hours=2))


def week_before(due_at: datetime) -> tuple[datetime, datetime]:
    """The week that a digest is about: from Monday to Monday at midnight in London, in UTC."""
    monday = due_at.astimezone(LONDON).date()
    return _midnight(monday - _WEEK), _midnight(monday)


def days_without_list(
    last_due_at: datetime, due_at: datetime, calendar: Calendar
) -> tuple[date, ...]:
    """The working days between two lists of which none was sent, because nobody watched."""
    first, last = (each.astimezone(LONDON).date() for each in (last_due_at, due_at))
    between = (first + _ONE_DAY * n for n in range(1, (last - first).days))
    return tuple(day for day in between if calendar.is_working_day(day))


def is_late(due_at: datetime, made_at: datetime, rulebook: Rulebook) -> bool:
    """Whether something was made so long after its time that the watch must have stopped."""
    return made_at - due_at > rulebook.escalation.late_after


def owe_daily_list(told: DailyList, rulebook: Rulebook, link: str) -> DutyChange:
    """The team's duty to acknowledge the list by the end of its day; even an empty one."""
    by_site = Counter(each.site or "not known" for each in told.notices)
    by_kind = Counter(each.listed for each in told.notices)
    shown = told.notices[:MOST_LISTED]
    content: dict[str, Json] = {
        "list": "children who attended",
        "covers": _period(told.covers_from, told.made_at),
        "notices": len(told.notices),
        "says": _in_words(len(told.notices)),
        "counts": {kind.value: by_kind[kind] for kind in Listed},
        "sites": [{"site": site, "notices": n} for site, n in sorted(by_site.items())],
        "listed": [_reference(each) for each in shown],
        "left_out": len(told.notices) - len(shown),
        "late": is_late(told.due_at, told.made_at, rulebook),
        "no_list_on": [day.isoformat() for day in told.missed],
        "link": link,
    }
    notice = WatchNotice(
        belongs_to=id_of(ClockNotice.DAILY_LIST, told.team.recipient, told.due_at),
        team=told.team,
        urgency=Urgency.SAME_DAY,
        reason=_LIST_REASON,
        because=f"daily list: {_in_words(len(told.notices))}",
        content=content,
        told_of=DAILY_LIST_TYPE,
    )
    return owe_notice(notice, rulebook, told.made_at)


def owe_digest(told: GapDigest, rulebook: Rulebook) -> DutyChange:
    """The commissioner's duty to acknowledge a week's gaps, even if there were none."""
    gaps = list(_gaps(told.unplaced, rulebook))
    begins, ends = week_before(told.due_at)
    total = sum(row.duties for row in told.unplaced if gaps_in(row.because))
    content: dict[str, Json] = {
        "digest": "gaps in what is commissioned",
        "covers": _period(begins, ends),
        "duties": total,
        "says": f"duties without a commissioned team: {total}" if total else _NO_GAP,
        "gaps": gaps,
        "late": is_late(told.due_at, told.made_at, rulebook),
    }
    notice = WatchNotice(
        belongs_to=id_of(ClockNotice.GAP_DIGEST, told.team.recipient, told.due_at),
        team=told.team,
        urgency=Urgency.ROUTINE,
        reason=_DIGEST_REASON,
        because="weekly digest of gaps in what is commissioned",
        content=content,
        asks=(Ask.ACKNOWLEDGE,),
        told_of=GAP_DIGEST_TYPE,
    )
    return owe_notice(notice, rulebook, told.made_at)


def id_of(name: ClockNotice, recipient: str, due_at: datetime) -> UUID:
    """The matter's id: the same for every watch that would send it."""
    return uuid5(_CLOCK, f"{name}|{recipient}|{due_at.astimezone(UTC).isoformat()}")


def _gaps(unplaced: Sequence[UnplacedCount], rulebook: Rulebook) -> Iterator[Json]:
    """Counts by gap, service, district and who had them, the most frequent first."""
    rows: dict[tuple[str, str, str, str], list[int]] = {}
    for each in unplaced:
        district = rulebook.settings.districts.get(each.district or "", "elsewhere or not known")
        for gap in gaps_in(each.because):
            key = (gap, each.service.value, district, each.recipient)
            counts = rows.setdefault(key, [0, 0])
            counts[0] += each.duties
            counts[1] += each.still_open
    for key, (duties, still_open) in sorted(rows.items(), key=lambda row: (-row[1][0], row[0])):
        gap, service, district, owner = key
        told: Mapping[str, Json] = {"gap": gap, "service": service, "district": district}
        yield {**told, "told_instead": owner, "duties": duties, "still_open": still_open}


def _reference(notice: ListedNotice) -> Json:
    return {
        "notification_id": str(notice.notification_id),
        "occurred_at": notice.occurred_at.isoformat(),
        "site": notice.site,
        "is": notice.listed.value,
        "asks": notice.asks,
    }


def _in_words(notices: int) -> str:
    """Nothing to report is said: it must differ from silence."""
    if not notices:
        return "nobody to list: nothing to report"
    return f"{notices} {'notice' if notices == 1 else 'notices'} about children who attended"


def _period(begins: datetime, ends: datetime) -> Json:
    return {"from": begins.astimezone(UTC).isoformat(), "until": ends.astimezone(UTC).isoformat()}


def _six_on(day: date) -> datetime:
    return datetime.combine(day, SENT_AT, LONDON).astimezone(UTC)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
