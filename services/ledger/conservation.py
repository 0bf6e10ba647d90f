"""Whether the ledger is whole: nothing that went in can have gone anywhere but to where it shows.

A list of what was missed is worth no more than the record that it is read from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.events import REGISTER_MODELS
from services.ledger.jsonb import from_json
from services.ledger.queries import SQL
from services.runtime.postgres import Pool, our_errors

PATIENCE = timedelta(minutes=15)
"""How long something may lie unattended before that is a fault: a watch or a router may restart."""
_REGISTER_TYPES = [event_type.value for event_type in REGISTER_MODELS]


@dataclass(frozen=True, slots=True)
class _Equation:
    """One thing that must add up; `takes` says what its statement is asked with."""

    name: str
    query: str
    says: str
    takes: str = ""


_EQUATIONS = (
    _Equation(
        "events",
        "events_add_up",
        "every message that was read is decided, registered or refused",
        "types",
    ),
    _Equation(
        "decided again",
        "reconsiderations_add_up",
        "what must be decided again is, soon after its time",
        "patience",
    ),
    _Equation(
        "duties",
        "duties_add_up",
        "every duty has ended well, or is open, escalated, closed or withdrawn",
    ),
    _Equation(
        "notices",
        "notices_add_up",
        "every duty that stands has its notice, published or waiting",
    ),
    _Equation("numbers", "numbers_add_up", "every recipient's numbers are 1 to n without a gap"),
    _Equation("outbox", "lanes_add_up", "what waits to go out has a relay", "patience"),
    _Equation("clocks", "clocks_add_up", "every open duty that asks is looked at", "patience"),
    _Equation("dead letters", "dead_letters_add_up", "every dead letter is somebody's duty"),
    _Equation("escalations", "escalations_add_up", "every step of a ladder has told somebody"),
)


@dataclass(frozen=True, slots=True)
class Balance:
    """One equation: a total, and the parts that must make it up.

    `broken` counts what is in no part, or contradicts itself, and `ids` names the first of it;
    ids of events, duties, occurrences, dead letters, or topics; nothing personal.
    """

    name: str
    says: str
    total: int
    parts: Mapping[str, int]
    broken: int
    ids: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether both sides are the same, and nothing contradicts itself."""
        return self.broken == 0 and self.total == sum(self.parts.values())


async def check_conservation(pool: Pool, *, at: datetime) -> tuple[Balance, ...]:
    """Every equation, as of one moment of the ledger. `at` is now, for what may wait a while.

    It reads the whole ledger: seconds for a million duties, without blocking anybody. Raises as
    `services.runtime.postgres.transaction`.
    """
    asked = {"": (), "types": (_REGISTER_TYPES,), "patience": (at - PATIENCE,)}
    with our_errors():
        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            rows = [
                await connection.fetchrow(SQL[each.query], *asked[each.takes])
                for each in _EQUATIONS
            ]
    return tuple(
        Balance(
            name=each.name,
            says=each.says,
            total=row["total"],
            parts=from_json(row["parts"]),
            broken=row["broken"],
            ids=tuple(row["ids"]),
        )
        for each, row in zip(_EQUATIONS, rows, strict=True)
        if row is not None
    )
