"""`make bench`: audited routing beside a plain handler and a bare loop, in one run on one broker.

It prints what it measured and asserts nothing. PostgreSQL is as safe as in production (fsync on).
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from services.runtime.settings import SandboxSettings, read_settings
from services.sandbox.stack import Sandbox
from tests.benchmarks.audited import Audited, route_backlog
from tests.benchmarks.bare_loop import time_bare_loop
from tests.benchmarks.latency import measure_latency, quantile
from tests.benchmarks.plain_handler import time_plain_handler
from tests.benchmarks.workload import county_messages, mix_in_words
from tests.e2e.running_system import RunningSystem

_LATENCY_RATE = 50.0


@asynccontextmanager
async def fresh_system(sandbox: Sandbox, folder: Path, name: str) -> AsyncIterator[RunningSystem]:
    """Topics and a database of its own on the same servers."""
    server = await asyncpg.connect(sandbox.dsn)
    await server.execute(f'CREATE DATABASE "{name}"')
    await server.close()
    own = folder / name
    own.mkdir()
    dsn = sandbox.dsn.rsplit("/", 1)[0] + f"/{name}"
    system = RunningSystem(sandbox.bootstrap_servers, dsn, f"bench-{name}", own)
    await system.prepare()
    try:
        yield system
    finally:
        await system.stop()


async def run(sandbox: Sandbox, folder: Path, events: int, seconds: float) -> None:
    """Measures one after another, and prints."""
    messages = county_messages(events)
    few = messages[: max(200, events // 10)]
    print(f"mix: {events} messages: {mix_in_words(messages)}")
    async with fresh_system(sandbox, folder, "audited") as system:
        audited = await route_backlog(system, messages)
        per_event = await _messages_out(system) / events
    async with fresh_system(sandbox, folder, "plain") as system:
        plain = (len(few) - 1) / await time_plain_handler(system, few)
    async with fresh_system(sandbox, folder, "bare") as system:
        bare = len(messages) / await time_bare_loop(system, messages)
    _print_rates(audited, per_event, plain, bare)
    async with fresh_system(sandbox, folder, "latency") as system:
        system.start("router")
        system.start("relay")
        first, *later = county_messages(int(_LATENCY_RATE * seconds) + 1, seed=2)
        topic = system.topics.events(first.family, first.publisher)
        await system.settled(await system.publish_raw([(topic, first.body)]))
        took = await measure_latency(system, later, rate=_LATENCY_RATE)
    print(
        f"publish to readable on the queue at {_LATENCY_RATE:.0f} events/s, {len(took)} events: "
        f"p50 {quantile(took, 0.5) * 1000:.0f} ms, p99 {quantile(took, 0.99) * 1000:.0f} ms"
    )


async def _messages_out(system: RunningSystem) -> float:
    return float((await system.rows("SELECT count(*) AS n FROM outbox"))[0]["n"])


def _print_rates(audited: Audited, per_event: float, plain: float, bare: float) -> None:
    routed = audited.events / audited.routed_seconds
    delivered = audited.events / audited.delivered_seconds
    print(f"messages out for one event: {per_event:.1f}")
    print(f"audited, Kafka to ledger: {routed:.0f} events/s")
    print(f"audited, Kafka to ledger to queue: {delivered:.0f} events/s")
    print(f"plain FastStream handler, same writes: {plain:.0f} events/s")
    print(f"bare aiokafka loop, no writes: {bare:.0f} events/s")
    print(f"audited to the queue : plain handler = {delivered / plain:.1f} : 1")
    print(f"audited to the queue : bare loop = {delivered / bare:.3f} : 1")


def main() -> None:
    """Reads the arguments, starts the servers, measures."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long latency is measured")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = read_settings().model_copy(
            update={"sandbox": SandboxSettings(folder=folder / "servers")}
        )
        with Sandbox(settings) as sandbox:
            asyncio.run(run(sandbox, folder, arguments.events, arguments.seconds))


if __name__ == "__main__":
    main()
