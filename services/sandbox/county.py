"""The synthetic county: one message after another, as its publishers would send them.

Pure: the same places, seed, numbers to begin with and times give the same bytes. Nobody in it
exists, and nothing in it is copied from anybody.
"""

import heapq
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from uuid import uuid5

from schemas.occurrence import NAMESPACE
from services.sandbox.county_emergency import attendance
from services.sandbox.county_hours import drawn_happening
from services.sandbox.county_lives import ToCome, life_of
from services.sandbox.county_mistakes import Mistake, drawn_mistake, with_mistake
from services.sandbox.county_people import HOMES, Household, households_of
from services.sandbox.county_places import Places
from services.sandbox.county_rare import rare_stories
from services.sandbox.county_register import registrations
from services.sandbox.county_reports import Later, Report, Scene

_SOURCE = "urn:fieldfare:source:"
_KNOWN_AT_FIRST = 6
_REGISTERED_LATE = 0.15
_NEWLY_KNOWN = 0.08
_UNKNOWN_AS_YET = 0.03
_AT_ONCE = datetime.min.replace(tzinfo=UTC)
_HELD_UP = (1, 10, 60)
"""Minutes for which a message that is late is held up."""


@dataclass(frozen=True, slots=True)
class CountyMessage:
    """One Kafka message of a publisher, and the mistake that was made in it on purpose."""

    publisher: str
    family: str
    key: str
    body: bytes
    mistake: Mistake | None = None


@dataclass(slots=True)
class County:
    """Tells what happens next. Its own state is only what is still to come, and who is known.

    `sequences` holds the last number of each publisher's counter; a county that goes on from there
    never uses an event's id, or the reference of anything that happens, twice. `minute` is how long
    a minute of the county lasts; a second, unless days pass as they do. `homes` is how many
    households there are, beside those to whom something rare happens.
    """

    places: Places
    seed: int
    sequences: dict[str, int] = field(default_factory=dict)
    minute: timedelta = timedelta(seconds=1)
    homes: int = HOMES
    _unknown: deque[Household] = field(default_factory=deque)
    _known: list[Household] = field(default_factory=list)
    _to_register: deque[Report] = field(default_factory=deque)
    _to_come: list[tuple[datetime, int, Later]] = field(default_factory=list)
    _held_up: list[tuple[datetime, int, CountyMessage]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _last: CountyMessage | None = None
    is_opening: bool = True
    """Whether it still tells the register of the first households: nothing has happened yet."""

    def __post_init__(self) -> None:
        self._unknown.extend(households_of(self.places, seed=self.seed, count=self.homes))

    def next_message(self, at: datetime) -> CountyMessage:
        """The next message, published at `at` (UTC), which must not go backwards."""
        if self._held_up and self._held_up[0][0] <= at:
            self._last = heapq.heappop(self._held_up)[2]
            return self._last
        number = sum(self.sequences.values()) + 1
        chance = Random(f"{self.seed}/message/{number}")
        mistake = drawn_mistake(chance)
        if mistake is Mistake.REPEATED:
            mistake = None
            if self._last is not None:
                again, self._last = self._last, None  # once, or chance would repeat it for ever
                return replace(again, mistake=Mistake.REPEATED)
        report = self._next_report(at, number, chance)
        if report.later is not None:
            heapq.heappush(
                self._to_come, (at + report.later.after, next(self._order), report.later)
            )
        if report.is_flawless:
            mistake = None
        message = self._message(report, at, mistake, chance)
        if mistake is Mistake.LATE:
            until = at + chance.choice(_HELD_UP) * self.minute
            heapq.heappush(self._held_up, (until, next(self._order), message))
            return self.next_message(at)
        self._last = None if mistake is Mistake.UNREADABLE else message
        return message

    def waits_until(self) -> datetime | None:
        """When there is something to be told though nothing happens; at once, if long ago."""
        waiting = [queue[0][0] for queue in (self._held_up, self._to_come) if queue]
        if self._to_register or self.is_opening:
            waiting.append(_AT_ONCE)
        return min(waiting, default=None)

    def _next_report(self, at: datetime, number: int, chance: Random) -> Report:
        if self._to_come and self._to_come[0][0] <= at:
            return heapq.heappop(self._to_come)[2].tell(at)
        if self.is_opening and not self._known:
            if not self.sequences:  # a county that goes on has told them
                self._expect(rare_stories(self.places, at, self.minute, self.seed))
            for _ in range(_KNOWN_AT_FIRST):
                self._register(self._unknown[0], at, number, chance)
        if self._to_register:
            return self._to_register.popleft()
        self.is_opening = False
        home = self._home_of_next(at, number, chance)
        scene = Scene(home, at, chance, number, self.minute)
        told = drawn_happening(at, chance)(self.places, scene)
        return told or attendance(self.places, scene)

    def _home_of_next(self, at: datetime, number: int, chance: Random) -> Household:
        """Where something happens; now and then the register has not told of them yet."""
        drawn = chance.random()
        if self._unknown and drawn < _NEWLY_KNOWN:
            home = self._unknown[0]
            self._register(home, at, number, chance)
            if drawn < _UNKNOWN_AS_YET:
                return home
        return chance.choices(self._known, [home.busyness for home in self._known])[0]

    def _register(self, home: Household, at: datetime, number: int, chance: Random) -> None:
        """The register tells of a household now, and of some in it only after a while."""
        self._unknown.remove(home)
        self._known.append(home)
        scene = Scene(home, at, chance, number, self.minute)
        for report in registrations(self.places, scene):
            if chance.random() < _REGISTERED_LATE:
                after = chance.randint(10, 1200) * self.minute
                heapq.heappush(self._to_come, (at + after, next(self._order), _later(report)))
            else:
                self._to_register.append(report)
        self._expect(life_of(self.places, scene))

    def _expect(self, to_come: ToCome) -> None:
        for when, later in to_come:
            heapq.heappush(self._to_come, (when, next(self._order), later))

    def _message(
        self, report: Report, at: datetime, mistake: Mistake | None, chance: Random
    ) -> CountyMessage:
        sequence = self.sequences.get(report.publisher, 0) + 1
        self.sequences[report.publisher] = sequence
        source = f"{_SOURCE}{report.publisher}"
        former = chance.choice(self.places.districts).code
        event = {
            "specversion": "1.0",
            "id": str(uuid5(NAMESPACE, f"{source}|{sequence}|{at.isoformat()}")),
            "source": source,
            "type": report.type.value,
            "time": at.isoformat(timespec="milliseconds"),
            "sequence": f"{sequence:06d}",
            "datacontenttype": "application/json",
            "data": with_mistake(report.data, mistake, former_district=former),
        }
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        if mistake is Mistake.UNREADABLE:
            body = body[: len(body) // 2]
        return CountyMessage(report.publisher, report.family, report.key, body, mistake)


def _later(report: Report) -> Later:
    return Later(timedelta(0), lambda _at: report)
