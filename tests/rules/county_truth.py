"""`make county`: thousands of a synthetic county's events, each accounted for, in memory.

Prints the sums of what came in, what is owed and of whom nobody is told, and every difference to
what the county's own truth says. Ends with 1 if there is any.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.rules.county_account import account_of, in_words, nobody_because
from tests.rules.county_run import Run, problems_of, routed

_SHOWN = 40


def main(words: Sequence[str] | None = None) -> int:
    """Runs a county and prints; the exit code."""
    parser = argparse.ArgumentParser(prog="make county", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="messages of publishers")
    parser.add_argument("--seed", type=int, default=1, help="which county")
    asked = parser.parse_args(words)
    run = routed(asked.seed, asked.events)
    problems = problems_of(run)
    lines = (in_words(account_of(run, problems)), *_reasons(run), *_kinds(problems))
    sys.stdout.write("\n".join((*lines, *problems[:_SHOWN], "")))
    return 1 if problems else 0


def _reasons(run: Run) -> Iterator[str]:
    for because, times in nobody_because(run).most_common():
        yield f"  nobody is told, {times} times: {because}"


def _kinds(problems: Sequence[str]) -> Iterator[str]:
    for kind, times in Counter(each.partition("|")[0] for each in problems).most_common():
        yield f"  difference, {times} times: {kind}"


if __name__ == "__main__":
    sys.exit(main())
