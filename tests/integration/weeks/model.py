"""What an independent reader of docs/missed.md expects: no code of ours decides anything here.

Working days and closing times are written down by hand for the weeks of the scenario; the clocks of
Europe/London come from the system's own time zones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
BANK_HOLIDAYS = {date(2026, 4, 3), date(2026, 4, 6)}
CLOSES = {"gp": (18, 30), "midwifery": (17, 0), "health-visiting": (17, 0), "mash": (18, 0)}
HOUR = timedelta(hours=1)


def london(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A time by the clock on the wall in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def next_working_close(published: datetime, service: str) -> datetime:
    """The close of a service on the next working day after a day in London."""
    day = published.astimezone(LONDON).date() + timedelta(days=1)
    while day.weekday() >= 5 or day in BANK_HOLIDAYS:
        day += timedelta(days=1)
    return london(day.month, day.day, *CLOSES[service])


@dataclass(frozen=True, slots=True)
class Miss:
    """One row that the finder must show, and who must own it then."""

    event: str
    person: str | None
    service: str | None
    cause: str
    awaits: str


@dataclass(frozen=True, slots=True)
class Owed:
    """Somebody who must be told, as the scenario wrote it, and what became of that.

    Times are those at which the ledger hears of it; None is never. `over` is when it was no longer
    theirs. `standing_for`: why MASH has it, if it does.
    """

    event: str
    person: str
    service: str
    owed: datetime
    due: datetime
    acknowledged: datetime | None = None
    finished: datetime | None = None
    refused: datetime | None = None
    over: datetime | None = None
    closed: datetime | None = None
    is_sent: bool = True
    is_to_act: bool = False
    late_because: str | None = None
    standing_for: str | None = None

    def missed(self, at: datetime) -> Miss | None:
        """The row as at a time, if there is one."""
        if self.owed > at or _is(self.over, at):
            return None
        ended = next((each for each in (self.closed, self.finished) if _is(each, at)), None)
        cause = self._cause(at, ended)
        if cause is None:
            return None
        awaits = "nothing" if ended else self._awaits(at)
        return Miss(self.event, self.person, self.service, cause, awaits)

    def _cause(  # noqa: PLR0911 - the document's own list
        self, at: datetime, ended: datetime | None
    ) -> str | None:
        if ended is not None and ended == self.finished:
            answered_late = max(self.acknowledged or ended, ended) > self.due
            return self.late_because or ("late" if answered_late else None)
        if ended is not None and ended <= self.due:
            return None
        if self.standing_for is not None:
            return self.standing_for
        if _is(self.refused, at):
            return "refused"
        is_due = (ended or at) > self.due
        if not self.is_sent:
            return "not_sent" if is_due else None
        if self.late_because is not None:
            return self.late_because
        if not is_due:
            return None
        if not _is(self.acknowledged, at):
            return "not_acknowledged"
        return "not_done" if self.is_to_act else "not_recorded"

    def _awaits(self, at: datetime) -> str:
        if self.standing_for is not None:
            return "mash"
        if _is(self.refused, at):
            return "lead"
        if not self.is_sent:
            return "sending"
        if not _is(self.acknowledged, at):
            return "acknowledgement"
        return "action" if self.is_to_act else "recording"


def _is(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment <= at


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A row that is no duty's: it stands from one moment, to another if that is known."""

    begins: datetime
    miss: Miss
    ends: datetime | None = None

    def missed(self, at: datetime) -> Miss | None:
        """The row as at a time, if there is one."""
        return None if at < self.begins or _is(self.ends, at) else self.miss


def predicted(everything: Iterable[Owed | Elsewhere], at: datetime) -> list[Miss]:
    """Every row that the finder must show at a time, and no other."""
    return [miss for each in everything if (miss := each.missed(at)) is not None]
