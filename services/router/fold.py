"""Folds a batch's events, in order, over their cases in memory, and gathers the rows to write."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from routing_rules.case import Case, DutyChange, HeldDuty, Outcome
from routing_rules.learning import Learned, learn, route_identified
from routing_rules.register import Register
from routing_rules.register_exceptions import owe_register_problem
from schemas.events import Event, RegisterData
from schemas.folding import place_in_order
from services.ledger.cases import OccurrenceRow
from services.ledger.decisions import DecisionRow
from services.ledger.duties import DutyChangeRow, DutyRow, DutyUpdate, NotificationRow
from services.ledger.duty_rows import (
    ROUTER,
    duty_change_row,
    duty_row,
    duty_update,
    notification_row,
)
from services.ledger.outbox import OutboxRow
from services.ledger.register import Because
from services.router import rows
from services.router.arrivals import Understood
from services.router.learnings import Learnings
from services.router.routing import Routing, Unroutable


@dataclass(slots=True)
class Fold:
    """One batch's cases, and everything that is to be written of them. Not to be used again."""

    routing: Routing
    at: datetime
    cases: dict[UUID, Case]
    """The cases that the ledger knows already; others begin with their first event."""
    register: Register
    """What is known about everybody in them, and in the batch."""
    by: str = ROUTER
    """Who changes duties: a named person, where one has ordered it."""
    ordered: str | None = None
    """The reason that this person gave."""
    learnings: Learnings = field(default_factory=Learnings)
    new_occurrences: dict[UUID, OccurrenceRow] = field(default_factory=dict)
    known_occurrences: dict[UUID, OccurrenceRow] = field(default_factory=dict)
    decisions: list[DecisionRow] = field(default_factory=list)
    new_duties: dict[UUID, DutyRow] = field(default_factory=dict)
    known_duties: dict[UUID, DutyUpdate] = field(default_factory=dict)
    changes: list[DutyChangeRow] = field(default_factory=list)
    notifications: list[NotificationRow] = field(default_factory=list)
    outbox: dict[UUID, OutboxRow] = field(default_factory=dict)
    """Messages by id, in the order in which they go out."""
    instead_of_withdrawal: dict[UUID, UUID] = field(default_factory=dict)
    """By the id of a first notice that may have no number yet: the id of its withdrawal, which
    need not go out if the notice itself never does."""
    _known: frozenset[UUID] = frozenset()

    def __post_init__(self) -> None:
        self._known = frozenset(self.cases)

    def route(self, arrived: Understood) -> None:
        """Decides one new event and gathers what comes of it. Raises `Unroutable`."""
        routing, event = self.routing, arrived.event
        before = self.cases.get(arrived.occurrence_id, Case(arrived.occurrence_id))
        with _failures_named():
            if isinstance(event.data, RegisterData):
                self._learn(arrived)
            else:
                decided = routing.route_event(
                    before, event, self.register, routing.rulebook, self.at
                )
                self._keep(before, event, decided)
        self.send(routing.post.accepted(arrived.record, event, at=self.at))

    def route_again(self, occurrence_id: UUID, because: Because) -> None:
        """Decides a known case again, though no event says something new. Raises `Unroutable`."""
        before, routing = self.cases[occurrence_id], self.routing
        is_late = because is Because.LEARNED_LATER
        with _failures_named():
            if because is Because.IDENTIFIED:
                decided = route_identified(before, self.register, routing.rulebook, self.at)
            else:
                decided = routing.route_again(
                    before, self.register, routing.rulebook, self.at, is_late=is_late
                )
            latest = max(before.events, key=place_in_order)
            self._keep(before, latest, decided, because)

    def owe(self, changes: Iterable[DutyChange], *, dead_letter_id: UUID) -> None:
        """Gathers the duties about one new dead letter."""
        for change in changes:
            self._keep_change(change, {}, dead_letter_id=dead_letter_id)

    def send(self, message: OutboxRow) -> None:
        """Gathers one message to go out after those gathered before."""
        self.outbox[message.message_id] = message

    def forget_withdrawals(self, never_sent: Iterable[UUID]) -> None:
        """Leaves out the withdrawals of notices that turned out never to have been sent."""
        for notice in never_sent:
            del self.outbox[self.instead_of_withdrawal[notice]]

    def _learn(self, arrived: Understood) -> None:
        """Takes an event into the register; what cannot stand of it is owed to MASH."""
        learned = learn(arrived.event, self.register, self.routing.rulebook, self.at)
        self.learnings.learn(learned)
        self._owe_problems(arrived.occurrence_id, arrived.event, learned)

    def _owe_problems(self, occurrence_id: UUID, event: Event, learned: Learned) -> None:
        """What cannot stand of what was told to the register is owed to MASH."""
        for problem in learned.problems:
            owed = owe_register_problem(
                occurrence_id, problem, event, self.routing.rulebook, self.at
            )
            for change in owed:
                self._keep_change(change, {}, occurrence_id=occurrence_id)

    def _keep(
        self,
        before: Case,
        event: Event,
        decided: tuple[Case, Outcome, Learned],
        because: Because | None = None,
    ) -> None:
        """Gathers what a decision says; `event` is the one that it was made for."""
        after, outcome, learned = decided
        occurrence_id = before.occurrence_id
        self.cases[occurrence_id] = after
        self.learnings.decided(occurrence_id, outcome, learned)
        self._keep_occurrence(rows.occurrence_row(after, outcome))
        made = rows.Made(occurrence_id, self.routing.rulebook.content_hash, self.at, because)
        self.decisions.append(rows.decision_row(event, outcome, made))
        held = {duty.duty_id: duty for duty in before.duties}
        for change in outcome.changes:
            self._keep_change(change, held, occurrence_id=occurrence_id)
        self._owe_problems(occurrence_id, event, learned)

    def _keep_occurrence(self, row: OccurrenceRow) -> None:
        is_known = row.occurrence_id in self._known
        kept = self.known_occurrences if is_known else self.new_occurrences
        kept[row.occurrence_id] = row

    def _keep_change(
        self,
        change: DutyChange,
        held: Mapping[UUID, HeldDuty],
        *,
        occurrence_id: UUID | None = None,
        dead_letter_id: UUID | None = None,
    ) -> None:
        duty_id = change.held.duty_id
        if duty_id not in held and change.owed is not None:
            self.new_duties[duty_id] = duty_row(
                change,
                change.owed,
                occurrence_id=occurrence_id,
                dead_letter_id=dead_letter_id,
                at=self.at,
            )
        else:
            self._keep_update(duty_update(change, at=self.at))
        self.notifications.append(notification_row(change))
        row = duty_change_row(change, by=self.by, at=self.at)
        self.changes.append(
            row if self.ordered is None else row._replace(why=f"{row.why}: {self.ordered}")
        )
        self._notify(change, held.get(duty_id))

    def _keep_update(self, update: DutyUpdate) -> None:
        made_here = self.new_duties.get(update.duty_id)
        if made_here is not None:
            told = {name: value for name, value in update._asdict().items() if value is not None}
            told |= {"late": made_here.late or update.late, "look_at": update.look_at}
            told |= {"learned_later": made_here.learned_later or update.learned_later}
            if update.asks is not None:
                told |= {"act_by": update.act_by, "district": update.district}
                told |= {"unplaced": update.unplaced}
            self.new_duties[update.duty_id] = made_here._replace(**told)
            return
        earlier = self.known_duties.get(update.duty_id)
        if earlier is not None and update.asks is None:
            # a withdrawal keeps what an update in this batch has told
            update = update._replace(
                because=earlier.because,
                asks=earlier.asks,
                reasons=earlier.reasons,
                act_by=earlier.act_by,
                district=earlier.district,
                unplaced=earlier.unplaced,
            )
        if earlier is not None:
            update = update._replace(
                late=update.late or earlier.late,
                learned_later=update.learned_later or earlier.learned_later,
            )
        self.known_duties[update.duty_id] = update

    def _notify(self, change: DutyChange, before: HeldDuty | None) -> None:
        """Sends the notice; a withdrawal only if what it withdraws was, or may have been, sent."""
        notice = self.routing.post.notification(change, at=self.at)
        if change.owed is None and before is not None and before.revision == 1:
            first = self.outbox.get(before.notification_id)
            if first is not None:
                self.outbox[first.message_id] = first._replace(withdrawn_at=self.at)
                return
            self.instead_of_withdrawal[before.notification_id] = notice.message_id
        self.send(notice)


@contextmanager
def _failures_named() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the edge of one event: others must go on
        raise Unroutable(f"routing failed: {type(error).__name__}") from None
