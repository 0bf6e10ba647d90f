"""`make bench-rules`: how much CPU time proving takes with 100 and with 1,000 rules, in one run.

It prints what it measured and asserts nothing. The rules are the county's, told apart by one more
condition each, so that every promise must look at all of them.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from routing_rules.document import Condition, Rule, RuleDocument
from routing_rules.proof_report import prove_all
from routing_rules.rulebook_diff import diff_rulebooks
from schemas.values import EventType
from tests.builders import staffordshire
from tests.proof_strategies import county_with

ON = date(2026, 3, 6)
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
    promises = staffordshire().promises
    for count in (100, 1_000):
        county = replace(county_with(many_rules(count)), promises=promises)
        began = time.process_time()
        report = prove_all(county, ON)
        proved = time.process_time() - began
        kinds = len(set(EventType) & {rule.event for rule in county.document.rules})
        print(
            f"{count:>5} rules, {len(report.promises)} promises, {kinds} kinds of events: "
            f"proved in {proved:.2f} s of CPU ({report.all_proved=})"
        )
    began = time.process_time()
    changes = diff_rulebooks(staffordshire(), county_with(many_rules(100)), ON)
    print(f"  100 rules: {len(changes)} changes told in {time.process_time() - began:.2f} s of CPU")


if __name__ == "__main__":
    main()
