"""Whether what was decided of an event is decided so once more, from what the ledger stored.

Each decision of the event's occurrence is made again, in order, by the rulebook that made it. The
facts, who is not told and why, and every notice must be what was stored; where they are not, the
place is named, and never a value.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from routing_rules.case import Outcome
from routing_rules.replaying import History, decided_again
from routing_rules.rulebook import Rulebook
from services.ledger.replaying import StoredDecision, notices_of, read_histories, stored_decisions
from services.ledger.rulebooks import RulebookNotKept, RulebookOutdated, rulebook_of
from services.runtime.postgres import Connection

_OUR_OWN = re.compile(r"[a-z][a-z0-9_' ]*")
"""Names of fields; of other keys, one may be an NHS number."""
_MOST = 50
"""How many places are named of one decision."""


@dataclass(frozen=True, slots=True)
class ReplayedDecision:
    """One decision made again. `differs` names what is not as it was; nothing if all is."""

    at: datetime
    rulebook_hash: str
    because: str | None
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplayedOccurrence:
    """All decisions of an occurrence made again, and notices that none of them tells."""

    occurrence_id: UUID
    decisions: tuple[ReplayedDecision, ...]
    not_told_again: tuple[UUID, ...]

    @property
    def is_the_same(self) -> bool:
        """Whether all is as it was; what was never decided is."""
        return not self.not_told_again and not any(each.differs for each in self.decisions)


async def replay_occurrence(connection: Connection, occurrence_id: UUID) -> ReplayedOccurrence:
    """Makes the decisions of one occurrence again, as they were made. Changes nothing.

    Give a connection whose statements see one moment. Raises `CaseUnreadable`.
    """
    stored = await stored_decisions(connection, occurrence_id)
    histories = await read_histories(connection, [occurrence_id])
    notices = await notices_of(connection, occurrence_id)
    rulebooks: dict[str, Rulebook] = {}
    for each in {decision.rulebook_hash for decision in stored}:
        loaded = await _load(connection, each)
        if isinstance(loaded, str):
            why = loaded
            return ReplayedOccurrence(
                occurrence_id,
                tuple(
                    _replayed(one, (why,) if one.rulebook_hash == each else ()) for one in stored
                ),
                (),
            )
        rulebooks[each] = loaded
    told: set[UUID] = set()
    decisions = tuple(
        _replayed(decision, _differences(decision, outcome, notices, told))
        for decision, outcome in zip(
            stored, _outcomes(histories[occurrence_id], rulebooks), strict=True
        )
    )
    return ReplayedOccurrence(
        occurrence_id, decisions, tuple(sorted(notices.keys() - told)) if stored else ()
    )


async def _load(connection: Connection, kept_as: str) -> Rulebook | str:
    """The rulebook of a hash, or why it cannot be had."""
    try:
        return await rulebook_of(connection, kept_as)
    except RulebookNotKept:
        return "the ledger does not keep this rulebook as it was"
    except RulebookOutdated:
        return "this release cannot load this rulebook"


def _outcomes(history: History, rulebooks: Mapping[str, Rulebook]) -> Iterator[Outcome]:
    decided = decided_again(history, lambda point: rulebooks[point.rulebook_hash], as_ordered=True)
    return (outcome for _, outcome in decided)


def _replayed(decision: StoredDecision, differs: tuple[str, ...]) -> ReplayedDecision:
    return ReplayedDecision(decision.at, decision.rulebook_hash, decision.because, differs)


def _differences(
    stored: StoredDecision,
    outcome: Outcome,
    notices: Mapping[UUID, Mapping[str, Any] | None],
    told: set[UUID],
) -> tuple[str, ...]:
    nobody = [
        {"about": each.about, "service": each.service, "because": each.because}
        | ({"basis": each.basis} if each.basis else {})
        for each in outcome.decision.nobody
    ]
    places = [
        *_places(stored.facts, _as_stored(outcome.facts), "facts"),
        *_places(stored.nobody, _as_stored(nobody), "nobody"),
    ]
    for change in outcome.changes:
        notice = change.held.notification_id
        told.add(notice)
        if notice not in notices:
            places.append(f"notice {notice}: there was none")
        elif (body := notices[notice]) is not None:
            places += _places(body, _as_stored(change.notification), f"notice {notice}")
    return tuple(places[:_MOST])


def _as_stored(value: object) -> Any:
    return from_json(to_json(value))


def _places(then: Any, now: Any, path: str) -> Iterator[str]:
    """Where two JSON values differ, by path; never what stands there."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in sorted(then.keys() | now.keys()):
            shown = f"{path}.{name if _OUR_OWN.fullmatch(name) else '*'}"
            if name not in then or name not in now:
                yield shown
            else:
                yield from _places(then[name], now[name], shown)
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, pair in enumerate(zip(then, now, strict=True)):
            yield from _places(*pair, f"{path}.{number}")
    elif then != now or type(then) is not type(now):
        yield path
