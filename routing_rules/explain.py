"""Explaining: what is owed for an occurrence, and why, without Kafka and without a database.

A casebook is the ledger's twin in memory: it takes events in order of arrival through the same
`decide` as the router, so what is explained is what is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from routing_rules.case import Case, HeldDuty, Outcome
from routing_rules.decision import Decision, Json
from routing_rules.learning import (
    Learned,
    learn,
    numbers_in,
    route_again,
    route_and_explain,
    route_event,
)
from routing_rules.register import Register
from routing_rules.register_exceptions import owe_register_problem
from routing_rules.rulebook import Rulebook
from schemas.events import Event, RegisterData
from schemas.occurrence import occurrence_id, occurrence_key
from schemas.values import DutyState

_TOLD = (
    "service",
    "recipient",
    "organisation",
    "kind",
    "about",
    "urgency",
    "respond_by",
    "asks",
    "handling",
    "safe_contact",
    "instead_of",
    "because",
    "content",
    "reasons",
)


@dataclass(slots=True)
class Casebook:
    """Every case of a stream of events, in memory, with the register that they tell of.

    An event that came before changes nothing.
    """

    rulebook: Rulebook
    register: Register = field(default_factory=Register)
    cases: dict[UUID, Case] = field(default_factory=dict)
    told: dict[UUID, Mapping[str, Json]] = field(default_factory=dict)
    of_register: dict[UUID, tuple[HeldDuty, ...]] = field(default_factory=dict)
    """By occurrence: MASH's duties about what a registration tells and cannot stand."""
    seen: set[tuple[str, str]] = field(default_factory=set)
    happened: dict[str, dict[UUID, datetime]] = field(default_factory=dict)
    """By NHS number or pregnancy: the occurrences that it stood in, and when they occurred."""

    def receive(self, event: Event, at: datetime, *, explain: bool = False) -> Outcome | None:
        """Take one event; None if it is a repeat, or told only the register something."""
        if (event.source, event.id) in self.seen:
            return None
        self.seen.add((event.source, event.id))
        key = occurrence_id(occurrence_key(event))
        if isinstance(event.data, RegisterData):
            learned = learn(event, self.register, self.rulebook, at)
            self._owe_problems(key, event, learned, at)
            self._decide_again(learned, at)
            return None
        case = self.cases.get(key) or Case(key)
        route = route_and_explain if explain else route_event
        after, outcome, learned = route(case, event, self.register, self.rulebook, at)
        self._keep(after, outcome, learned)
        self._owe_problems(key, event, learned, at)
        self._decide_again(learned, at, but_not=key)
        return outcome

    def owed_for(self, event: Event) -> list[Mapping[str, Json]]:
        """What was last told of every duty of the event's occurrence that is not withdrawn."""
        key = occurrence_id(occurrence_key(event))
        case = self.cases.get(key)
        duties = (*(case.duties if case else ()), *self.of_register.get(key, ()))
        return [
            {**self.told[held.duty_id], "kind": held.kind.value}
            for held in duties
            if held.state is not DutyState.WITHDRAWN
        ]

    def _owe_problems(
        self, occurrence_id: UUID, event: Event, learned: Learned, at: datetime
    ) -> None:
        """What cannot stand of a registration is owed to MASH, as the router does."""
        for problem in learned.problems:
            owed = owe_register_problem(occurrence_id, problem, event, self.rulebook, at)
            for change in owed:
                self.told[change.held.duty_id] = change.notification
                before = self.of_register.get(occurrence_id, ())
                self.of_register[occurrence_id] = (*before, change.held)

    def _keep(self, case: Case, outcome: Outcome, learned: Learned) -> None:
        self.cases[case.occurrence_id] = case
        for change in outcome.changes:
            self.told[change.held.duty_id] = change.notification
        for number in numbers_in(outcome.data) | learned.stands_under:
            self.happened.setdefault(number, {})[case.occurrence_id] = outcome.occurred_at

    def decide_again(self, occurrence_id: UUID, at: datetime, *, is_late: bool = False) -> Outcome:
        """Decide a known case again: time has passed, or (`is_late`) more is known."""
        outcome, learned = self._decided_again(occurrence_id, at, is_late=is_late)
        self._decide_again(learned, at, but_not=occurrence_id)
        return outcome

    def _decide_again(self, learned: Learned, at: datetime, *, but_not: UUID | None = None) -> None:
        """What happened to those of whom something was learned is decided again.

        In the order in which it happened: a rule that fires once in a while fires for the first,
        and whether it did concerns those after it.
        """
        affected = self._affected(learned, but_not)
        while affected:
            first = min(affected)
            _, more = self._decided_again(first[1], at, is_late=True)
            affected = (affected - {first}) | self._affected(more, first[1])

    def _decided_again(
        self, occurrence_id: UUID, at: datetime, *, is_late: bool
    ) -> tuple[Outcome, Learned]:
        case = self.cases[occurrence_id]
        after, outcome, learned = route_again(
            case, self.register, self.rulebook, at, is_late=is_late
        )
        self._keep(after, outcome, learned)
        return outcome, learned

    def _affected(self, learned: Learned, but_not: UUID | None) -> set[tuple[datetime, UUID]]:
        """What happened to those of whom something was learned, and when it did."""
        return {
            (when, key)
            for number, since in learned.affected.items()
            for key, when in self.happened.get(number, {}).items()
            if when >= since and key != but_not
        }


def explain(event: Event, casebook: Casebook, at: datetime) -> dict[str, Json]:
    """What is owed for the event's occurrence as it now stands, who is not told, and why."""
    if (event.source, event.id) in casebook.seen:
        raise ValueError("the event is among the known ones")
    outcome = casebook.receive(event, at, explain=True)
    decision = Decision((), (), ()) if outcome is None else outcome.decision
    duties: list[Json] = [{name: told[name] for name in _TOLD} for told in casebook.owed_for(event)]
    return {
        "accepted": True,
        "warnings": [{"field": w.field, "reason": w.reason} for w in event.warnings],
        "decision": {"duties": duties, **_why(decision)},
    }


def _why(decision: Decision) -> dict[str, Json]:
    return {
        "nobody": [
            {
                "about": item.about,
                "service": item.service.value if item.service else None,
                "because": item.because,
                **({"basis": item.basis} if item.basis else {}),
            }
            for item in decision.nobody
        ],
        "rules": [
            {"rule": v.rule, "about": v.about, "fired": v.fired, "because": v.because}
            for v in decision.verdicts
        ],
    }
