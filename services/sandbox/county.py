"""The synthetic county: one message after another, as its publishers would send them.

Pure: the same places, seed, numbers to begin with and times give the same bytes. Nobody in it
exists, and nothing in it is copied from anybody.
"""

import heapq
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from uuid import uuid5

from schemas.occurrence import NAMESPACE
from services.sandbox.county_emergency import attendance
from services.sandbox.county_marac import marac_outcome
from services.sandbox.county_mistakes import Mistake, drawn_mistake, with_mistake
from services.sandbox.county_people import Household, households_of
from services.sandbox.county_places import Places
from services.sandbox.county_police import domestic_abuse
from services.sandbox.county_reports import Later, Report, Scene

_SOURCE = "urn:fieldfare:source:"
_HAPPENINGS: Mapping[Callable[[Places, Scene], Report], int] = {
    attendance: 55,
    domestic_abuse: 35,
    marac_outcome: 10,
}
"""What happens, and how often of a hundred times."""


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
    """Tells what happens next. Its own state is only what is still to come.

    `sequences` holds the last number of each publisher's counter; a county that goes on from there
    never uses an event's id or a reference twice.
    """

    places: Places
    seed: int
    sequences: dict[str, int] = field(default_factory=dict)
    _households: tuple[Household, ...] = ()
    _to_come: list[tuple[datetime, int, Later]] = field(default_factory=list)
    _last: CountyMessage | None = None

    def __post_init__(self) -> None:
        self._households = households_of(self.places, seed=self.seed)

    def next_message(self, at: datetime) -> CountyMessage:
        """The next message, published at `at` (UTC), which must not go backwards."""
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
            heapq.heappush(self._to_come, (at + report.later.after, number, report.later))
        message = self._message(report, at, mistake)
        self._last = None if mistake is Mistake.UNREADABLE else message
        return message

    def _next_report(self, at: datetime, number: int, chance: Random) -> Report:
        if self._to_come and self._to_come[0][0] <= at:
            return heapq.heappop(self._to_come)[2].tell(at)
        happens = chance.choices(tuple(_HAPPENINGS), tuple(_HAPPENINGS.values()))[0]
        return happens(self.places, Scene(chance.choice(self._households), at, chance, number))

    def _message(self, report: Report, at: datetime, mistake: Mistake | None) -> CountyMessage:
        sequence = self.sequences.get(report.publisher, 0) + 1
        self.sequences[report.publisher] = sequence
        source = f"{_SOURCE}{report.publisher}"
        event = {
            "specversion": "1.0",
            "id": str(uuid5(NAMESPACE, f"{source}|{sequence}|{at.isoformat()}")),
            "source": source,
            "type": report.type.value,
            "time": at.isoformat(timespec="milliseconds"),
            "sequence": f"{sequence:06d}",
            "datacontenttype": "application/json",
            "data": with_mistake(report.data, mistake),
        }
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        if mistake is Mistake.UNREADABLE:
            body = body[: len(body) // 2]
        return CountyMessage(report.publisher, report.family, report.key, body, mistake)
