"""What flows on each pathway and what does not: source, service and home district, judged.

A pathway is silent for one of several reasons, and each is told apart, so that the page neither
cries wolf nor is silent itself: docs/console.md says in words what is written here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from math import exp, lgamma

from routing_rules.told_where import ELSEWHERE, UNKNOWN, Said
from schemas.values import EventType, Service
from services.ledger.pathways import Came, Flowed, Pathways

UNLIKELY = 0.01
"""Nothing at all, where by what other districts show something would be 99 times in 100."""
_STEPS = (1, 3, 10, 30, 100)
_NOTHING = Said()


class Verdict(StrEnum):
    """How a pathway stands, the worst first."""

    NO_RULE = "no_rule"
    """Events came; it is promised here, or ruled elsewhere in the county; no rule says it here."""
    ONLY_MASH = "only_mash"
    """Somebody should have been told each time, and an exception went to MASH instead."""
    SILENT = "silent"
    """A rule says it, and so many events led to nothing that chance does not explain it."""
    NEVER = "never"
    """A rule says it, events came, and they led to nothing in any district."""
    TOO_FEW = "too_few"
    """A rule says it, and the few events that came led to nothing, as may be by chance."""
    FLOWS = "flows"
    WITH_MASH = "with_mash"
    """MASH owns it, as it owns whoever lives out of the county or nobody knows where."""
    NOBODY_CAME = "nobody_came"
    """It is promised or ruled, and no event came that was about anybody of concern from there."""
    NOT_PROMISED = "not_promised"


STANDS_OUT = frozenset({Verdict.NO_RULE, Verdict.ONLY_MASH, Verdict.SILENT})
_WORST_FIRST = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Strand:
    """One kind of event of a pathway: how many came, how many led there, and what that means.

    `home` is an ONS code, `elsewhere` or `unknown`. `events` were about people of concern who live
    there; of them `told` led to a notice and `with_mash` to an exception instead. `because` names
    the promises and rules by which the service is told.
    """

    source: str
    kind: EventType
    service: Service
    home: str
    events: int
    told: int
    with_mash: int
    verdict: Verdict
    because: tuple[str, ...]

    @property
    def stands_out(self) -> bool:
        """Whether somebody should look at it now."""
        return self.verdict in STANDS_OUT


@dataclass(frozen=True, slots=True)
class Cell:
    """A pathway with all kinds of event, judged by the worst of them."""

    source: str
    service: Service
    home: str
    strands: tuple[Strand, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of its kinds of event."""
        return min((each.verdict for each in self.strands), key=_WORST_FIRST.index)

    @property
    def stands_out(self) -> bool:
        """Whether somebody should look at it now."""
        return self.verdict in STANDS_OUT

    @property
    def told(self) -> int:
        """How many events led to a notice."""
        return sum(each.told for each in self.strands)

    @property
    def with_mash(self) -> int:
        """How many led to an exception."""
        return sum(each.with_mash for each in self.strands)

    @property
    def events(self) -> int:
        """How many came about people of concern who live there."""
        return sum(each.events for each in self.strands)

    @property
    def heat(self) -> int:
        """How much flows, in steps from 0 to 5."""
        return sum(1 for step in _STEPS if self.told >= step)


def cells_of(
    found: Pathways,
    said: Mapping[tuple[EventType, Service], Said],
    *,
    county: Iterable[str],
    neighbours: Iterable[str],
) -> tuple[Cell, ...]:
    """Every pathway of every source that sent anything, by source, service and home.

    MASH itself is left out: what it is told of is no pathway to a service.
    """
    own, beside = tuple(county), tuple(neighbours)
    homes = (*own, *beside, ELSEWHERE, UNKNOWN)
    counts = _Counts(found, frozenset((*own, *beside)))
    strands = sorted(
        _strands(counts, said, homes, frozenset(own)),
        key=lambda each: (each.source, each.service, homes.index(each.home)),
    )
    return tuple(
        Cell(source, service, home, tuple(each))
        for (source, service, home), each in groupby(
            strands, key=lambda each: (each.source, each.service, each.home)
        )
    )


class _Counts:
    """Events by source, kind and home, and those that led to each service."""

    def __init__(self, found: Pathways, known: frozenset[str]) -> None:
        self.events = Counter[tuple[str, EventType, str]]()
        self.told = Counter[tuple[str, EventType, Service, str]]()
        self.with_mash = Counter[tuple[str, EventType, Service, str]]()
        for came in found.came:
            self.events[came.source, EventType(came.type), _home(came, known)] += came.events
        for led in found.flowed:
            to = led.source, EventType(led.type), Service(led.service), _home(led, known)
            self.told[to] += led.told
            self.with_mash[to] += led.with_mash


def _home(row: Came | Flowed, known: frozenset[str]) -> str:
    if row.district is None:
        return UNKNOWN
    return row.district if row.district in known else ELSEWHERE


def _strands(
    counts: _Counts,
    said: Mapping[tuple[EventType, Service], Said],
    homes: Sequence[str],
    county: frozenset[str],
) -> Iterator[Strand]:
    for source, kind in sorted({(source, kind) for source, kind, _ in counts.events}):
        for service in Service:
            line = _Line(source, kind, service, said.get((kind, service), _NOTHING), counts, county)
            if service is not Service.MASH and line.is_anything(homes):
                yield from (line.strand(home) for home in homes)


@dataclass(frozen=True, slots=True)
class _Line:
    """A source, a kind of event and a service, over all homes."""

    source: str
    kind: EventType
    service: Service
    said: Said
    counts: _Counts
    county: frozenset[str]

    def is_anything(self, homes: Iterable[str]) -> bool:
        """Whether anything flows there or should."""
        return bool(self.said.rules or self.said.promises) or any(map(self._led, homes))

    def strand(self, home: str) -> Strand:
        """What is to be said of one home."""
        said = (*self.said.promises.get(home, ()), *self.said.rules.get(home, ()))
        return Strand(
            source=self.source,
            kind=self.kind,
            service=self.service,
            home=home,
            events=self._came(home),
            told=self.counts.told[self.source, self.kind, self.service, home],
            with_mash=self.counts.with_mash[self.source, self.kind, self.service, home],
            verdict=self._verdict(home),
            because=tuple(dict.fromkeys(said)),
        )

    def _verdict(self, home: str) -> Verdict:
        to = self.source, self.kind, self.service, home
        if self.counts.told[to]:
            return Verdict.FLOWS
        if self.counts.with_mash[to]:
            return Verdict.ONLY_MASH if home in self.county else Verdict.WITH_MASH
        is_due = home in self.said.promises or (
            home in self.county and bool(self.county & self.said.rules.keys())
        )
        if home not in self.said.rules and not is_due:
            return Verdict.NOT_PROMISED
        return self._silence(home) if self._came(home) else Verdict.NOBODY_CAME

    def _silence(self, home: str) -> Verdict:
        """Why events came and nothing flows."""
        if home not in self.said.rules:
            return Verdict.NO_RULE
        others = {h for (s, k, h) in self.counts.events if (s, k) == (self.source, self.kind)}
        others &= self.said.rules.keys() - {home}
        led = sum(map(self._led, others))
        if not led:
            return Verdict.NEVER
        came = max(sum(map(self._came, others)), led)
        chance = chance_of_nothing(self._came(home), led=led, came=came)
        return Verdict.SILENT if chance < UNLIKELY else Verdict.TOO_FEW

    def _came(self, home: str) -> int:
        return self.counts.events.get((self.source, self.kind, home), 0)

    def _led(self, home: str) -> int:
        """How many events about people of that home led to a duty, if MASH has it or not."""
        to = self.source, self.kind, self.service, home
        return self.counts.told[to] + self.counts.with_mash[to]


def chance_of_nothing(events: int, *, led: int, came: int) -> float:
    """How likely it is that none of so many events leads to a notice, where `led` of `came` did.

    By Laplace's rule of succession: what few events show of a rate is little, so that one of one
    elsewhere does not make one of none here unlikely.
    """
    missed = came - led
    return exp(
        lgamma(missed + 1 + events)
        - lgamma(missed + 1)
        - lgamma(came + 2 + events)
        + lgamma(came + 2)
    )
