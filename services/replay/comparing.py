"""Comparing some occurrences with what another rulebook would have told. One process' share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from routing_rules.replay_sieve import Sieve, sieve
from routing_rules.replaying import Difference, History, differences
from routing_rules.rulebook import Rulebook, load_rulebook
from routing_rules.source_text import RulebookInvalid
from schemas.values import EventType
from services.ledger.register import Because
from services.ledger.replaying import (
    LATE,
    Happening,
    Scanned,
    happenings,
    read_histories,
    scan,
)
from services.runtime.postgres import Connection

_EVERYTHING = Sieve(None, frozenset(EventType))


@dataclass(frozen=True, slots=True)
class Found:
    """One difference, and the first event of the occurrence in which it is.

    The person's key is in it, so it is not to be shown as it is.
    """

    occurred_at: datetime
    occurrence_id: UUID
    source: str
    event_id: str
    type: EventType
    difference: Difference


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of some occurrences; `decided` are those that were decided again to be sure."""

    occurrences: int
    decided: int
    found: tuple[Found, ...]


@dataclass(slots=True)
class Sieves:
    """Of each rulebook that the ledger holds, what another may have decided otherwise."""

    after: Rulebook
    stored: Mapping[str, Mapping[str, str]]
    _made: dict[str, Sieve] = field(default_factory=dict)

    def of(self, content_hash: str) -> Sieve:
        """The sieve for what that rulebook decided; of one that cannot be read, all may differ."""
        if content_hash not in self._made:
            self._made[content_hash] = self._make(content_hash)
        return self._made[content_hash]

    def types(self) -> frozenset[EventType]:
        """The kinds of events of which any may differ, whichever rulebook decided it."""
        return frozenset().union(*(self.of(each).types for each in self.stored))

    def _make(self, content_hash: str) -> Sieve:
        files = self.stored.get(content_hash)
        if content_hash == self.after.content_hash:
            return sieve(self.after, self.after)
        if files is None:
            return _EVERYTHING
        try:
            return sieve(load_rulebook(files), self.after)
        except RulebookInvalid:  # an older release could read it
            return _EVERYTHING


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Of `asked` occurrences those that may have been told of otherwise, with all that decides."""

    asked: int
    histories: Mapping[UUID, History]
    named: Mapping[UUID, Happening]


async def read_doubtful(
    connection: Connection, asked: Sequence[UUID], sieves: Sieves | None
) -> Doubtful:
    """What is stored of those occurrences that may differ; without `sieves`, of all of them.

    Deciding takes long, and a transaction must not stay open meanwhile. Raises `CaseUnreadable`.
    """
    doubtful = list(asked)
    if sieves is not None:
        scanned = await scan(connection, asked)
        doubtful = [each for each in asked if may_differ(scanned.get(each, ()), sieves)]
    if not doubtful:
        return Doubtful(len(asked), {}, {})
    histories = await read_histories(connection, doubtful)
    return Doubtful(len(asked), histories, await happenings(connection, doubtful))


def compare(doubtful: Doubtful, rulebook: Rulebook) -> Compared:
    """What a rulebook would have told otherwise of these occurrences, in their order. Pure."""
    found = (
        _found(doubtful.named[each], each, difference)
        for each, history in doubtful.histories.items()
        for difference in differences(history, rulebook)
    )
    return Compared(doubtful.asked, len(doubtful.histories), tuple(found))


def _found(named: Happening, occurrence_id: UUID, difference: Difference) -> Found:
    return Found(
        occurred_at=named.occurred_at,
        occurrence_id=occurrence_id,
        source=named.source,
        event_id=named.event_id,
        type=named.type,
        difference=difference,
    )


def may_differ(decisions: Sequence[Scanned], sieves: Sieves) -> bool:
    """Whether an occurrence may have been told of otherwise; False only if it cannot.

    Where every decision owes all that stood before it, nothing is withdrawn by either rulebook,
    and who is told follows from the stored facts alone. Else what is withdrawn also follows from
    facts that no decision stored: of the events before the last one, once more is known, and of a
    pregnancy as if it had not ended. Such cases are never sieved out.
    """
    if any(each.because == Because.REPLAYED for each in decisions):
        return True
    leaves_out = len(decisions) > 1 and any(each.leaves_out is not False for each in decisions)
    if leaves_out and _rests_on_more(decisions):
        return True
    return any(
        sieves.of(each.rulebook_hash).may_differ(each.type, each.facts) for each in decisions
    )


def _rests_on_more(decisions: Iterable[Scanned]) -> bool:
    events = late = 0
    for each in decisions:
        if each.has_endings:
            return True
        events += each.because is None
        late += each.because in LATE
    return events > 1 and late > 0
