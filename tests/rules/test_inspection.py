"""The inspection as a test: what seven inspectors found, the promises find again by themselves."""

import pytest

from routing_rules.proof import Verdict
from services.cli.proof_text import proof_lines
from tests.builders import rulebook_files
from tests.inspection_page import (
    NOW,
    PAGE,
    THEN,
    Absence,
    absences,
    closing,
    page,
    proofs,
    report,
    rulebook,
)

AT_LEAST = "1.12 1.13 1.14 1.25 1.27 1.30 1.31 2.8 2.9 2.11 2.13 3.8 3.12 3.19 5.1.6"
PARAGRAPHS = [f"para {number}" for number in AT_LEAST.split()]


def test_every_promise_is_kept_now_and_not_all_were_kept_then() -> None:
    assert report(NOW).all_proved
    assert not report(THEN).all_proved
    assert {each.proved.verdict for each in report(THEN).promises} == {Verdict.PROVED, Verdict.GAP}


def test_the_promises_are_the_same_and_no_copy() -> None:
    now, then = rulebook_files(NOW), rulebook_files(THEN)

    assert then["promises.yaml"] == now["promises.yaml"]
    assert rulebook(THEN).content_hash != rulebook(NOW).content_hash


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_what_the_inspectors_found_is_a_gap_that_names_its_paragraph(paragraph: str) -> None:
    cited = [each for each in report(THEN).promises if paragraph in each.proved.promise.sources]
    lines = [line for line in proof_lines(report(THEN), None) if line.startswith("GAP")]

    assert any(each.proved.verdict is Verdict.GAP for each in cited)
    assert any(f"{paragraph}," in line or f"{paragraph})" in line for line in lines)
    assert paragraph in {each.paragraph for each in absences()}


@pytest.mark.parametrize("absence", absences(), ids=lambda each: each.paragraph)
def test_each_absence_breaks_promises_that_cite_it_and_that_rules_keep_now(
    absence: Absence,
) -> None:
    now, then = proofs(NOW), proofs(THEN)

    for name in absence.breaks:
        assert absence.paragraph in then[name].proved.promise.sources, name
        assert then[name].proved.verdict is Verdict.GAP, name
        assert now[name].proved.verdict is Verdict.PROVED, name
        assert closing(name), name


def test_every_gap_of_2016_stands_on_the_page() -> None:
    gaps = [name for name, each in proofs(THEN).items() if each.proved.verdict is Verdict.GAP]
    written = page()

    assert [name for name in gaps if f"**{name[0].upper()}{name[1:]}**" not in written] == []


def test_every_gap_comes_with_an_event_that_shows_it() -> None:
    doubts = [
        (each.proved.promise.name, gap.example.doubt)
        for each in report(THEN).promises
        for gap in each.gaps
        if gap.example.doubt is not None
    ]

    assert doubts == []


def test_every_rule_of_2016_names_its_paragraph() -> None:
    for rule in rulebook(THEN).document.rules:
        assert any(source.startswith("para ") for source in rule.sources), rule.name


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page()
