"""How the rulebook of a sandbox becomes live."""

from datetime import UTC, datetime

import pytest

from routing_rules.rulebook import Rulebook
from services.ledger import rulebook_orders
from services.ledger.migrate import migrate
from services.ledger.rulebook_record import Kind, Record, read_record
from services.runtime.clock import FixedClock
from services.runtime.postgres import Pool, open_pool, reading, transaction
from services.sandbox.problem import SandboxProblem
from services.sandbox.up_rulebook import make_live
from tests import live_rulebook
from tests.builders import rulebook_with, staffordshire, with_rules

AT = datetime(2026, 3, 6, 12, tzinfo=UTC)
CLOCK = FixedClock(AT)
RULE = """
- rule: one
  why: It is one.
  event: police domestic abuse
  about:
    each person where: {role: victim}
  tell:
    - midwifery: of the home district
      urgency: routine
      ask: [acknowledge]
  source: [para 1.13]
  owner: named.midwife
  review by: 2027-04-01
"""


async def up(pool: Pool, rulebook: Rulebook) -> list[str]:
    """What `fieldfare up` says of the rulebook in its folder."""
    said: list[str] = []
    await make_live(pool, rulebook, CLOCK, said.append)
    return said


async def record_of(pool: Pool) -> Record:
    async with reading(pool) as connection:
        return await read_record(connection)


async def test_the_first_start_signs_for_demonstration_and_what_people_sign_stays(
    fresh_dsn: str,
) -> None:
    changed = rulebook_with(
        **{"promises.yaml": f"# changed\n{staffordshire().files['promises.yaml']}"}
    )
    async with open_pool(fresh_dsn, size=2, application_name="test") as pool:
        await migrate(pool, at=AT)
        with pytest.raises(SandboxProblem, match="it promises nothing"):
            await up(pool, with_rules(RULE))
        assert (await record_of(pool)).live(AT) is None

        first = await up(pool, staffordshire())
        again = await up(pool, staffordshire())
        worse = await up(pool, with_rules(RULE))

        [demonstration] = (await record_of(pool)).activations
        assert demonstration.kind is Kind.DEMONSTRATION
        assert demonstration.ordered.by == "Demonstration Second"
        assert first[-1].endswith("is live, signed for demonstration only")
        assert again == []
        assert "What was live stays so" in worse[-1]

        await live_rulebook.make_live(pool, AT, changed)
        theirs = await up(pool, staffordshire())
        async with transaction(pool) as connection:
            await rulebook_orders.roll_back(connection, None, live_rulebook.OWNER, at=AT)
        live = (await record_of(pool)).live(AT)
    assert "is not live" in theirs[-1]
    assert live is not None
    assert live.kind is Kind.ROLLED_BACK
