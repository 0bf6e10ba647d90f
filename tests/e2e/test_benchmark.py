"""`make bench` runs through; what it measures is nobody's promise."""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.benchmarks.run import Bench, Sizes


class Servers(NamedTuple):
    """The tests' own."""

    bootstrap_servers: str
    dsn: str


async def test_the_benchmark_runs_through_and_prints_every_part(
    kafka_servers: str,
    postgres_server: str,
    fresh_prefix: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench = Bench(Servers(kafka_servers, postgres_server), tmp_path, word=fresh_prefix)

    await bench.run(Sizes(events=60, seconds=0.5, matching_seconds=0.01))

    printed = capsys.readouterr().out
    for part in ("mix: 60 messages", "routed: 60 events", "published:", "at 50 events/s"):
        assert part in printed
    for part in ("the router alone", "one decision", "made rules"):
        assert part in printed
