"""What every rule said of everybody in an occurrence, by the facts and the rulebook of then.

Verdicts are not stored: they are worked out again from what the last decision rested on.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from routing_rules.case import Case
from routing_rules.casework import decide_and_explain
from routing_rules.decision import NotTold, Verdict
from routing_rules.document import Rule
from routing_rules.replaying import History, Point
from routing_rules.rulebook import Rulebook
from routing_rules.vocabulary import Features
from schemas.events import Event
from schemas.folding import place_in_order
from services.ledger.cases import CaseUnreadable
from services.ledger.jsonb import from_json as stored_json
from services.ledger.queries import SQL
from services.ledger.replaying import StoredDecision, read_histories, stored_decisions
from services.ledger.rulebooks import RulebookNotKept, RulebookOutdated, files_of, loaded
from services.runtime.errors import PermanentError
from services.runtime.postgres import Connection


class NotExplained(PermanentError):
    """Why nothing can be worked out again; a sentence for whoever asked, without any value."""


@dataclass(frozen=True, slots=True)
class Explained:
    """The last decision of an occurrence, explained.

    `event` and `people` (by reference) are the features of then, as rules see them. `rules` are
    those about this kind of event. `is_as_then`: the facts are what was stored with the decision.
    """

    at: datetime
    rulebook: str
    verdicts: tuple[Verdict, ...]
    nobody: tuple[NotTold, ...]
    rules: tuple[Rule, ...]
    event: Features
    people: Mapping[str, Features]
    is_as_then: bool


async def explained(
    connection: Connection, occurrence_id: UUID, in_hand: Rulebook | None = None
) -> Explained:
    """Every verdict of the last decision about an occurrence. Changes nothing.

    Give a connection whose statements see one moment. A rulebook that is not the one in hand is
    loaded, which takes about a second. Raises `NotExplained`.
    """
    stored = await stored_decisions(connection, occurrence_id)
    if not stored:
        raise NotExplained("Nothing was decided about this event: it told the register something.")
    last = stored[-1]
    if not last.facts:
        raise NotExplained("The record has no facts of this decision any more.")
    rulebook = await _rulebook(connection, last.rulebook_hash, in_hand)
    try:
        history = (await read_histories(connection, [occurrence_id]))[occurrence_id]
    except CaseUnreadable:
        raise NotExplained(
            "This release cannot read the facts of this decision. What was decided stands above."
        ) from None
    row = (await connection.fetch(SQL["known_occurrences"], [occurrence_id]))[0]
    return _explained(history, stored_json(row["person_keys"]), last, rulebook)


async def _rulebook(connection: Connection, kept_as: str, in_hand: Rulebook | None) -> Rulebook:
    if in_hand is not None and in_hand.content_hash == kept_as:
        return in_hand
    try:
        return await asyncio.to_thread(loaded, await files_of(connection, kept_as), kept_as)
    except RulebookNotKept:
        raise NotExplained("The record does not keep the rulebook of this decision.") from None
    except RulebookOutdated:
        raise NotExplained("This release cannot load the rulebook of this decision.") from None


def _explained(
    history: History, keys: Mapping[str, str], stored: StoredDecision, rulebook: Rulebook
) -> Explained:
    point, events = history.points[-1], [p.event for p in history.points if p.event is not None]
    event = _event_of(point, events)
    case = Case(
        history.occurrence_id,
        events=tuple(each for each in events if each is not event),
        person_keys=keys,
        returns=point.returns,
        identified=point.identified,
    )
    _, outcome = decide_and_explain(case, event, rulebook, point.at, point.known)
    people: list[dict[str, Any]] = list(stored.facts["people"])
    now = from_json(to_json(outcome.facts))
    return Explained(
        at=stored.at,
        rulebook=f"{rulebook.name}@sha256:{rulebook.content_hash}",
        verdicts=outcome.decision.verdicts,
        nobody=tuple(_not_told(each) for each in stored.nobody),
        rules=rulebook.rules_for(event.type),
        event=_features(now["event"]),
        people={each["ref"]: _features(each["features"]) for each in now["people"]},
        is_as_then=(now["event"], now["people"]) == (stored.facts["event"], people),
    )


def _event_of(point: Point, events: list[Event]) -> Event:
    """The event that was decided for; where the case was decided again, the latest."""
    return point.event if point.event is not None else max(events, key=place_in_order)


def _features(stored: Mapping[str, Any]) -> Features:
    return {
        name: frozenset(value) if isinstance(value, list) else value
        for name, value in stored.items()
    }


def _not_told(stored: Mapping[str, Any]) -> NotTold:
    return NotTold(stored["about"], stored["service"], stored["because"], stored.get("basis"))
