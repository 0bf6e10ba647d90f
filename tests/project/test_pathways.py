"""Every pathway of the report is served, or it is said why not; and the page says so truly."""

import pytest

from tests.builders import staffordshire
from tests.pathways_page import PAGE, Pathway, page, pathways, unlisted


@pytest.mark.parametrize("pathway", pathways(), ids=lambda each: each.id)
def test_a_pathway_has_a_rule_and_a_case_or_a_reason(pathway: Pathway) -> None:
    assert pathway.is_accounted_for, f"{pathway.id}, {pathway.name}: no rule, and no reason"


def test_no_rule_names_a_pathway_that_nobody_knows() -> None:
    assert unlisted() == frozenset()


def test_every_rule_names_a_pathway() -> None:
    assert [rule.name for rule in staffordshire().document.rules if not rule.pathways] == []


def test_the_page_is_what_the_rules_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.pathways_page"
