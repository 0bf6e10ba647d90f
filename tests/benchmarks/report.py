"""What was measured, as it is printed: figures, and ratios of figures of the same run."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.audited import Audited
from tests.benchmarks.latency import Latency
from tests.benchmarks.matching import Deciding, Matched
from tests.benchmarks.stages import Spent, shares
from tests.benchmarks.turns import Turns


def print_rates(audited: Audited, per_event: float, plain: float, bare: float) -> None:
    """How many events a second, beside a plain handler and a bare loop."""
    if not audited.events:
        print("too few messages: one batch took all of them, so there is nothing to time")
        return
    routed = audited.events / audited.routed_seconds
    delivered = audited.events / audited.delivered_seconds
    print(f"messages out for one event: {per_event:.1f}")
    print(f"audited, Kafka to ledger: {routed:.0f} events/s")
    print(f"audited, to the queue, all that was learned later with it: {delivered:.0f} events/s")
    print(f"plain FastStream handler, same writes: {plain:.0f} events/s")
    print(f"bare aiokafka loop, no writes: {bare:.0f} events/s")
    print(f"audited to the queue : plain handler = {delivered / plain:.1f} : 1")
    print(f"audited to the queue : bare loop = {delivered / bare:.3f} : 1")


def print_stages(spent: Spent, events: int) -> None:
    """Where the time went: of the batches, of what was decided again, and of the relay."""
    _print_shares(f"routed: {events} events", spent.batches, events)
    if spent.decided_again:
        again = f"decided again: {spent.decided_again} occurrences"
        _print_shares(again, spent.again, spent.decided_again)
    if spent.published:
        rows, milliseconds = map(sum, zip(*spent.published, strict=True))
        times = len(spent.published)
        print(
            f"published: {rows} messages in {times} transactions, {rows / times:.1f} messages and "
            f"{milliseconds / times:.0f} ms each, lanes side by side"
        )


def _print_shares(what: str, spent: Mapping[str, float], among: int) -> None:
    print(f"{what}; ms for one, and share")
    for stage, share in shares(spent).items():
        print(f"  {stage:<8} {spent[stage] / among:>8.2f} {share:>6.0%}")


def print_latency(latency: Latency, rate: float) -> None:
    """From publishing to being readable on the queue."""
    for name, took in (
        ("told at once", latency.at_once),
        ("told when more was known", latency.learned_later),
    ):
        if took:
            print(
                f"publish to readable on the queue at {rate:.0f} events/s, {len(took)} events "
                f"{name}: p50 {quantile(took, 0.5) * 1000:.0f} ms, "
                f"p99 {quantile(took, 0.99) * 1000:.0f} ms"
            )


def print_turns(turns: Turns, rate: float) -> None:
    """What an event waits for in the router alone."""
    print(
        f"the router alone, by processor time, at {rate:.0f} events/s: event to commit "
        f"p50 {quantile(turns.waited, 0.5) * 1000:.0f} ms, "
        f"p99 {quantile(turns.waited, 0.99) * 1000:.0f} ms; "
        f"longest slice {max(turns.slices) * 1000:.0f} ms"
    )


def print_matching(deciding: Deciding, matched: Sequence[Matched]) -> None:
    """What a decision consists of, and how matching grows with the number of rules."""
    print(
        f"one decision without the ledger: facts {deciding.facts:.2f} ms, "
        f"matching {deciding.match:.3f} ms, duties {deciding.route - deciding.match:.2f} ms"
    )
    print("made rules   compiled   interpreted   ratio   with duties   (events/s)")
    for one in matched:
        print(
            f"  {one.rules:>8} {one.compiled:>10,.0f} {one.interpreted:>13,.0f} "
            f"{one.compiled / one.interpreted:>5.0f} : 1 {one.routed:>11,.0f}"
        )


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
