"""`make bench-rules`: how much CPU time proving takes, and matching beside other engines.

All of it is one run.

It prints what it measured. The rules to be proved are the county's, told apart by one more
condition each, so that every promise must look at all of them. Matching is timed beside other
engines only after all of them gave the same answers; no other engine proves anything.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from routing_rules.boxes import Budget
from routing_rules.document import Condition, Rule, RuleDocument
from routing_rules.facts import Facts
from routing_rules.findings import findings_of
from routing_rules.proof import STEPS
from routing_rules.proof_ground import ground_of
from routing_rules.proof_report import prove_all
from routing_rules.rulebook import Rulebook
from routing_rules.rulebook_diff import diff_rulebooks
from tests.benchmarks.made_rules import with_made_rules
from tests.benchmarks.matching import asked_of, facts_of
from tests.benchmarks.rivals import Engine, check_that_they_agree, engines
from tests.benchmarks.workload import county_messages
from tests.builders import staffordshire
from tests.proof_strategies import county_with

Given = TypeVar("Given")

ON = date(2026, 3, 6)
_MESSAGES, _EVENTS = 600, 300
_TURNS, _SECONDS = 5, 0.5
_MORE = ("sex", "address restricted")


def many_rules(count: int) -> RuleDocument:
    """The county's own rules, and narrower ones of the same, so many in all."""
    document = staffordshire().document
    return replace(document, rules=(*document.rules, *_narrower(count - len(document.rules))))


def _narrower(count: int) -> Iterator[Rule]:
    county = staffordshire()
    fields = county.vocabulary["marac outcome"].person_fields
    for number in range(count):
        rule = county.document.rules[number % len(county.document.rules)]
        field = fields[_MORE[number % len(_MORE)]]
        word = field.values[number % len(field.values)]
        more = Condition(field.name, rule.position, words=frozenset({word}))
        yield replace(rule, name=f"{rule.name}-{number}", about=(*rule.about, more))


def main() -> None:
    """Measures one size after another, and prints."""
    county = staffordshire()
    for count in (100, 1_000):
        many = replace(county_with(many_rules(count)), promises=county.promises)
        print_proof(many)
    rules = county_with(many_rules(1_000))
    _, took = cpu_seconds(lambda: diff_rulebooks(county, rules, ON))
    print(f"what {len(rules.document.rules)} rules do otherwise: told in {took:.2f} s of CPU")
    asked = asked_of(county_messages(_MESSAGES))
    facts = [facts_of(one, county) for one in asked][:_EVENTS]
    for rulebook in (county, with_made_rules(county, 1_000)):
        print_rivals(rulebook, facts)


def print_proof(rulebook: Rulebook) -> None:
    """How long its promises and its findings take, and how much there is to be looked at."""
    count = len(rulebook.document.rules)
    report, proving = cpu_seconds(lambda: prove_all(rulebook, ON))
    found, finding = cpu_seconds(lambda: findings_of(rulebook, ON))
    ground = ground_of(rulebook, rulebook.vocabulary["emergency attendance"], ON, Budget(STEPS))
    points = ground.space.layout.points(ground.space.layout.everything)
    print(
        f"{count:>5} rules, {len(report.promises)} promises ({report.all_proved=}): proved in "
        f"{proving:.2f} s of CPU; {len(found)} findings in {finding:.2f} s, cases included; "
        f"an attendance is one of 10^{len(str(points)) - 1} cases"
    )


def print_rivals(rulebook: Rulebook, facts: Sequence[Facts]) -> None:
    """Which rules fire, by each engine in turn; only once they are seen to agree."""
    among = engines(rulebook, facts)
    people = check_that_they_agree(among)
    print(
        f"{len(rulebook.document.rules):>5} rules, {len(facts)} events, {people} people: "
        f"{', '.join(each.name for each in among)} give the same answers"
    )
    rates = {each.name: _rate(each, len(facts)) for each in among}
    own = rates[among[0].name]
    for name, rate in rates.items():
        print(f"      {name:<24} {rate:>8,.0f} events/s of CPU   {own / rate:>6.1f} : 1")


def cpu_seconds(work: Callable[[], Given]) -> tuple[Given, float]:
    """What work gives, and how long it took of this process's CPU, all threads together."""
    began = time.process_time()
    given = work()
    return given, time.process_time() - began


def _rate(engine: Engine, events: int) -> float:
    """Events a second of CPU: the best of a few turns, since what shares the machine varies."""
    rounds = 0
    best = 0.0
    for _ in range(_TURNS):
        began, rounds = time.process_time(), 0
        while time.process_time() - began < _SECONDS:
            engine.match()
            rounds += 1
        best = max(best, events * rounds / (time.process_time() - began))
    return best


if __name__ == "__main__":
    main()
