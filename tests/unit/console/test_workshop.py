"""Work in a process of its own: it answers, says how far it is, and ends with whoever waits."""

import asyncio
import os
import signal
import time
from functools import partial

import pytest

from services.console.workshop import Hear, WorkLost, WorkRefused, Workshop
from services.runtime.errors import TransientError


def counting(to: int, tell: Hear) -> int:
    for number in range(to):
        tell(number)
    return to


def refusing(_: Hear) -> None:
    raise WorkRefused("it does not load")


def away(_: Hear) -> None:
    raise TransientError("nobody is there")


def failing(_: Hear) -> None:
    raise KeyError("secret")


def dying(_: Hear) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleeping(tell: Hear) -> None:
    tell(os.getpid())
    time.sleep(600)


async def test_it_answers_and_says_how_far_it_is() -> None:
    heard: list[object] = []

    answer = await Workshop().do(partial(counting, 3), heard.append)

    assert (answer, heard) == (3, [0, 1, 2])


async def test_what_it_refuses_comes_with_its_reason() -> None:
    with pytest.raises(WorkRefused, match="it does not load"):
        await Workshop().do(refusing)


@pytest.mark.parametrize("work", [away, dying])
async def test_what_is_lost_can_be_asked_for_again(work: object) -> None:
    workshop = Workshop()

    with pytest.raises(WorkLost):
        await workshop.do(work)  # type: ignore[arg-type]

    assert await workshop.do(partial(counting, 0)) == 0


async def test_an_error_that_nobody_foresaw_is_lost_work_and_says_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(WorkLost):
        await Workshop().do(failing)

    assert "secret" not in capfd.readouterr().err


async def test_the_process_ends_with_whoever_waits_for_it() -> None:
    begun: asyncio.Queue[object] = asyncio.Queue()
    task = asyncio.create_task(Workshop().do(sleeping, begun.put_nowait))
    pid = await begun.get()
    assert isinstance(pid, int)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
