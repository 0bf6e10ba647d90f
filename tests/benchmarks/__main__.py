"""`make bench`: audited routing beside a plain handler and a bare loop, in one run on one broker.

Then where the time goes, the latency, and matching by itself. It prints what it measured and
asserts nothing. PostgreSQL is as safe as in production (fsync on).
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from services.runtime.clock import SystemClock
from services.runtime.logging import configure_logging
from services.runtime.settings import LoggingSettings, SandboxSettings, read_settings
from services.sandbox.stack import Sandbox
from tests.benchmarks.run import Bench, Sizes


def main() -> None:
    """Reads the arguments, starts the servers, measures."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long latency is measured")
    arguments = parser.parse_args()
    configure_logging(LoggingSettings(level="error"), clock=SystemClock(), service="bench")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = read_settings().model_copy(
            update={"sandbox": SandboxSettings(folder=folder / "servers")}
        )
        with Sandbox(settings) as sandbox:
            sizes = Sizes(arguments.events, arguments.seconds)
            asyncio.run(Bench(sandbox, folder).run(sizes))


if __name__ == "__main__":
    main()
