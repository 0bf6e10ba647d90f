"""Comparing some occurrences with what another rulebook would have told. One process' share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from routing_rules.footing_replay import FootedHistory, FootedPoint, standing_by_footings
from routing_rules.footing_telling import Teller
from routing_rules.reconcile import Identity
from routing_rules.replay_sieve import Sieve, sieve
from routing_rules.replaying import History, differences
from routing_rules.rulebook import Rulebook, load_rulebook
from routing_rules.source_text import RulebookInvalid
from schemas.values import EventType
from services.ledger.register import Because
from services.ledger.replay_scan import Scanned, Tellings, Told, read_tellings, scan
from services.ledger.replaying import LATE, Happening, Occurrence, happenings, read_histories
from services.replay.found import Differing, Packed, differing, line_of, lines_between
from services.runtime.postgres import Connection

_EVERYTHING = Sieve(None, frozenset(EventType), is_common_ground=False)


class Compared(NamedTuple):
    """What came of some occurrences; `decided` are those that were decided again to be sure.

    Of those `from_facts` had to be decided from all that was known, and not from footings alone.
    """

    occurrences: int
    decided: int
    from_facts: int
    packed: Packed


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


class Footed(NamedTuple):
    """An occurrence that its footings decide, its first event, and who was told of it."""

    happening: Happening
    history: FootedHistory
    told: Mapping[Identity, Told]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Of `asked` occurrences those that may have been told of otherwise.

    Footings should say of `footed` by whom they would have been told; of `others` they cannot.
    """

    asked: int
    footed: tuple[Footed, ...]
    others: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """All that is stored of some occurrences, and their first events."""

    histories: Mapping[UUID, History]
    named: Mapping[UUID, Happening]


async def read_doubtful(
    connection: Connection, asked: Sequence[Occurrence], sieves: Sieves | None
) -> Doubtful:
    """Which of those occurrences may differ; without `sieves` all of them, and none by footings.

    Deciding takes long, and a transaction must not stay open meanwhile.
    """
    if sieves is None:
        return Doubtful(len(asked), (), tuple(each.occurrence_id for each in asked))
    scanned = await scan(connection, asked)
    doubtful = [each for each, *_ in asked if may_differ(scanned.get(each, ()), sieves)]
    by_footings = [each for each in doubtful if has_footings(scanned[each], sieves)]
    told = await read_tellings(connection, by_footings) if by_footings else {}
    return Doubtful(
        len(asked),
        tuple(_footed(each, scanned[each], told[each]) for each in by_footings),
        tuple(each for each in doubtful if each not in told),
    )


async def read_whole(connection: Connection, others: Sequence[UUID]) -> Whole:
    """What decides them, and names them. Raises `CaseUnreadable`."""
    return Whole(await read_histories(connection, others), await happenings(connection, others))


def compare_footed(doubtful: Doubtful, teller: Teller) -> tuple[list[Differing], tuple[UUID, ...]]:
    """What differs by footings, and the occurrences that must be decided from their facts."""
    found: list[Differing] = []
    others = list(doubtful.others)
    for happening, history, told in doubtful.footed:
        would = standing_by_footings(history, teller)
        if would is None:
            others.append(history.occurrence_id)
        elif lines := lines_between(told, would):
            found.append(differing(history.occurrence_id, happening, lines))
    return found, tuple(others)


def compare_whole(whole: Whole, rulebook: Rulebook) -> Iterator[Differing]:
    """What differs of those that are decided from their facts. Pure."""
    for each, history in whole.histories.items():
        if lines := [line_of(difference) for difference in differences(history, rulebook)]:
            yield differing(each, whole.named[each], lines)


def as_compared(doubtful: Doubtful, found: Iterable[Differing], *, from_facts: int) -> Compared:
    """What came of some occurrences, of which so many were decided from their facts."""
    decided = len(doubtful.footed) + len(doubtful.others)
    return Compared(doubtful.asked, decided, from_facts, Packed.of(found))


def _footed(occurrence_id: UUID, scanned: Sequence[Scanned], told: Tellings) -> Footed:
    points = tuple(
        FootedPoint(each.footing, each.because in LATE)
        for each in scanned
        if each.footing is not None
    )
    history = FootedHistory(occurrence_id, scanned[0].type, points, told.answered)
    return Footed(scanned[0].happening, history, told.told)


def has_footings(decisions: Sequence[Scanned], sieves: Sieves) -> bool:
    """Whether footings may decide an occurrence: each decision has one that holds for both."""
    return bool(decisions) and all(
        each.footing is not None
        and each.because != Because.REPLAYED
        and sieves.of(each.rulebook_hash).is_common_ground
        for each in decisions
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
