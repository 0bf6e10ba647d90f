"""The mutation check: `make mutate`. Is every change of a rule caught by a case or a promise?

Each mutant is put to the cases in which its block matches, and, if none of them minds, to the
promises of its kind of event. What survives is listed with its line. `docs/rules.md` says what is
free on purpose; `survivors.txt` is what still wants a case or a promise.
"""

import argparse
import os
import random
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from routing_rules.boxes import Budget
from routing_rules.cases import run_case
from routing_rules.cases_coverage import occasion_of
from routing_rules.cases_document import RuleCase
from routing_rules.cases_loader import load_cases
from routing_rules.explain import Casebook
from routing_rules.proof import STEPS, Verdict, prove
from routing_rules.proof_ground import ground_of
from routing_rules.source_text import Problems
from tests.builders import rulebook_files, staffordshire
from tests.promise_kit import ON
from tests.rules.mutants import Block, Mutant, mutants, mutated

_RULES = Path(__file__).parents[2] / "docs" / "rules.md"
_SURVIVORS = Path(__file__).with_name("survivors.txt")
_FREE = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<reason>[^|]+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant: the case or the promise that catches it, None if nothing does."""

    mutant: Mutant
    caught_by: str | None

    @property
    def is_free(self) -> bool:
        """Whether it survives because the documents say that it may."""
        return self.caught_by is None and is_free(self.mutant)


@cache
def all_mutants() -> Sequence[Mutant]:
    """Every mutant of the shipped rulebook."""
    return mutants(staffordshire())


@cache
def deliberately_free() -> Mapping[str, str]:
    """By the names of mutants (`*` stands for anything), why nothing need catch them."""
    _, _, listed = _RULES.read_text("utf-8").partition("### Deliberately free")
    section = listed.partition("\n## ")[0]
    return {found["name"]: found["reason"] for found in _FREE.finditer(section)}


def is_free(mutant: Mutant) -> bool:
    """Whether the documents say that nothing need catch it."""
    return any(fnmatchcase(mutant.name, names) for names in deliberately_free())


@cache
def not_yet_caught() -> frozenset[str]:
    """The mutants that are known to survive, and for which a case is wanted; fewer is better."""
    return frozenset(filter(None, _SURVIVORS.read_text("utf-8").splitlines()))


def fate(number: int) -> Fate:
    """What becomes of one mutant, by its number."""
    mutant = all_mutants()[number]
    changed = mutated(staffordshire(), mutant)
    for case in _cases_of()[mutant.block.name]:
        if mutant.changed is None and _names(case, mutant.block):
            return Fate(mutant, f"case {case.name}")
        if not run_case(case, changed).passed:
            return Fate(mutant, f"case {case.name}")
    event = next(e for e in changed.vocabulary.values() if e.type is mutant.block.event)
    promises = [each for each in changed.promises.promises if each.event is event.type]
    ground = ground_of(changed, event, ON, Budget(STEPS)) if promises else None
    for promise in promises:
        assert ground is not None
        if prove(promise, ground).verdict is not Verdict.PROVED:
            return Fate(mutant, f"promise {promise.name}")
    return Fate(mutant, None)


def _names(case: RuleCase, block: Block) -> bool:
    """Whether a case could not even be read without the block."""
    named = (case.fires, case.does_not_fire, case.withholds, case.does_not_withhold)
    return any(block.name in names for names in named)


@cache
def _cases_of() -> Mapping[str, Sequence[RuleCase]]:
    """By rule or withhold block, the cases in which it matches somebody."""
    county = staffordshire()
    blocks: list[Block] = [*county.document.rules, *county.document.withholds]
    found: dict[str, list[RuleCase]] = {block.name: [] for block in blocks}
    for case in load_cases(county, rulebook_files("staffordshire"), Problems()):
        casebook = Casebook(county)
        for known in case.known:
            casebook.receive(known, known.time)
        outcome = casebook.receive(case.event, case.event.time)
        assert outcome is not None
        occasion = occasion_of(outcome.facts)
        for block in blocks:
            if block.event is case.event.type and occasion.matches(block):
                found[block.name].append(case)
    return found


def sampled(count: int, seed: int) -> list[int]:
    """So many mutants by number, the same for one seed."""
    numbers = range(len(all_mutants()))
    return sorted(random.Random(seed).sample(numbers, min(count, len(numbers))))


def fates(numbers: Iterable[int], workers: int) -> Iterator[Fate]:
    """What becomes of these mutants, in their order, as it is known; on so many cores."""
    if workers < 2:
        yield from map(fate, numbers)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(fate, numbers, chunksize=8)


def main() -> int:
    """Exit code 1 if a mutant survives that is listed neither as free nor as not yet caught."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="only so many, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="write the list of survivors anew")
    parser.add_argument("--only", default="", help="only mutants in whose name this stands")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    all_of_them = range(len(all_mutants()))
    numbers = all_of_them if asked.sample is None else sampled(asked.sample, asked.seed)
    chosen = [number for number in numbers if asked.only in str(all_mutants()[number])]
    found = []
    for each in fates(chosen, asked.workers):
        found.append(each)
        if each.caught_by is None:
            sys.stdout.write(f"{'free     ' if each.is_free else 'SURVIVES '} {each.mutant}\n")
            sys.stdout.flush()
    survivors = [each for each in found if each.caught_by is None]
    by_case = sum((each.caught_by or "").startswith("case") for each in found)
    by_promise = len(found) - by_case - len(survivors)
    free = sum(each.is_free for each in survivors)
    share = 100 * (by_case + by_promise) / max(1, len(found))
    sys.stdout.write(
        f"{len(found)} mutants: {by_case} caught by a case, {by_promise} by a promise, {free} free"
        f" on purpose, {len(survivors) - free} survive; {share:.1f} % caught\n"
    )
    unlisted = [e for e in survivors if not e.is_free and e.mutant.name not in not_yet_caught()]
    if asked.write:
        names = sorted(each.mutant.name for each in survivors if not each.is_free)
        _SURVIVORS.write_text("".join(f"{name}\n" for name in names), "utf-8")
    return 1 if unlisted and not asked.write else 0


if __name__ == "__main__":
    sys.exit(main())
