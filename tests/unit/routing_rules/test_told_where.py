"""Which homes the rules and promises of a rulebook name."""

from dataclasses import replace

from routing_rules.document import Instead, Place, Unless
from routing_rules.promises import Kind
from routing_rules.rulebook import load_rulebook
from routing_rules.told_where import ELSEWHERE, UNKNOWN, told_where
from schemas.values import Service
from tests.builders import POLICE, rulebook_files, staffordshire

EAST, CANNOCK, STOKE = "E07000193", "E07000192", "E06000021"


def test_a_rule_without_a_place_is_for_every_home() -> None:
    said = told_where(staffordshire())[POLICE, Service.MIDWIFERY]

    assert "da-pregnant-victim" in said.rules[EAST]
    assert said.rules.keys() >= {EAST, CANNOCK, STOKE, ELSEWHERE, UNKNOWN}


def test_what_holds_in_the_county_holds_neither_beside_it_nor_elsewhere() -> None:
    name = "every pregnant victim in the county without a booking reaches the midwives of her home"

    said = told_where(staffordshire())[POLICE, Service.MIDWIFERY].promises

    assert name in said[EAST]
    assert not any(name in said.get(home, ()) for home in (STOKE, ELSEWHERE, UNKNOWN))


def test_of_2016_midwives_were_promised_everywhere_and_told_in_four_districts() -> None:
    then = load_rulebook(rulebook_files("staffordshire-2016"))

    said = told_where(then)[POLICE, Service.MIDWIFERY]

    assert set(said.rules) == {"E07000192", "E07000195", "E07000197", "E07000198"}
    assert EAST in said.promises


def test_a_service_that_is_told_in_a_case_of_a_line_counts_as_told() -> None:
    rulebook = staffordshire()
    [rule] = [r for r in rulebook.document.rules if r.name == "da-pregnant-victim"]
    case = Instead(Unless.NO_BOOKING, Service.LOOKED_AFTER_HEALTH, Place.COUNTY)
    tell = tuple(replace(each, instead=(case,)) for each in rule.tell)
    document = replace(rulebook.document, rules=(replace(rule, tell=tell),))

    said = told_where(replace(rulebook, document=document))

    assert said[POLICE, Service.LOOKED_AFTER_HEALTH].rules[EAST] == (rule.name,)


def test_a_promise_of_one_of_several_services_promises_none_of_them() -> None:
    rulebook = staffordshire()
    promises = tuple(replace(p, kind=Kind.ONE_OF) for p in rulebook.promises.promises)
    weaker = replace(rulebook, promises=replace(rulebook.promises, promises=promises))

    said = told_where(weaker)

    assert not any(each.promises for each in said.values())
    assert said[POLICE, Service.MIDWIFERY].rules[EAST]
