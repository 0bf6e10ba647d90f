"""Where a batch's time goes, as the router's and the relay's own logs say."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds by the router's stages, over all batches; `again` of what was decided again.

    `published` are the relay's transactions, one lane's each: how many messages, and how many
    milliseconds. Lanes are published side by side, so they add up to more than the wall clock's.
    """

    batches: Mapping[str, float]
    again: Mapping[str, float]
    decided_again: int
    published: Sequence[tuple[int, int]]


def spent_in(logs: str) -> Spent:
    """All that processes have logged of it, one JSON object a line."""
    batches: Counter[str] = Counter()
    again: Counter[str] = Counter()
    published: list[tuple[int, int]] = []
    occurrences = 0
    for line in _lines(logs.splitlines()):
        match line.get("event"):
            case "routed":
                batches.update(line["stages"])
            case "reconsidered":
                again.update(line["stages"])
                occurrences += line["decided"]
            case "relay_published":
                published.append((line["rows"], line["milliseconds"]))
            case _:
                pass
    return Spent(batches, again, occurrences, published)


def shares(spent: Mapping[str, float]) -> dict[str, float]:
    """Each stage's part of the whole, the largest first."""
    whole = sum(spent.values())
    largest_first = sorted(spent.items(), key=lambda one: -one[1])
    return {stage: milliseconds / whole for stage, milliseconds in largest_first}


def _lines(logs: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in logs:
        if line.startswith("{"):
            yield json.loads(line)
