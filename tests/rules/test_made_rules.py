"""The rules that the benchmark makes: as real ones, and matched alike by both engines."""

from routing_rules.engine import route
from routing_rules.interpreter import evaluate
from tests.benchmarks.made_rules import with_made_rules
from tests.benchmarks.matching import asked_of, facts_of
from tests.benchmarks.workload import county_messages
from tests.builders import staffordshire

MANY = 1000


def test_made_rules_fire_alike_in_the_compiler_and_in_the_interpreter() -> None:
    rulebook = with_made_rules(staffordshire(), MANY)
    fired = 0

    for asked in asked_of(county_messages(450)):
        facts = facts_of(asked, rulebook)
        features = [person.features for person in facts.people]
        matched = rulebook.compiled.matching(facts.type, facts.event, features)
        for person, rules in zip(facts.people, matched, strict=True):
            verdicts = [
                evaluate(rule, facts.event, person.features, person.party.person.ref)
                for rule in rulebook.rules_for(facts.type)
            ]
            assert [rule.name for rule in rules] == [v.rule for v in verdicts if v.fired]
            fired += len(rules)

    assert fired > MANY


def test_made_rules_lead_to_duties() -> None:
    rulebook = with_made_rules(staffordshire(), 40)

    decisions = [
        route(facts_of(asked, rulebook), rulebook) for asked in asked_of(county_messages(450))
    ]

    assert any(decision.duties for decision in decisions)


def test_the_same_seed_makes_the_same_rules() -> None:
    one, same, other = (with_made_rules(staffordshire(), 40, seed=seed) for seed in (1, 1, 2))

    assert one.document == same.document != other.document
    assert len({rule.name for rule in one.document.rules}) == 40
