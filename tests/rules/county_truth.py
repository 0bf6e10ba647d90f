"""`make county`: thousands of a synthetic county's events, each accounted for, in memory.

Prints the sums of what came in, what is owed and of whom nobody is told, which parts of the
rulebook had something to say, every difference to what the county's own truth says, and of what
that says nothing. Ends with 1 if there is a difference, or if of many events none made a rule fire.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from services.sandbox.county_people import HOMES
from services.sandbox.county_truth_pathways import NOT_COVERED
from tests.rules.county_account import account_of, in_words, nobody_because
from tests.rules.county_run import Run, problems_of, routed

_SHOWN = 40
_ENOUGH = 20_000
"""Of so many events every rule must have had something to say."""
_EVENTS_A_HOME = 25


def main(words: Sequence[str] | None = None) -> int:
    """Runs a county and prints; the exit code."""
    parser = argparse.ArgumentParser(prog="make county", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="messages of publishers")
    parser.add_argument("--seed", type=int, default=1, help="which county")
    asked = parser.parse_args(words)
    run = routed(asked.seed, asked.events, homes=homes_for(asked.events))
    problems, never = problems_of(run), run.coverage.never()
    lines = (
        in_words(account_of(run, problems)),
        *_reasons(run),
        *_kinds(problems),
        *_exercised(run, never),
        *(f"  the truth says nothing of {each}" for each in NOT_COVERED),
    )
    sys.stdout.write("\n".join((*lines, *problems[:_SHOWN], "")))
    return exit_code(problems, never, events=asked.events)


def homes_for(events: int) -> int:
    """A longer run is of a larger county: in a small one more happens to a family than can be."""
    return HOMES if events <= _ENOUGH else events // _EVENTS_A_HOME


def exit_code(problems: Sequence[str], never: Sequence[str], *, events: int) -> int:
    """1 for any difference, and where of many events none exercised a part of the rulebook."""
    return 1 if problems or (never and events >= _ENOUGH) else 0


def _exercised(run: Run, never: Sequence[str]) -> Iterator[str]:
    """How much of the rulebook had something to say, and what had not."""
    parts = len(list(run.coverage.parts()))
    yield f"{parts - len(never)} of {parts} tell lines and withhold blocks exercised"
    yield from (f"  never exercised: {each}" for each in never)


def _reasons(run: Run) -> Iterator[str]:
    for because, times in nobody_because(run).most_common():
        yield f"  nobody is told, {times} times: {because}"


def _kinds(problems: Sequence[str]) -> Iterator[str]:
    for kind, times in Counter(each.partition("|")[0] for each in problems).most_common():
        yield f"  difference, {times} times: {kind}"


if __name__ == "__main__":
    sys.exit(main())
