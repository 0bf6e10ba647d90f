"""Holds one server: starts it, and stops it as soon as the process that asked for it is gone.

Run by its path with `python -I`, so it may import nothing but the standard library. Its standard
input is a pipe that nobody writes to: the pipe closes when our process ends, however it ends, and
even after `kill -9`. The same happens if this process is told to end.
"""

import argparse
import os
import select
import signal
import subprocess
import sys
from types import FrameType

_LOOK_EVERY = 0.2
"""Seconds between looks at the server and at who our parent is."""


def main() -> int:
    """Runs until the server has ended; answers its exit code."""
    asked = _asked()
    told_to_end = _listen_for_signals()
    server = subprocess.Popen(
        asked.command,
        stdin=subprocess.DEVNULL,
        cwd=asked.cwd,
        user=asked.uid,
        group=asked.gid,
        extra_groups=None if asked.uid is None else [],
        pass_fds=asked.keep_fd,
        start_new_session=True,
    )
    while server.poll() is None:
        pipe_closed = bool(select.select([sys.stdin], [], [], _LOOK_EVERY)[0])
        # a process that our parent forked may still hold the pipe: so look at the parent as well
        if pipe_closed or told_to_end or os.getppid() != asked.parent:
            _stop(server, asked.stop_signal, asked.grace)
    return server.returncode


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--stop-signal", type=lambda name: signal.Signals[name], required=True)
    parser.add_argument("--grace", type=float, required=True, help="seconds until it is killed")
    parser.add_argument("--parent", type=int, required=True, help="the process to end with")
    parser.add_argument("--cwd", required=True)
    parser.add_argument("--uid", type=int)
    parser.add_argument("--gid", type=int)
    parser.add_argument("--keep-fd", type=int, action="append", default=[])
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def _listen_for_signals() -> list[int]:
    received: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, remember)
    return received


def _stop(server: subprocess.Popen[bytes], stop_signal: signal.Signals, grace: float) -> None:
    server.send_signal(stop_signal)
    try:
        server.wait(grace)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
