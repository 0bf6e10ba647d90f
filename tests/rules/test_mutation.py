"""A sample of the mutation check; `make mutate` looks at every mutant."""

from dataclasses import replace
from fnmatch import fnmatchcase

from routing_rules.document import Rule
from tests.builders import staffordshire
from tests.rules.mutants import Mutant, mutated
from tests.rules.mutation import (
    all_mutants,
    deliberately_free,
    fates,
    is_free,
    not_yet_caught,
    sampled,
)

SAMPLE, SEED = 30, 2016


def test_a_sample_of_mutants_is_caught_or_is_known_to_survive() -> None:
    found = list(fates(sampled(SAMPLE, SEED), workers=1))

    surviving = {e.mutant.name for e in found if e.caught_by is None and not e.is_free}
    assert surviving <= not_yet_caught()
    assert len(surviving) < SAMPLE / 2


def test_whatever_is_listed_as_free_or_as_surviving_is_a_mutant() -> None:
    names = {mutant.name for mutant in all_mutants()}
    free = {mutant.name for mutant in all_mutants() if is_free(mutant)}

    assert all(any(fnmatchcase(name, each) for name in names) for each in deliberately_free())
    assert not_yet_caught() <= names - free


def test_every_rule_and_block_has_mutants_and_each_is_another_rulebook() -> None:
    county, found = staffordshire(), all_mutants()

    rules = {rule.name for rule in county.document.rules}
    blocks = {block.name for block in county.document.withholds}
    assert {each.block.name for each in found} == rules | blocks
    assert all(mutant.changed != mutant.block for mutant in found)


def test_a_mutant_changes_its_rule_and_no_other() -> None:
    county = staffordshire()
    first, *others = county.document.rules
    changed = replace(first, tell=first.tell[1:])

    after = mutated(county, Mutant(first, changed, "made", first.position)).document.rules
    without = mutated(county, Mutant(first, None, "made", first.position)).document.rules

    assert isinstance(changed, Rule)
    assert after == (changed, *others)
    assert without == tuple(others)
