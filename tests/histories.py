"""Histories of occurrences as a ledger would have stored them, made in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, cast
from uuid import UUID

from pydantic_core import to_json

from routing_rules.case import Case, Outcome
from routing_rules.explain import Casebook
from routing_rules.footing_reading import Footing, features_of, read_footing
from routing_rules.known import NOTHING_KNOWN, Known, known_from_json
from routing_rules.learning import Learned
from routing_rules.replay_sieve import StoredFacts
from routing_rules.replaying import History, Point, standing
from routing_rules.rulebook import Rulebook
from schemas.events import Event
from schemas.reading import read_event
from schemas.values import EventType
from tests.benchmarks.workload import START, county_messages
from tests.builders import staffordshire


class Stored(NamedTuple):
    """The facts of one decision, and of what kind of event it was; `as_json`: the same features."""

    type: EventType
    facts: StoredFacts
    leaves_out: bool
    footing: Footing | None
    as_json: tuple[str, str]


@dataclass(slots=True)
class Remembering(Casebook):
    """A casebook that keeps what each decision rested on."""

    now: datetime = START
    is_late: bool = False
    points: dict[UUID, list[Point]] = field(default_factory=dict)
    facts: dict[UUID, list[Stored]] = field(default_factory=dict)

    def receive(self, event: Event, at: datetime, *, explain: bool = False) -> Outcome | None:
        self.now, self.is_late = at, False
        return Casebook.receive(self, event, at, explain=explain)

    def _decided_again(
        self, occurrence_id: UUID, at: datetime, *, is_late: bool
    ) -> tuple[Outcome, Learned]:
        self.now, self.is_late = at, is_late
        return Casebook._decided_again(self, occurrence_id, at, is_late=is_late)

    def _keep(self, case: Case, outcome: Outcome, learned: Learned) -> None:
        points = self.points.setdefault(case.occurrence_id, [])
        is_new = sum(each.event is not None for each in points) < len(case.events)
        points.append(
            Point(
                at=self.now,
                rulebook_hash=self.rulebook.content_hash,
                event=case.events[-1] if is_new else None,
                known=_known(outcome),
                is_late=self.is_late and not is_new,
                returns=case.returns,
                identified=case.identified,
            )
        )
        self.facts.setdefault(case.occurrence_id, []).append(_stored(case, outcome))
        Casebook._keep(self, case, outcome, learned)

    def histories(self) -> list[tuple[History, list[Stored]]]:
        """Every occurrence with what a ledger would know of it."""
        made = []
        for occurrence_id, points in self.points.items():
            history = History(occurrence_id, tuple(points))
            told = standing(history, self.rulebook)
            whole = History(occurrence_id, tuple(points), told=told)
            made.append((whole, self.facts[occurrence_id]))
        return made


def _known(outcome: Outcome) -> Known:
    known = cast("Mapping[str, Any] | None", outcome.facts["known"])
    return NOTHING_KNOWN if known is None else known_from_json(known)


def _stored(case: Case, outcome: Outcome) -> Stored:
    facts = cast("Mapping[str, Any]", outcome.facts)
    features = StoredFacts(
        features_of(facts["event"]), [features_of(each["features"]) for each in facts["people"]]
    )
    footing = None if outcome.footing is None else read_footing(to_json(outcome.footing))
    people = to_json([each["features"] for each in facts["people"]]).decode()
    texts = (to_json(facts["event"]).decode(), people)
    return Stored(case.events[0].type, features, outcome.leaves_out, footing, texts)


@cache
def county_book(messages: int, rulebook: Rulebook | None = None) -> Remembering:
    """What a casebook remembers of a synthetic county."""
    book = Remembering(rulebook or staffordshire())
    for number, message in enumerate(county_messages(messages)):
        event = read_event(message.body, (), publisher=message.publisher, family=message.family)
        if isinstance(event, Event):
            book.receive(event, START + timedelta(seconds=number))
    return book
