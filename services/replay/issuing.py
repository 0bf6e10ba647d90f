"""Issuing, late, what a replay found that somebody should have been told.

One transaction an occurrence, under the routers' own locks and through their own path, so that a
duty is owed once whoever is at work beside it, and however often the order is given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

from routing_rules.late_tellings import TellLate
from schemas.values import Service
from services.ledger import repairs
from services.ledger.register import Because
from services.ledger.repairs import ReplayIssueRow
from services.ledger.rulebooks import keep_rulebook
from services.replay.failpoints import Failpoint, Failpoints, NoFailpoints
from services.replay.found import Found
from services.replay.report import ReplayReport
from services.router.batch import write_fold
from services.router.before import lock_occurrences, read_occurrences
from services.router.fold import Fold
from services.router.orders import Order
from services.router.routing import Routing
from services.router.settling import NOT_TO_BE_DONE
from services.runtime.clock import Clock
from services.runtime.postgres import Connection, Pool, transaction

_ISSUES = UUID("6d1b6d0e-6a36-5c1e-9d3f-0b1c8a7e5f42")

Whom = frozenset[tuple[str, Service]]


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of an order: how many were told, how many of those found need not be any more.

    `failed` are occurrences that could not be decided; nothing was changed about them.
    """

    told: int = 0
    not_any_more: int = 0
    failed: tuple[UUID, ...] = ()

    def __add__(self, other: "Issued") -> "Issued":
        return Issued(
            self.told + other.told,
            self.not_any_more + other.not_any_more,
            self.failed + other.failed,
        )


@dataclass(frozen=True, slots=True)
class Issuing:
    """Issues by a rulebook, for a named person. `routing` holds the rulebook that was replayed."""

    pool: Pool
    routing: Routing
    order: Order
    clock: Clock
    failpoints: Failpoints = field(default_factory=NoFailpoints)

    async def issue(self, report: ReplayReport) -> Issued:
        """Tells everybody whom the report finds, if they are owed it as things now stand.

        Each occurrence is told wholly or not at all; killed anywhere, giving the order again does
        the rest. Raises `DatabaseAway` and `DatabaseProblem`, after which the same holds.
        """
        issue_id = await self._keep_order(report)
        issued = Issued()
        for occurrence_id, whom in _to_be_told(report.found.newly_told()).items():
            issued += await self._issue_one(issue_id, occurrence_id, whom)
        return issued

    async def _keep_order(self, report: ReplayReport) -> UUID:
        """Keeps the rulebook, and who ordered what; the same order has the same id."""
        rulebook, order = self.routing.rulebook, self.order
        period = (report.since.isoformat(), report.until.isoformat())
        said = "|".join((rulebook.content_hash, *period, order.by, order.why))
        issue_id, at = uuid5(_ISSUES, said), self.clock.now()
        row = ReplayIssueRow(
            issue_id=issue_id,
            rulebook_hash=rulebook.content_hash,
            since=report.since,
            until=report.until,
            issued_by=order.by,
            why=order.why,
            issued_at=at,
        )
        async with transaction(self.pool) as connection:
            await keep_rulebook(connection, rulebook, at=at)
            await repairs.insert_replay_issue(connection, row)
        return issue_id

    async def _issue_one(self, issue_id: UUID, occurrence_id: UUID, whom: Whom) -> Issued:
        try:
            async with transaction(self.pool) as connection:
                told = await self._tell(connection, issue_id, occurrence_id, whom)
                await self.failpoints.reached(Failpoint.WRITTEN)
        except NOT_TO_BE_DONE:  # whoever ordered it is told which; the others go on
            return Issued(failed=(occurrence_id,))
        await self.failpoints.reached(Failpoint.COMMITTED)
        return told

    async def _tell(
        self, connection: Connection, issue_id: UUID, occurrence_id: UUID, whom: Whom
    ) -> Issued:
        await lock_occurrences(connection, [occurrence_id])
        await self.failpoints.reached(Failpoint.LOCKED)
        at = self.clock.now()
        before = await read_occurrences(connection, [occurrence_id])
        routing = replace(self.routing, route_again=TellLate(whom))
        ordered = f"{self.order.why} (rulebook {routing.rulebook.label})"
        fold = Fold(routing, at, before.cases, before.register, by=self.order.by, ordered=ordered)
        fold.route_again(occurrence_id, Because.REPLAYED)
        if not fold.new_duties:
            return Issued(not_any_more=len(whom))
        fold.learnings.leave_what_waits()
        await write_fold(connection, fold)
        await repairs.mark_issued(connection, list(fold.new_duties), issue_id)
        reached = _reached(fold)
        return Issued(told=len(fold.new_duties), not_any_more=len(whom - reached))


def _to_be_told(found: Iterable[Found]) -> Mapping[UUID, Whom]:
    """By occurrence, in the order in which they happened: a rule may fire for the first only."""
    whom: dict[UUID, set[tuple[str, Service]]] = {}
    for each in found:
        whom.setdefault(each.occurrence_id, set()).add(each.difference.telling.whom)
    return {occurrence_id: frozenset(each) for occurrence_id, each in whom.items()}


def _reached(fold: Fold) -> Whom:
    return frozenset(
        (row.person_key, Service(row.instead_of or row.service)) for row in fold.new_duties.values()
    )
