"""Makes a rulebook live in a test's ledger, on the record, without the minutes of proving it."""

from datetime import date, datetime

from routing_rules.examination import Examination
from routing_rules.proof import Verdict
from routing_rules.rulebook import Rulebook
from routing_rules.working_time import LONDON
from services.ledger import rulebook_orders
from services.ledger.rulebook_allowed import Signer
from services.runtime.postgres import Connection, Pool, transaction
from tests.builders import staffordshire

OWNER = Signer("Nina Example", "named nurse", "the review of March")
SECOND = Signer("Mo Example", "named midwife", "read and agreed")


def passed(on: date, *because: str) -> Examination:
    """What came of examining a rulebook: all is well, unless something stands against it."""
    return Examination(
        on=on,
        rules=1,
        warnings=0,
        cases=1,
        verdicts={Verdict.PROVED: 1},
        findings={},
        because=because,
    )


async def make_live(pool: Pool, at: datetime, rulebook: Rulebook | None = None) -> Rulebook:
    """Proposed, signed and countersigned at once; the shipped one unless another is given."""
    async with transaction(pool) as connection:
        return await make_live_in(connection, at, rulebook or staffordshire())


async def make_live_in(connection: Connection, at: datetime, rulebook: Rulebook) -> Rulebook:
    """The same in the caller's transaction."""
    examination = passed(at.astimezone(LONDON).date())
    await rulebook_orders.propose(connection, rulebook, examination, OWNER, live_from=None, at=at)
    await rulebook_orders.sign(connection, rulebook.content_hash, OWNER, at=at)
    await rulebook_orders.countersign(connection, rulebook.content_hash, SECOND, examination, at=at)
    return rulebook
