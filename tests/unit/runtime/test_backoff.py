import asyncio
from collections.abc import Iterator
from random import Random

import pytest

from services.runtime.backoff import Backoff, Stopping, until_done
from services.runtime.errors import PermanentError, TransientError


class Away(TransientError):
    pass


QUICK = Backoff(first=0.001, most=0.002, random=Random(1))


def test_waits_double_up_to_the_longest_with_jitter() -> None:
    backoff = Backoff(first=1.0, most=8.0, random=Random(1))

    for failures, step in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (500, 8)]:
        assert step / 2 <= backoff.delay(failures) <= step


async def test_work_is_repeated_until_it_is_done_and_an_outage_is_noted_once() -> None:
    attempts: Iterator[Away | str] = iter([Away("1"), Away("2"), "done"])
    noted: list[TransientError | None] = []

    async def work() -> str:
        answer = next(attempts)
        if isinstance(answer, Away):
            raise answer
        return answer

    answer = await until_done(
        work, away=Away, backoff=QUICK, stopping=asyncio.Event(), outage=noted.append
    )

    assert answer == "done"
    assert [str(each) for each in noted] == ["1", "None"]


async def test_work_that_fails_for_good_is_not_repeated() -> None:
    async def work() -> None:
        raise PermanentError("no")

    with pytest.raises(PermanentError):
        await until_done(
            work, away=Away, backoff=QUICK, stopping=asyncio.Event(), outage=lambda _: None
        )


async def test_waiting_ends_when_the_process_is_asked_to_stop() -> None:
    stopping = asyncio.Event()
    stopping.set()

    async def work() -> None:
        raise Away

    with pytest.raises(Stopping):
        await until_done(
            work,
            away=Away,
            backoff=Backoff(first=1000.0, most=1000.0),
            stopping=stopping,
            outage=lambda _: None,
        )
