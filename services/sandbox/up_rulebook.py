"""How the rulebook of a sandbox becomes live: signed by nobody real, and said to be so."""

import asyncio
from collections.abc import Callable

from routing_rules.examination import Examination, examine
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from services.ledger import rulebook_orders
from services.ledger.rulebook_allowed import Signer
from services.ledger.rulebook_record import SHORT, Kind, Record, read_record
from services.runtime.clock import Clock
from services.runtime.postgres import Connection, Pool, reading, transaction
from services.sandbox.problem import SandboxProblem

_WHY = "fieldfare up: a demonstration, and nobody's real decision"
OWNER = Signer("Demonstration Owner", "demonstration", _WHY)
SECOND = Signer("Demonstration Second", "demonstration", _WHY)
_SIGNED = frozenset({Kind.COUNTERSIGNED, Kind.ROLLED_BACK})


async def make_live(
    pool: Pool, rulebook: Rulebook, clock: Clock, say: Callable[[str], None]
) -> None:
    """Makes the folder's rulebook live, unless people have signed another: theirs stays.

    It is checked, tested and proved as any other. Raises `SandboxProblem` if it does not pass and
    nothing else is live.
    """
    async with reading(pool) as connection:
        record = await read_record(connection)
    at = clock.now()
    live = record.live(at)
    if live is not None and live.content_hash == rulebook.content_hash:
        return
    if _is_theirs(record, rulebook, clock):
        say(
            f"{rulebook.name} {rulebook.content_hash[:SHORT]} is not live; see: "
            "fieldfare rules live, and rules propose"
        )
        return
    say("Checking, testing and proving the rulebook ...")
    examination = await asyncio.to_thread(examine, rulebook, at.astimezone(LONDON).date())
    if not examination.passed:
        against = "; ".join(examination.because)
        if live is None:
            raise SandboxProblem(f"the rulebook cannot go live: {against}")
        say(f"The rulebook cannot go live: {against}. What was live stays so")
        return
    async with transaction(pool) as connection:
        await _demonstrate(connection, rulebook, examination, clock)
    say(f"{rulebook.name} {rulebook.content_hash[:SHORT]} is live, signed for demonstration only")


def _is_theirs(record: Record, rulebook: Rulebook, clock: Clock) -> bool:
    """Whether people have signed, or are about to: nothing of this is theirs to overrule."""
    live, scheduled = record.live(clock.now()), record.scheduled(clock.now())
    proposal = record.proposal_of(rulebook.content_hash)
    is_signed = live is not None and live.kind in _SIGNED
    return is_signed or scheduled is not None or (proposal is not None and proposal.is_open)


async def _demonstrate(
    connection: Connection, rulebook: Rulebook, examination: Examination, clock: Clock
) -> None:
    at, version = clock.now(), rulebook.content_hash
    await rulebook_orders.propose(connection, rulebook, examination, OWNER, live_from=None, at=at)
    await rulebook_orders.sign(connection, version, OWNER, at=at)
    await rulebook_orders.countersign(
        connection, version, SECOND, examination, at=at, kind=Kind.DEMONSTRATION
    )
