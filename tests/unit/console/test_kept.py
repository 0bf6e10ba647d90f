"""Answers that are kept for a while."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from services.console.kept import AsOf, Kept

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Ledger:
    """Counts how often it is asked, and answers when it is let."""

    asked: int = 0
    fails: bool = False
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self) -> int:
        self.asked += 1
        mine = self.asked
        await self.may_answer.wait()
        if self.fails:
            raise ConnectionError
        return mine


@pytest.fixture
def ledger() -> Ledger:
    ledger = Ledger()
    ledger.may_answer.set()
    return ledger


async def test_an_answer_is_kept_for_a_while_and_says_when_it_was_asked_for(ledger: Ledger) -> None:
    kept = Kept[int](MINUTE, 3)

    first = await kept.get("28", ledger.ask, at=NOON)
    second = await kept.get("28", ledger.ask, at=NOON + MINUTE - timedelta(seconds=1))

    assert first == second == AsOf(1, NOON)


async def test_what_is_too_old_is_asked_for_again(ledger: Ledger) -> None:
    kept = Kept[int](MINUTE, 3)
    await kept.get("28", ledger.ask, at=NOON)

    assert await kept.get("28", ledger.ask, at=NOON + MINUTE) == AsOf(2, NOON + MINUTE)


async def test_a_clock_that_was_put_back_makes_it_ask_again(ledger: Ledger) -> None:
    kept = Kept[int](MINUTE, 3)
    await kept.get("28", ledger.ask, at=NOON)

    before = NOON - timedelta(seconds=1)
    assert await kept.get("28", ledger.ask, at=before) == AsOf(2, before)


async def test_each_question_has_its_own_answer_and_only_so_many_are_kept(ledger: Ledger) -> None:
    kept = Kept[int](MINUTE, 2)
    for key in ("7", "28", "91"):
        await kept.get(key, ledger.ask, at=NOON)

    assert (await kept.get("91", ledger.ask, at=NOON)).answer == 3
    assert (await kept.get("28", ledger.ask, at=NOON)).answer == 2
    assert (await kept.get("7", ledger.ask, at=NOON)).answer == 4


async def test_whoever_asks_meanwhile_waits_for_the_same_answer() -> None:
    ledger, kept = Ledger(), Kept[int](MINUTE, 3)
    several = [asyncio.create_task(kept.get("28", ledger.ask, at=NOON)) for _ in range(5)]
    await asyncio.sleep(0)

    ledger.may_answer.set()

    assert {each.answer for each in await asyncio.gather(*several)} == {1}


async def test_who_goes_away_stops_nobody_elses_answer() -> None:
    ledger, kept = Ledger(), Kept[int](MINUTE, 3)
    impatient = asyncio.create_task(kept.get("28", ledger.ask, at=NOON))
    patient = asyncio.create_task(kept.get("28", ledger.ask, at=NOON))
    await asyncio.sleep(0)

    impatient.cancel()
    await asyncio.sleep(0)
    ledger.may_answer.set()

    assert await patient == AsOf(1, NOON)
    assert ledger.asked == 1


async def test_what_fails_is_heard_by_all_who_wait_and_kept_by_nobody() -> None:
    ledger, kept = Ledger(fails=True), Kept[int](MINUTE, 3)
    several = [asyncio.create_task(kept.get("28", ledger.ask, at=NOON)) for _ in range(2)]
    await asyncio.sleep(0)
    ledger.may_answer.set()

    heard = await asyncio.gather(*several, return_exceptions=True)
    ledger.fails = False

    assert [type(each) for each in heard] == [ConnectionError] * 2
    assert await kept.get("28", ledger.ask, at=NOON) == AsOf(2, NOON)


async def test_what_failed_after_everybody_went_away_is_not_kept_either() -> None:
    ledger, kept = Ledger(fails=True), Kept[int](MINUTE, 3)
    impatient = asyncio.create_task(kept.get("28", ledger.ask, at=NOON))
    await asyncio.sleep(0)
    impatient.cancel()
    ledger.may_answer.set()
    await asyncio.sleep(0)
    ledger.fails = False

    assert await kept.get("28", ledger.ask, at=NOON) == AsOf(2, NOON)
