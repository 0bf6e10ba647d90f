"""What a watch does about versions of the rulebook: takes a new one up, and sees who cannot."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.ledger.queries import SQL
from services.runtime.postgres import Connection

_STILL = timedelta(minutes=10)
"""A process that cannot load what is live says so every minute (`LiveRulebook`)."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A process that cannot load what is live, and why; it goes on with what was live before."""

    process: str
    release: str
    problem: str
    first_seen_at: datetime
    last_seen_at: datetime


async def take_up(connection: Connection, activation_no: int, *, at: datetime) -> bool:
    """Has all that climbs looked at now: its next step may come sooner under what went live.

    Once for each order, whichever watch is first; answers whether this one was. In the caller's
    transaction.
    """
    is_first = await connection.fetchval(SQL["claim_watching"], activation_no, at) is not None
    if is_first:
        await connection.execute(SQL["look_again_at_what_climbs"], at)
    return is_first


async def unfit_processes(connection: Connection, *, at: datetime) -> tuple[Unfit, ...]:
    """Who has said in the last minutes that it cannot load what is live."""
    live = await connection.fetchrow(SQL["live_activation"], at)
    if live is None:
        return ()
    rows = await connection.fetch(SQL["unfit_since"], live["activation_no"], at - _STILL)
    return tuple(Unfit(**dict(row)) for row in rows)
