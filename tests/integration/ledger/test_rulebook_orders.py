"""Signing rulebooks in a real ledger: who is second sees what the first did; nothing changes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from routing_rules.rulebook import Rulebook
from services.ledger import rulebook_orders as orders
from services.ledger.migrate import migrate, read_migrations
from services.ledger.rulebook_allowed import Signer, Standing
from services.ledger.rulebook_orders import Ordered
from services.ledger.rulebook_record import Kind, Record, Step, VersionRefused, read_record
from services.ledger.rulebooks import keep_rulebook
from services.runtime.postgres import Connection, DatabaseProblem, Pool, open_pool, transaction
from tests.builders import rulebook_with, staffordshire
from tests.live_rulebook import OWNER, SECOND, make_live, passed

AT = datetime(2026, 3, 6, 12, tzinfo=UTC)
TODAY = date(2026, 3, 6)
HOUR = timedelta(hours=1)
THIRD = Signer("Sam Example", "named doctor", "I have read it")
_AFTER_GOVERNANCE = 9


@pytest.fixture
async def pool(fresh_dsn: str) -> AsyncIterator[Pool]:
    async with open_pool(fresh_dsn, size=6, application_name="test") as pool:
        await migrate(pool, at=AT)
        yield pool


@cache
def changed(settings: str = "late") -> Rulebook:
    """The shipped rulebook with a change that means nothing, and so another hash."""
    text = staffordshire().files["promises.yaml"]
    return rulebook_with(**{"promises.yaml": f"# {settings}\n{text}"})


async def do(
    pool: Pool, work: Callable[[Connection], Awaitable[Ordered]]
) -> Ordered | VersionRefused:
    """One order in its own transaction: what came of it, or why it was refused."""
    try:
        async with transaction(pool) as connection:
            return await work(connection)
    except VersionRefused as refused:
        return refused


async def propose(
    pool: Pool, rulebook: Rulebook, *, live_from: datetime | None = None, at: datetime = AT
) -> Ordered | VersionRefused:
    return await do(
        pool,
        lambda c: orders.propose(c, rulebook, passed(TODAY), OWNER, live_from=live_from, at=at),
    )


async def sign(pool: Pool, rulebook: Rulebook, signer: Signer) -> Ordered | VersionRefused:
    return await do(pool, lambda c: orders.sign(c, rulebook.content_hash, signer, at=AT))


async def countersign(
    pool: Pool, rulebook: Rulebook, signer: Signer, *, at: datetime = AT, on: date = TODAY
) -> Ordered | VersionRefused:
    return await do(
        pool,
        lambda c: orders.countersign(c, rulebook.content_hash, signer, passed(on), at=at),
    )


async def roll_back(
    pool: Pool, rulebook: Rulebook | None, *, at: datetime = AT
) -> Ordered | VersionRefused:
    to = None if rulebook is None else rulebook.content_hash
    return await do(pool, lambda c: orders.roll_back(c, to, THIRD, at=at))


async def read(pool: Pool) -> Record:
    async with transaction(pool) as connection:
        return await read_record(connection)


async def live(pool: Pool, at: datetime = AT) -> str | None:
    found = (await read(pool)).live(at)
    return None if found is None else found.content_hash


async def test_two_people_make_a_proposed_rulebook_live_and_all_of_it_is_on_record(
    pool: Pool,
) -> None:
    rulebook = staffordshire()

    said = [
        await propose(pool, rulebook),
        await sign(pool, rulebook, OWNER),
        await countersign(pool, rulebook, SECOND),
    ]

    assert all(isinstance(each, Ordered) and each.changed for each in said)
    record = await read(pool)
    assert await live(pool) == rulebook.content_hash
    [proposal], [activation] = record.proposals, record.activations
    assert proposal.proposed.by == "Nina Example"
    assert {step: said.by for step, said in proposal.signatures.items()} == {
        Step.SIGNED: "Nina Example",
        Step.COUNTERSIGNED: "Mo Example",
    }
    assert proposal.signatures[Step.COUNTERSIGNED].at == AT
    assert proposal.outcome["promises"] == {"PROVED": 1}
    assert activation.kind is Kind.COUNTERSIGNED
    assert activation.ordered.why == SECOND.why


async def test_what_does_not_pass_is_kept_and_cannot_be_signed(pool: Pool) -> None:
    rulebook = staffordshire()
    failing = passed(TODAY, "GAP: every pregnant victim reaches a midwife")

    await do(pool, lambda c: orders.propose(c, rulebook, failing, OWNER, live_from=None, at=AT))
    refused = await sign(pool, rulebook, OWNER)

    assert str(refused) == "it did not pass: GAP: every pregnant victim reaches a midwife"
    assert len((await read(pool)).proposals) == 1
    assert await live(pool) is None


async def test_what_does_not_pass_on_the_day_it_would_go_live_does_not(pool: Pool) -> None:
    rulebook = staffordshire()
    await propose(pool, rulebook)
    await sign(pool, rulebook, OWNER)
    failing = passed(TODAY, "GAP: a promise")
    content = rulebook.content_hash

    refused = await do(pool, lambda c: orders.countersign(c, content, SECOND, failing, at=AT))
    another_day = await countersign(pool, rulebook, SECOND, on=date(2026, 3, 7))

    assert str(refused) == "on 2026-03-06 it does not pass: GAP: a promise"
    assert "another day" in str(another_day)
    assert await live(pool) is None


async def test_of_two_who_sign_at_once_one_has_signed_and_the_other_may_countersign(
    pool: Pool,
) -> None:
    rulebook = staffordshire()
    await propose(pool, rulebook)

    said = await asyncio.gather(*(sign(pool, rulebook, each) for each in (OWNER, SECOND, THIRD)))

    assert sum(isinstance(each, Ordered) for each in said) == 1
    refused = [str(each) for each in said if isinstance(each, VersionRefused)]
    assert all("has signed it already; countersign it" in each for each in refused)
    assert await live(pool) is None


async def test_of_two_who_countersign_at_once_one_makes_it_live_once(pool: Pool) -> None:
    rulebook = staffordshire()
    await propose(pool, rulebook)
    await sign(pool, rulebook, OWNER)

    said = await asyncio.gather(*(countersign(pool, rulebook, e) for e in (SECOND, THIRD)))

    assert sum(isinstance(each, Ordered) for each in said) == 1
    assert len((await read(pool)).activations) == 1


async def test_a_signer_cannot_countersign_even_past_our_own_code(pool: Pool) -> None:
    rulebook = staffordshire()
    await propose(pool, rulebook)
    await sign(pool, rulebook, OWNER)

    same = Signer("  NINA   example", "another role", "again")
    refused = await countersign(pool, rulebook, same)

    assert "somebody else must countersign it" in str(refused)
    with pytest.raises(Exception, match="rulebook_signature_by_two"):
        await pool.execute(
            "INSERT INTO rulebook_signature (proposal_no, step, signed_at, signed_by, person, role,"
            " why) SELECT proposal_no, 'countersigned', signed_at, signed_by, person, role, why"
            " FROM rulebook_signature"
        )


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("rulebook", "name"),
        ("rulebook_proposal", "why"),
        ("rulebook_signature", "why"),
        ("rulebook_activation", "why"),
    ],
)
async def test_what_is_on_record_can_be_neither_changed_nor_deleted(
    pool: Pool, table: str, column: str
) -> None:
    await make_live(pool, AT)

    for statement in (
        f"UPDATE {table} SET {column} = 'x'",  # noqa: S608 - a name of ours
        f"DELETE FROM {table}",  # noqa: S608 - a name of ours
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(DatabaseProblem, match="55000"):
            async with transaction(pool) as connection:
                await connection.execute(statement)


async def test_typed_twice_each_is_done_once(pool: Pool) -> None:
    rulebook = staffordshire()
    for work in (propose(pool, rulebook), propose(pool, rulebook)):
        proposed = await work
    signed = [await sign(pool, rulebook, OWNER) for _ in range(2)][-1]
    await countersign(pool, rulebook, SECOND)
    again = await propose(pool, rulebook)
    back = await roll_back(pool, rulebook)

    for said in (proposed, signed, again, back):
        assert isinstance(said, Ordered)
        assert not said.changed
    record = await read(pool)
    assert (len(record.proposals), len(record.activations)) == (1, 1)


async def test_a_rejected_version_is_not_signed_and_may_be_proposed_again(pool: Pool) -> None:
    rulebook = staffordshire()
    content = rulebook.content_hash
    await propose(pool, rulebook)
    await sign(pool, rulebook, OWNER)

    for _ in range(2):
        rejected = await do(pool, lambda c: orders.reject(c, content, THIRD, at=AT))
    refused = await countersign(pool, rulebook, SECOND)
    again = await propose(pool, rulebook)

    assert isinstance(rejected, Ordered)
    assert not rejected.changed
    assert "Sam Example has rejected it" in str(refused)
    assert isinstance(again, Ordered)
    assert again.changed
    await sign(pool, rulebook, OWNER)
    await countersign(pool, rulebook, SECOND)
    late = await do(pool, lambda c: orders.reject(c, content, THIRD, at=AT))
    assert "roll-back" in str(late)


async def test_a_change_of_what_is_not_live_any_more_would_undo_another_and_is_refused(
    pool: Pool,
) -> None:
    await make_live(pool, AT)
    mine, theirs = changed("mine"), changed("theirs")
    await propose(pool, mine)
    await sign(pool, mine, OWNER)
    await make_live(pool, AT, theirs)

    refused = await countersign(pool, mine, SECOND)

    assert "another version has gone live since it was proposed" in str(refused)
    assert await live(pool) == theirs.content_hash


async def test_a_roll_back_while_another_goes_live_leaves_one_of_them_live_and_both_on_record(
    pool: Pool,
) -> None:
    await make_live(pool, AT)
    bad, next_one = changed("bad"), changed("next")
    await make_live(pool, AT, bad)
    await propose(pool, next_one)
    await sign(pool, next_one, OWNER)

    back, signed = await asyncio.gather(
        roll_back(pool, staffordshire()), countersign(pool, next_one, SECOND)
    )

    assert isinstance(back, Ordered)
    assert await live(pool) == staffordshire().content_hash
    orders_given = [each.content_hash for each in (await read(pool)).activations]
    if isinstance(signed, Ordered):  # it was quicker, and the roll-back came after it
        assert orders_given[-2:] == [next_one.content_hash, staffordshire().content_hash]
    else:
        assert "another version has gone live" in str(signed)
        assert orders_given[-1] == staffordshire().content_hash


async def test_of_two_roll_backs_at_once_one_goes_back_and_the_other_goes_no_further(
    pool: Pool,
) -> None:
    await make_live(pool, AT)
    await make_live(pool, AT, changed("one"))
    await make_live(pool, AT, changed("two"))

    said = await asyncio.gather(roll_back(pool, None), roll_back(pool, None))

    assert sum(isinstance(each, Ordered) for each in said) == 1
    assert await live(pool) == changed("one").content_hash


async def test_a_roll_back_that_was_shown_does_nothing_once_another_version_is_live(
    pool: Pool,
) -> None:
    await make_live(pool, AT)
    shown = await make_live(pool, AT, changed("shown"))
    was = Standing(shown.content_hash, None)
    to = staffordshire().content_hash

    async def go(connection: Connection) -> Ordered:
        return await orders.roll_back(connection, to, THIRD, at=AT, shown=was)

    await make_live(pool, AT, changed("meanwhile"))
    refused = await do(pool, go)
    assert "was not when this was shown" in str(refused)
    assert await live(pool) == changed("meanwhile").content_hash
    await roll_back(pool, shown)

    done, again = await do(pool, go), await do(pool, go)

    assert isinstance(done, Ordered)
    assert isinstance(again, Ordered)
    assert (done.changed, again.changed) == (True, False)


async def test_it_goes_live_when_it_was_to_and_a_roll_back_withdraws_what_is_to_come(
    pool: Pool,
) -> None:
    await make_live(pool, AT)
    later = changed("later")
    await propose(pool, later, live_from=AT + 3 * HOUR)
    await sign(pool, later, OWNER)
    await countersign(pool, later, SECOND)

    assert await live(pool, AT + 2 * HOUR) == staffordshire().content_hash
    assert await live(pool, AT + 3 * HOUR) == later.content_hash
    back = await roll_back(pool, staffordshire(), at=AT + HOUR)
    assert isinstance(back, Ordered)
    assert "will not go live" in back.told
    assert await live(pool, AT + 9 * HOUR) == staffordshire().content_hash


async def test_nothing_goes_live_in_the_past(pool: Pool) -> None:
    rulebook = staffordshire()
    past = await propose(pool, rulebook, live_from=AT - HOUR)
    await propose(pool, rulebook, live_from=AT + HOUR)
    await sign(pool, rulebook, OWNER)
    await countersign(pool, rulebook, SECOND, at=AT + 2 * HOUR)

    assert str(past) == "it cannot go live in the past"
    [activation] = (await read(pool)).activations
    assert activation.since == AT + 2 * HOUR


async def test_a_ledger_of_before_goes_on_under_what_decided_last(fresh_dsn: str) -> None:
    async with open_pool(fresh_dsn, size=1, application_name="test") as pool:
        await migrate(pool, at=AT, migrations=read_migrations()[: _AFTER_GOVERNANCE - 1])
        async with transaction(pool) as connection:
            await keep_rulebook(connection, changed("first"), at=AT)
            await keep_rulebook(connection, changed("then"), at=AT + HOUR)
        await pool.execute(
            "INSERT INTO decision (occurrence_id, source, event_id, decided_at, rulebook_hash,"
            " facts, nobody) VALUES ('00000000-0000-0000-0000-000000000001', 's', 'e', $1, $2,"
            " '{}', '[]')",
            AT,
            changed("first").content_hash,
        )

        await migrate(pool, at=AT + HOUR)

        [adopted] = (await read(pool)).activations
    assert (adopted.content_hash, adopted.kind) == (changed("first").content_hash, Kind.ADOPTED)
