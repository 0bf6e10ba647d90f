"""Late notices that a named person has issued after a replay: each once, whatever happens."""

import asyncio
import json
import subprocess
import sys
from datetime import timedelta

import pytest

from routing_rules.replaying import Change
from routing_rules.rulebook import Rulebook
from schemas.reading import read_event
from services.ledger.missed import MissedFilter, all_missed
from services.ledger.missed_causes import MissedCause
from services.replay.failpoints import Failpoint
from services.replay.found import AllFound
from services.replay.issuing import Issued, Issuing
from services.replay.report import ReplayReport
from services.router.handler import Router
from services.runtime.clock import FixedClock
from tests.builders import a_person, at_home, nhs_number, staffordshire
from tests.integration.replay.kit import (
    BEGINNING,
    END,
    LATER,
    ORDER,
    compared,
    keep,
    routing_by,
    settle,
    without,
)
from tests.integration.router.kit import NOON, Ledger, family, message, records, records_of
from tests.unit.schemas.letters import booking

pytestmark = pytest.mark.integration

RULE = "da-pregnant-victim"
LINES = 3


def live() -> Rulebook:
    """What routers decide by: nobody has thought of the midwife."""
    return without(RULE)


def a_family(number: int) -> bytes:
    """A pregnant victim of her own."""
    victim = a_person(
        "victim",
        number=number,
        date_of_birth="1996-04-11",
        sex="female",
        pregnant="yes",
        maternity_provider="RJF",
        **at_home(),
    )
    data = family(f"STF/2026/{number}")
    return message({**data, "people": [victim]}, event_id=f"e{number}")


def live_router(ledger: Ledger, clock: FixedClock | None = None) -> Router:
    return Router(ledger.pool, routing_by(live()), read_event, clock or FixedClock(NOON))


@pytest.fixture
async def untold(ledger: Ledger) -> Ledger:
    """A ledger in which nobody told the midwives of three women."""
    await keep(ledger.pool, live())
    await live_router(ledger).handle(records(*(a_family(1 + n) for n in range(LINES))))
    return ledger


async def report(ledger: Ledger, rulebook: Rulebook | None = None) -> ReplayReport:
    rulebook = rulebook or staffordshire()
    part = await compared(ledger.pool, rulebook, sieved=True)
    return ReplayReport(
        rulebook=rulebook.label,
        since=BEGINNING,
        until=END,
        events=LINES,
        occurrences=part.occurrences,
        decided=part.decided,
        from_facts=part.from_facts,
        found=AllFound([part.packed]),
    )


def issuing(ledger: Ledger, *, at: FixedClock | None = None) -> Issuing:
    clock = at or FixedClock(LATER)
    return Issuing(ledger.pool, routing_by(staffordshire()), ORDER, clock)


async def midwives(ledger: Ledger) -> list[tuple[str, bool, str]]:
    """What midwives were told: of whom, whether late, and how the duty stands."""
    rows = await ledger.rows(
        "SELECT about, late, state FROM duty WHERE service = 'midwifery' ORDER BY person_key"
    )
    return [(json.loads(r["about"])["nhs_number"], r["late"], r["state"]) for r in rows]


ALL_LATE = [(nhs_number(1 + n), True, "owed") for n in range(LINES)]


async def test_who_was_not_told_is_told_late_and_it_is_on_record(untold: Ledger) -> None:
    before = await untold.rows("SELECT * FROM duty ORDER BY duty_id")

    issued = await issuing(untold).issue(await report(untold))

    assert issued == Issued(told=LINES)
    assert await midwives(untold) == ALL_LATE
    kept = await untold.rows("SELECT * FROM duty WHERE service <> 'midwifery' ORDER BY duty_id")
    assert [dict(row) for row in kept] == [dict(row) for row in before]
    changes = await untold.rows(
        "SELECT duty_change.* FROM duty_change JOIN duty USING (duty_id)"
        " WHERE service = 'midwifery'"
    )
    label = staffordshire().label
    assert {(r["changed_by"], r["changed_at"], r["why"]) for r in changes} == {
        (
            "N. Midwife",
            LATER,
            f"issued late after a replay: the rule was missing (rulebook {label})",
        )
    }
    [order] = await untold.rows("SELECT * FROM replay_issue")
    assert (order["issued_by"], order["rulebook_hash"], order["issued_at"]) == (
        "N. Midwife",
        staffordshire().content_hash,
        LATER,
    )
    decided = await untold.rows("SELECT * FROM decision WHERE because = 'replayed'")
    assert {(r["rulebook_hash"], r["decided_at"]) for r in decided} == {
        (staffordshire().content_hash, LATER)
    }


async def test_the_notice_says_that_it_is_late_and_by_which_rulebook(untold: Ledger) -> None:
    await issuing(untold).issue(await report(untold))

    told = [each for each in await untold.notices() if each["service"] == "midwifery"]

    assert len(told) == LINES
    for each in told:
        assert each["late"] is True
        assert each["kind"] == "notify"
        assert each["routed_at"] == LATER.isoformat()
        assert each["rulebook"] == staffordshire().label


async def test_it_is_among_what_was_missed_with_a_cause_of_its_own(untold: Ledger) -> None:
    await issuing(untold).issue(await report(untold))
    await untold.rows(
        "UPDATE duty SET state = 'acknowledged', sent_at = $1, acknowledged_at = $1"
        " WHERE service = 'midwifery'",
        LATER,
    )
    await untold.rows(
        "UPDATE duty SET state = 'done', ended_at = $1, done_at = $1"
        " WHERE about ->> 'nhs_number' = $2",
        LATER,
        nhs_number(1),
    )

    at = LATER + timedelta(days=1)
    missed = [each async for each in all_missed(untold.pool, MissedFilter(), at=at)]

    causes = [each.cause for each in missed if each.service == "midwifery"]
    assert causes == [MissedCause.REPLAYED] * LINES
    ended = [each for each in missed if each.service == "midwifery" and each.ended_at]
    assert len(ended) == 1


async def test_an_order_given_again_issues_nothing_more(untold: Ledger) -> None:
    found = await report(untold)
    await issuing(untold).issue(found)
    await untold.rows("UPDATE duty SET state = 'done', ended_at = now(), done_at = now()")

    again = await issuing(untold).issue(found)
    afresh = await report(untold)

    assert again == Issued(not_any_more=LINES)
    assert list(afresh.found) == []
    [orders] = await untold.rows("SELECT count(*) FROM replay_issue")
    assert orders[0] == 1
    assert len(await midwives(untold)) == LINES


async def test_two_who_order_at_once_and_a_router_tell_once(untold: Ledger) -> None:
    found, clock = await report(untold), FixedClock(LATER)
    router = live_router(untold, clock)

    done = await asyncio.gather(
        issuing(untold).issue(found),
        issuing(untold).issue(found),
        router.handle(records_of(booking({"provider": "RJF"}))),
        router.reconsider(),
    )
    await settle(router, clock)

    assert done[0].told + done[1].told == LINES
    assert len(await midwives(untold)) == LINES
    assert (await report(untold)).newly_told == 0


async def test_what_is_learned_later_does_not_take_it_away(untold: Ledger) -> None:
    await issuing(untold).issue(await report(untold))
    clock = FixedClock(LATER + timedelta(days=1))
    router = live_router(untold, clock)

    await router.handle(records_of(booking({"provider": "RJF"})))
    await settle(router, clock)

    [learned] = await untold.rows("SELECT count(*) FROM decision WHERE because = 'learned_later'")
    assert learned[0] > 0
    assert await midwives(untold) == ALL_LATE


async def test_what_was_cancelled_meanwhile_is_not_issued(untold: Ledger) -> None:
    found = await report(untold)
    data = {**json.loads(a_family(1))["data"], "status": "cancelled"}
    cancelled = message(data, event_id="e9", at=NOON + timedelta(hours=1))
    await live_router(untold).handle(records(cancelled, begin=LINES))

    issued = await issuing(untold).issue(found)

    assert issued == Issued(told=LINES - 1, not_any_more=1)
    assert await midwives(untold) == ALL_LATE[1:]


async def test_who_would_not_have_been_told_is_listed_and_keeps_it(ledger: Ledger) -> None:
    await keep(ledger.pool, staffordshire())
    router = Router(ledger.pool, routing_by(staffordshire()), read_event, FixedClock(NOON))
    await router.handle(records(a_family(1)))
    before = await ledger.rows("SELECT * FROM duty ORDER BY duty_id")
    found = await report(ledger, live())

    issued = await Issuing(ledger.pool, routing_by(live()), ORDER, FixedClock(LATER)).issue(found)

    assert {each.difference.change for each in found.found} == {Change.NO_LONGER_TOLD}
    assert issued == Issued()
    after = await ledger.rows("SELECT * FROM duty ORDER BY duty_id")
    assert [dict(row) for row in after] == [dict(row) for row in before]


@pytest.mark.parametrize("point", list(Failpoint))
async def test_killed_anywhere_the_order_is_done_by_giving_it_again(
    untold: Ledger, fresh_dsn: str, point: Failpoint
) -> None:
    command = [sys.executable, "-m", "tests.integration.replay.fragile_issue"]
    killed = await asyncio.to_thread(
        subprocess.run, [*command, point.value, fresh_dsn], capture_output=True, check=False
    )
    first = await midwives(untold)

    again = await asyncio.to_thread(
        subprocess.run, [*command, "never", fresh_dsn], capture_output=True, check=False
    )

    assert (killed.returncode, again.returncode) == (-9, 0), (killed.stderr, again.stderr)
    assert len(first) == (2 if point is Failpoint.COMMITTED else 1)
    assert await midwives(untold) == ALL_LATE
    [orders] = await untold.rows("SELECT count(*) FROM replay_issue")
    assert orders[0] == 1
