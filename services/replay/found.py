"""What a replay found, as processes hand it over: small, until somebody looks at it.

A year's replay may find millions of differences, of which a page shows a hundred. So a process
sends them packed, with its counts, and each is unpacked when it is asked for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple, overload
from uuid import UUID

import msgspec

from routing_rules.footing_replay import Standing, whom
from routing_rules.reconcile import Identity
from routing_rules.replaying import Change, Difference, Telling, with_ids
from routing_rules.working_time import LONDON
from schemas.values import EventType, NotificationKind, Service
from services.ledger.replay_scan import Told
from services.ledger.replaying import Happening


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


class Line(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One difference, packed. Without ids it is newly told: they follow from its identity."""

    identity: Identity
    ref: str
    district: str | None
    rules: tuple[str, ...]
    elsewhere: bool
    duty_id: UUID | None = None
    notification_id: UUID | None = None

    @property
    def service(self) -> str:
        """The one that is meant, whoever stands for it."""
        return self.identity[4] or self.identity[1]

    @property
    def is_new(self) -> bool:
        """Whether somebody would have been told that was not."""
        return self.duty_id is None


class Differing(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An occurrence, and what differs in it, in order; with its first event, as it was stored."""

    occurred_at: datetime
    occurrence_id: UUID
    source: str
    event_id: str
    type: EventType
    lines: tuple[Line, ...]


class Group(NamedTuple):
    """What differences are counted by; `week` is the Monday that began it."""

    service: str
    district: str | None
    week: str
    is_new: bool


_PACKED = msgspec.msgpack.Encoder(uuid_format="bytes")
_UNPACKED = msgspec.msgpack.Decoder(tuple[Differing, ...])


class Packed(NamedTuple):
    """What differs in some occurrences, packed, and counted by group."""

    lines: bytes
    counts: Counter[Group]

    @classmethod
    def of(cls, differing: Iterable[Differing]) -> "Packed":
        """Packs what differs, in the order in which it happened."""
        in_order = sorted(differing, key=lambda each: (each.occurred_at, each.occurrence_id))
        counts: Counter[Group] = Counter()
        for each in in_order:
            week = week_of(each.occurred_at)
            counts.update(
                Group(line.service, line.district, week, line.is_new) for line in each.lines
            )
        return cls(_PACKED.encode(in_order), counts)

    def found(self) -> Iterator[Found]:
        """All of it, in the same order."""
        for each in _UNPACKED.decode(self.lines):
            for line in each.lines:
                yield _found(each, line)


class AllFound(Sequence[Found]):
    """What a replay found, in the order in which it happened, unpacked when it is asked for."""

    def __init__(self, parts: Iterable[Packed]) -> None:
        self._parts = [each for each in parts if each.counts]
        self.counts = Counter[Group]()
        for part in self._parts:
            self.counts.update(part.counts)

    def __len__(self) -> int:
        return self.counts.total()

    def __iter__(self) -> Iterator[Found]:
        for part in self._parts:
            yield from part.found()

    @overload
    def __getitem__(self, place: int) -> Found: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Found]: ...
    def __getitem__(self, place: int | slice) -> Found | Sequence[Found]:
        """One, or those of a slice; what comes before them is unpacked for it."""
        if isinstance(place, slice):
            return list(islice(self, *place.indices(len(self))))
        [found] = islice(self, range(len(self))[place], range(len(self))[place] + 1)
        return found

    def newly_told(self) -> Iterator[Found]:
        """Who would have been told that was not."""
        return (each for each in self if each.difference.change is Change.NEWLY_TOLD)


def differing(occurrence_id: UUID, named: Happening, lines: Sequence[Line]) -> Differing:
    """What differs in an occurrence."""
    return Differing(
        named.occurred_at, occurrence_id, named.source, named.event_id, named.type, tuple(lines)
    )


def lines_between(told: Mapping[Identity, Told], would: Standing) -> list[Line]:
    """As `replaying.differences_of`, of what was told and what footings say would be."""
    if told.keys() == would.keys():
        return []
    are_told, would_be = set(map(whom, told)), set(map(whom, would))
    newly = [
        Line(each, owed.ref, owed.district, owed.notice.rules, whom(each) in are_told)
        for each, owed in would.items()
        if each not in told
    ]
    no_longer = [
        Line(
            each, was.ref, was.district, was.rules, whom(each) in would_be,
            was.duty_id, was.notification_id,
        )
        for each, was in told.items()
        if each not in would
    ]  # fmt: skip
    return [*sorted(newly, key=_in_order), *sorted(no_longer, key=_in_order)]


def line_of(difference: Difference) -> Line:
    """The same difference, packed."""
    telling = difference.telling
    is_new = difference.change is Change.NEWLY_TOLD
    return Line(
        telling.identity,
        telling.ref,
        telling.district,
        telling.rules,
        difference.elsewhere,
        None if is_new else telling.duty_id,
        None if is_new else telling.notification_id,
    )


def week_of(at: datetime) -> str:
    """The Monday, in London, of the week of a moment: `2026-03-02`."""
    day = at.astimezone(LONDON).date()
    return date.fromordinal(day.toordinal() - day.weekday()).isoformat()


def _in_order(line: Line) -> tuple[str, Identity]:
    return line.ref, line.identity


def _found(each: Differing, line: Line) -> Found:
    change = Change.NEWLY_TOLD if line.is_new else Change.NO_LONGER_TOLD
    telling = Telling(
        identity=line.identity,
        ref=line.ref,
        service=Service(line.service),
        recipient=line.identity[2],
        kind=NotificationKind(line.identity[3]),
        district=line.district,
        rules=line.rules,
        duty_id=line.duty_id,
        notification_id=line.notification_id,
    )
    return Found(
        occurred_at=each.occurred_at,
        occurrence_id=each.occurrence_id,
        source=each.source,
        event_id=each.event_id,
        type=each.type,
        difference=Difference(
            change,
            with_ids(telling, each.occurrence_id) if line.is_new else telling,
            line.elsewhere,
        ),
    )
