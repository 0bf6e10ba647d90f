"""Runs of whole numbers, as `1-412`: what arrived of a source's counter, and what did not."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Run(NamedTuple):
    """The numbers from the first to the last, both included."""

    first: int
    last: int


Runs = tuple[Run, ...]
"""In order, and with a gap between any two."""


def joined(*runs: Iterable[Run]) -> Runs:
    """All the numbers of several lists of runs, in whatever order and however they overlap."""
    found: list[Run] = []
    for run in sorted(run for each in runs for run in each):
        if found and run.first <= found[-1].last + 1:
            found[-1] = Run(found[-1].first, max(found[-1].last, run.last))
        else:
            found.append(run)
    return tuple(found)


def without(runs: Iterable[Run], others: Iterable[Run]) -> Runs:
    """The numbers of the first that are not among the second."""
    return tuple(_without(joined(runs), joined(others)))


def common(runs: Iterable[Run], others: Iterable[Run]) -> Runs:
    """The numbers that are among both."""
    held = joined(runs)
    return without(held, without(held, others))


def how_many(runs: Iterable[Run]) -> int:
    """How many numbers they are."""
    return sum(run.last - run.first + 1 for run in joined(runs))


def in_words(runs: Runs, *, most: int = 20) -> str:
    """As `17, 33-35`; of many runs the first `most`, and how many numbers there are besides."""
    shown = [
        str(run.first) if run.first == run.last else f"{run.first}-{run.last}"
        for run in runs[:most]
    ]
    rest = how_many(runs[most:])
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def _without(runs: Runs, others: Runs) -> Iterator[Run]:
    """One walk along both, so that a hundred thousand runs are no trouble."""
    place = 0
    for first, last in runs:
        begin = first
        while place < len(others) and others[place].last < begin:
            place += 1
        at = place
        while at < len(others) and others[at].first <= last:
            if begin < others[at].first:
                yield Run(begin, others[at].first - 1)
            begin = others[at].last + 1
            at += 1
        place = max(place, at - 1)
        if begin <= last:
            yield Run(begin, last)
