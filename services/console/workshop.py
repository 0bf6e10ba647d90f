"""Work that takes seconds or minutes, in a process of its own: pages are answered meanwhile."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from typing import Any, Protocol, TypeVar, cast

from services.runtime.errors import FieldfareError, PermanentError, TransientError
from services.runtime.logging import get_logger

_log = get_logger(__name__)
_T_co = TypeVar("_T_co", covariant=True)
_Answer = TypeVar("_Answer")
Hear = Callable[[object], None]


class WorkRefused(PermanentError):
    """What was asked cannot be worked out; the message is for people and says why."""


class WorkLost(TransientError):
    """The process ended before its time; nothing was changed, and it can be asked for again."""


class Work(Protocol[_T_co]):
    """What is to be done: it tells how far it is, and answers. It and all it names is pickled."""

    def __call__(self, tell: Hear, /) -> _T_co:
        """Does it, in the main thread of a fresh process."""
        ...


@dataclass(slots=True)
class Workshop:
    """Does one piece of work at a time; whoever comes next waits for their turn.

    A process ends with its work, with whoever waits for it, and with this process.
    """

    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def do(self, work: Work[_Answer], heard: Hear = lambda _: None) -> _Answer:
        """What came of the work; `heard` is told how far it is. Raises `WorkRefused`, `WorkLost`.

        Cancelling it ends the process.
        """
        async with self._turn:
            ours, theirs = multiprocessing.get_context("spawn").Pipe(duplex=False)
            process = multiprocessing.get_context("spawn").Process(
                target=_begin, args=(theirs, work), daemon=True
            )
            try:
                process.start()
                theirs.close()
                return cast("_Answer", await _listen(ours, heard))
            finally:
                process.kill()
                await asyncio.to_thread(process.join)
                process.close()
                ours.close()


async def _listen(pipe: Pipe, heard: Hear) -> object:
    """Until it answers; reading never blocks for longer than a message takes to be copied."""
    loop, said = asyncio.get_running_loop(), asyncio.Queue[tuple[str, Any]]()

    def read() -> None:
        try:
            said.put_nowait(pipe.recv())
        except (EOFError, OSError):
            loop.remove_reader(pipe.fileno())
            said.put_nowait(("lost", None))

    loop.add_reader(pipe.fileno(), read)
    try:
        while True:
            match await said.get():
                case ("told", told):
                    heard(told)
                case ("done", answer):
                    return answer
                case ("refused", why):
                    raise WorkRefused(str(why))
                case (_, why):
                    _log.error("work_lost", because=why or "its process ended")
                    raise WorkLost("the process ended before its time")
    finally:
        loop.remove_reader(pipe.fileno())


def _begin(pipe: Pipe, work: Work[object]) -> None:
    """In the process: an interrupt at the terminal is for whoever started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        answer = work(lambda told: pipe.send(("told", told)))
    except PermanentError as refused:
        pipe.send(("refused", str(refused)))
    except FieldfareError:
        pipe.send(("lost", None))
    except Exception as error:  # noqa: BLE001 - the edge of a process; its text may be personal
        pipe.send(("lost", type(error).__name__))
    else:
        pipe.send(("done", answer))
