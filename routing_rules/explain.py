"""Explaining: what is owed for an occurrence, and why, without Kafka and without a database.

A casebook is the ledger's twin in memory: it takes events in order of arrival through the same
`decide` as the router, so what is explained is what is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from routing_rules.case import Case, Outcome
from routing_rules.casework import decide
from routing_rules.decision import Decision, Json
from routing_rules.rulebook import Rulebook
from schemas.events import Event
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
    """Every case of a stream of events, in memory; an event that came before changes nothing."""

    rulebook: Rulebook
    cases: dict[UUID, Case] = field(default_factory=dict)
    told: dict[UUID, Mapping[str, Json]] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def receive(self, event: Event, at: datetime, *, explain: bool = False) -> Outcome | None:
        """Take one event; None if it is a repeat."""
        if (event.source, event.id) in self.seen:
            return None
        self.seen.add((event.source, event.id))
        key = occurrence_id(occurrence_key(event))
        case = self.cases.get(key) or Case(key)
        self.cases[key], outcome = decide(case, event, self.rulebook, at, explain=explain)
        for change in outcome.changes:
            self.told[change.held.duty_id] = change.notification
        return outcome

    def owed_for(self, event: Event) -> list[Mapping[str, Json]]:
        """What was last told of every duty of the event's occurrence that is not withdrawn."""
        case = self.cases[occurrence_id(occurrence_key(event))]
        return [
            {**self.told[held.duty_id], "kind": held.kind.value}
            for held in case.duties
            if held.state is not DutyState.WITHDRAWN
        ]


def explain(event: Event, casebook: Casebook, at: datetime) -> dict[str, Json]:
    """What is owed for the event's occurrence as it now stands, who is not told, and why."""
    outcome = casebook.receive(event, at, explain=True)
    if outcome is None:
        raise ValueError("the event is among the known ones")
    duties: list[Json] = [{name: told[name] for name in _TOLD} for told in casebook.owed_for(event)]
    return {
        "accepted": True,
        "warnings": [{"field": w.field, "reason": w.reason} for w in event.warnings],
        "decision": {"duties": duties, **_why(outcome.decision)},
    }


def _why(decision: Decision) -> dict[str, Json]:
    return {
        "nobody": [
            {
                "about": item.about,
                "service": item.service.value if item.service else None,
                "because": item.because,
            }
            for item in decision.nobody
        ],
        "rules": [
            {"rule": v.rule, "about": v.about, "fired": v.fired, "because": v.because}
            for v in decision.verdicts
        ],
    }
