"""One look at the sources: gaps are noted, and whatever is wrong is opened, healed or settled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from routing_rules.case import DutyChange
from routing_rules.gap_keeping import keep_gaps
from routing_rules.rulebook import Rulebook
from routing_rules.source_findings import Finding, FindingKind, SourceSeen, findings, undecided
from routing_rules.source_notices import owe_finding
from routing_rules.sources import Counted, Source
from routing_rules.watch_notices import withdraw_notice
from services.ledger import source_watching
from services.ledger.jsonb import json_text
from services.ledger.queues import Queues
from services.ledger.source_probes import ask_probes, note_returned_probes
from services.ledger.source_reading import sources_seen
from services.ledger.source_watching import FindingRow, OpenFinding
from services.ledger.watching import held_duties
from services.runtime.logging import get_logger
from services.runtime.postgres import Connection, Pool, transaction
from services.watch.notices import write_notices

TOLD_AGAIN_AFTER = timedelta(hours=24)
"""How long after somebody answered it is told again that a thing is wrong still."""
HEALED = "it is so no more"
ANSWERED = "a named person has answered for it"
WRONG_STILL = "it was answered, and is wrong still"
_SETTLED_BY_ANSWER = frozenset(
    {
        FindingKind.SEQUENCE_GAP,
        FindingKind.LOG_GAP,
        FindingKind.DAILY_COUNT_DIFFERS,
        FindingKind.NUMBERS_REPEATED,
    }
)
"""What cannot be put right any more: once answered for, it is over, and what is new is told."""

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look did, counted."""

    opened: int = 0
    ended: int = 0


@dataclass(slots=True)
class _Changes:
    """What one look is about to write."""

    opened: list[FindingRow] = field(default_factory=list)
    ended: dict[UUID, str] = field(default_factory=dict)
    settled: list[OpenFinding] = field(default_factory=list)
    healed: list[OpenFinding] = field(default_factory=list)
    duties: list[DutyChange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SourceWatch:
    """Looks at sources under one rulebook. Any number may run at once: one looks at a time.

    `with_probes` asks for a probe of each source and hour; without, silence is judged without
    knowing whether the way is open.
    """

    pool: Pool
    rulebook: Rulebook
    queues: Queues
    with_probes: bool = True

    async def look(self, at: datetime) -> Looked:
        """Notes gaps, and opens or ends findings, each with its duties.

        In two transactions, each all or nothing: killed at any moment, the next look goes on.
        Raises `DatabaseAway`, after which a look may have been taken; repeating it is harmless.
        """
        async with transaction(self.pool) as connection:
            if not await source_watching.try_source_watch(connection):
                return Looked()
            await self._keep_numbers(connection, at)
        async with transaction(self.pool) as connection:
            if not await source_watching.try_source_watch(connection):
                return Looked()
            changes = await self._judge(connection, at)
            await self._write(connection, changes, at)
        for row in changes.opened:
            _log.warning("source_finding", publisher=row.publisher, kind=row.kind.value)
        return Looked(len(changes.opened), len(changes.ended))

    async def _keep_numbers(self, connection: Connection, at: datetime) -> None:
        listed = self._sources()
        await source_watching.ensure_feeds(connection, listed.keys(), at=at)
        if self.with_probes:
            await ask_probes(connection, listed.keys(), at=at)
            await note_returned_probes(connection, at=at)
        counted = {name for name, source in listed.items() if source.counted is Counted.YES}
        for feed, gaps in await source_watching.claim_feeds(connection):
            kept = keep_gaps(
                feed.numbers, feed.repeated, feed.mark, at, is_counted=feed.publisher in counted
            )
            await source_watching.keep_feed(connection, feed, gaps, kept, at=at)

    async def _judge(self, connection: Connection, at: datetime) -> _Changes:
        known: defaultdict[str, list[OpenFinding]] = defaultdict(list)
        for finding in await source_watching.open_findings(connection):
            known[finding.publisher].append(finding)
        changes = _Changes()
        for seen in await sources_seen(connection, at=at):
            source = self._sources().get(seen.publisher)
            holidays = self.rulebook.calendar.bank_holidays.keys()
            found = findings(seen, source, at, bank_holidays=holidays)
            self._compare(changes, seen, {f.kind: f for f in found}, known[seen.publisher], at)
        return changes

    def _compare(
        self,
        changes: _Changes,
        seen: SourceSeen,
        found: Mapping[FindingKind, Finding],
        known: Iterable[OpenFinding],
        at: datetime,
    ) -> None:
        """What is new is opened, what is no more is ended, what was answered is settled."""
        stays: set[FindingKind] = set()
        for each in known:
            stays.add(each.kind)
            if each.answered_at is not None and each.kind in _SETTLED_BY_ANSWER:
                changes.settled.append(each)
                changes.ended[each.finding_id] = ANSWERED
            elif each.kind not in found and each.kind not in undecided(seen):
                changes.healed.append(each)
                changes.ended[each.finding_id] = HEALED
            elif each.kind in found and _is_told_again(each, at):
                changes.ended[each.finding_id] = WRONG_STILL
                stays.discard(each.kind)
        for kind, finding in found.items():
            if kind not in stays:
                self._open(changes, seen.publisher, finding, at)

    def _open(self, changes: _Changes, publisher: str, finding: Finding, at: datetime) -> None:
        source = self._sources().get(publisher)
        owed = owe_finding(publisher, source, finding, self.rulebook, at)
        first, *rest = (change.held.duty_id for change in owed.changes)
        copy = rest[0] if rest else None
        detail = json_text({"because": finding.because, **finding.detail})
        changes.duties += owed.changes
        changes.opened.append(
            FindingRow(owed.finding_id, publisher, finding.kind, detail, at, first, copy)
        )

    async def _write(self, connection: Connection, changes: _Changes, at: datetime) -> None:
        for finding in changes.settled:
            await source_watching.settle(connection, finding, at=at)
        await source_watching.end_findings(connection, changes.ended, at=at)
        withdrawn = await self._withdraw(connection, changes.healed, at)
        await write_notices(connection, [*changes.duties, *withdrawn], self.queues, at=at)
        await source_watching.insert_findings(connection, changes.opened)

    async def _withdraw(
        self, connection: Connection, healed: Sequence[OpenFinding], at: datetime
    ) -> list[DutyChange]:
        """Takes back what is still open about findings that have healed."""
        belongs_to = {duty: each.finding_id for each in healed for duty in each.duties}
        if not belongs_to:
            return []
        still_open = await source_watching.lock_open_duties(connection, list(belongs_to))
        held = await held_duties(connection, still_open) if still_open else ()
        return [
            withdraw_notice(belongs_to[each.duty_id], each, HEALED, self.rulebook, at)
            for each in held
        ]

    def _sources(self) -> Mapping[str, Source]:
        return {source.publisher: source for source in self.rulebook.settings.sources}


def _is_told_again(finding: OpenFinding, at: datetime) -> bool:
    return finding.answered_at is not None and at - finding.answered_at >= TOLD_AGAIN_AFTER
