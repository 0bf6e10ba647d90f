"""What a replay reads first: footings, features, and who was told; mostly all that it needs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import asyncpg
from pydantic_core import from_json

from routing_rules.footing_reading import Footing, features_in, features_of, read_footing
from routing_rules.reconcile import Identity
from routing_rules.replay_sieve import StoredFacts
from schemas.values import DutyState, EventType
from services.ledger.queries import SQL
from services.ledger.replaying import Happening, Occurrence, grouped
from services.runtime.postgres import Connection


class Scanned(NamedTuple):
    """What a sieve needs to know of one stored decision; `leaves_out` as in `DecisionRow`.

    `happening` is the first event of its occurrence.
    `knows_endings` and `stored`, the features as JSON, are said where there is no footing. Footings
    of one occurrence that are equal are one object.
    """

    happening: Happening
    rulebook_hash: str
    because: str | None
    knows_endings: bool
    leaves_out: bool | None
    footing: Footing | None
    stored: tuple[str, str | None] | None = None

    @property
    def type(self) -> EventType:
        """Of which kind the event is."""
        return self.happening.type

    @property
    def has_endings(self) -> bool:
        """Whether it may have withdrawn what was owed as if a pregnancy had not ended."""
        return self.knows_endings if self.footing is None else bool(self.footing.unended)

    def facts(self) -> StoredFacts:
        """The features of the event and of everybody in it. Raises `ValueError` if unreadable."""
        if self.footing is not None:
            people = (features_in(bytes(each.features)) for each in self.footing.people)
            return StoredFacts(features_in(bytes(self.footing.event)), list(people))
        event, people_text = self.stored or ("{}", None)
        stored = from_json(people_text) if people_text else []
        return StoredFacts(features_of(from_json(event)), list(map(features_of, stored)))


class Told(NamedTuple):
    """Somebody was told, as the ledger keeps it; `reasons` are JSON."""

    ref: str
    district: str | None
    reasons: str
    duty_id: UUID
    notification_id: UUID

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules by which."""
        return _rules_in(self.reasons)


class Tellings(NamedTuple):
    """Who was told of an occurrence and not withdrawn, and what has ended by an answer."""

    told: Mapping[Identity, Told]
    answered: AbstractSet[Identity]


async def scan(connection: Connection, asked: Sequence[Occurrence]) -> dict[UUID, list[Scanned]]:
    """What a sieve looks at, by occurrence, decisions in order."""
    known = {each.occurrence_id: each for each in asked}
    found: defaultdict[UUID, list[Scanned]] = defaultdict(list)
    text, footing = None, None
    for occurrence_id, source, event_id, *decided, stored, event, people in await connection.fetch(
        SQL["replay_scan"], list(known)
    ):
        scanned = found[occurrence_id]
        if not scanned or stored != text:
            text = stored
            footing = None if text is None else read_footing(text)
        if not scanned:
            _, event_type, at = known[occurrence_id]
            first = Happening(source, event_id, event_type, at)
        rulebook_hash, because, knows_endings, leaves_out = decided
        scanned.append(
            Scanned(
                first,
                rulebook_hash,
                because,
                knows_endings,
                leaves_out,
                footing,
                None if event is None else (event, people),
            )
        )
    return found


async def read_tellings(connection: Connection, asked: Sequence[UUID]) -> dict[UUID, Tellings]:
    """Who was told, by occurrence; of several episodes the last one says so."""
    rows = grouped(await connection.fetch(SQL["replay_tellings"], asked, DutyState.WITHDRAWN.value))
    return {each: _tellings(rows[each]) for each in asked}


def _tellings(rows: Iterable[asyncpg.Record]) -> Tellings:
    told: dict[Identity, Told] = {}
    answered: set[Identity] = set()
    for row in rows:
        _, key, service, recipient, kind, stands_for, is_withdrawn, is_answered, *what = row
        identity = (key, service, recipient, kind, stands_for)
        if is_answered:
            answered.add(identity)
        told.pop(identity, None)
        if not is_withdrawn:
            told[identity] = Told(*what)
    return Tellings(told, answered)


@lru_cache(maxsize=4096)
def _rules_in(reasons: str) -> tuple[str, ...]:
    return tuple(str(each["rule"]) for each in from_json(reasons))
