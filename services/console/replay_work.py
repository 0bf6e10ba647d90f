"""A replay as work for a workshop, and what is kept of it: counts, and events by their own ids."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from routing_rules.replaying import Change
from routing_rules.rulebook import load_rulebook
from routing_rules.source_text import RulebookInvalid
from services.console.workshop import Hear, WorkLost, WorkRefused, Workshop
from services.ledger.rulebook_replays import end_replay, note_replay
from services.replay.found import Found
from services.replay.report import Counts, ReplayReport
from services.replay.running import Asked, Progress, replay_period
from services.runtime.clock import Clock
from services.runtime.errors import FieldfareError
from services.runtime.logging import get_logger
from services.runtime.postgres import Pool

_log = get_logger(__name__)
_ROWS = 200
_BEAT = 2.0
_ONE = 1
"""One process: the others are the routers'."""
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Replaying:
    """Work: the texts of a rulebook, and the period to decide again by it. It reads only."""

    dsn: str
    files: Mapping[str, str]
    since: datetime
    until: datetime

    def __call__(self, tell: Hear) -> Json:
        """What is kept of the report; tells of (all, done) occurrences. Raises `WorkRefused`."""
        try:
            rulebook = load_rulebook(self.files)
        except RulebookInvalid as invalid:
            raise WorkRefused("it does not load under this release") from invalid
        asked = Asked(rulebook, self.since, self.until, processes=_ONE)
        return kept(replay_period(self.dsn, asked, _Told(tell)))


class _Told(Progress):
    def __init__(self, tell: Hear) -> None:
        self._tell, self._all, self._done = tell, 0, 0

    def begin(self, occurrences: int) -> None:
        """So many are to be looked at."""
        self._all = occurrences
        self._tell((self._all, 0))

    def done(self, occurrences: int) -> None:
        """So many more have been."""
        self._done += occurrences
        self._tell((self._all, self._done))


def kept(report: ReplayReport) -> Json:
    """What is kept of a report: nobody's name or number, and the first of the differences."""
    return {
        "events": report.events,
        "occurrences": report.occurrences,
        "decided": report.decided,
        "newly_told": report.newly_told,
        "no_longer_told": report.no_longer_told,
        "by_service": _counts(report.by_service()),
        "by_district": _counts(report.by_district()),
        "by_week": _counts(report.by_week()),
        "rows": [_row(each) for each in report.found[:_ROWS]],
    }


def _counts(counts: Mapping[str, Counts]) -> Mapping[str, tuple[int, int]]:
    return {name: (each.newly_told, each.no_longer_told) for name, each in counts.items()}


def _row(found: Found) -> Json:
    telling = found.difference.telling
    return {
        "is_new": found.difference.change is Change.NEWLY_TOLD,
        "occurred_at": found.occurred_at,
        "occurrence_id": found.occurrence_id,
        "event_id": found.event_id,
        "type": found.type.value,
        "person": telling.ref,
        "service": telling.service.value,
        "recipient": telling.recipient,
        "instead_of_them": telling.kind.value == "exception",
        "elsewhere": found.difference.elsewhere,
        "rules": telling.rules,
    }


@dataclass(slots=True)
class ReplayRun:
    """One replay at work for the console: it says how far it is, and keeps what it found."""

    pool: Pool
    clock: Clock
    replay_id: UUID
    _all: int | None = None
    _done: int = 0

    async def run(self, workshop: Workshop, work: Replaying) -> None:
        """Until it has ended; whatever becomes of it is kept. Never raises but when cancelled."""
        beating = asyncio.create_task(self._beat())
        try:
            found, problem = await self._result(workshop, work)
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating
        try:
            await note_replay(self.pool, self.replay_id, self._all, self._done, at=self.clock.now())
            await end_replay(
                self.pool, self.replay_id, at=self.clock.now(), found=found, problem=problem
            )
        except FieldfareError as error:  # nobody hears of it again, so it counts as stopped
            _log.error("replay_not_kept", replay_id=self.replay_id, exc_info=error)

    async def _result(self, workshop: Workshop, work: Replaying) -> tuple[Json | None, str | None]:
        try:
            return await workshop.do(work, self._heard), None
        except WorkRefused as refused:
            return None, str(refused)
        except WorkLost:
            return None, "its process ended, or the database did not answer; begin it again"

    def _heard(self, told: object) -> None:
        match told:
            case (int(occurrences), int(done)):
                self._all, self._done = occurrences, done
            case _:
                _log.warning("replay_said_something_else")

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            try:
                await note_replay(
                    self.pool, self.replay_id, self._all, self._done, at=self.clock.now()
                )
            except FieldfareError as error:
                _log.warning("replay_cannot_say_how_far_it_is", exc_info=error)


LONGEST_LOOK = timedelta(minutes=15)
"""So long its page looks again by itself: who has gone away must not stay signed in."""
