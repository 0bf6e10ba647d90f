"""What a change of a rulebook would do; nothing, where only its text differs."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from routing_rules.boxes import BudgetSpent
from routing_rules.document import Condition, Rule, RuleDocument
from routing_rules.rulebook import Rulebook
from routing_rules.rulebook_diff import Change, ChangeKind, diff_rulebooks
from tests.builders import rulebook_files, rulebook_with, staffordshire
from tests.promise_kit import ON
from tests.proof_strategies import county_with
from tests.rule_strategies import documents

COUNTY = staffordshire()
FILES = rulebook_files("staffordshire")
CAMHS = "  camhs: [sexual health, attendance"
BLOCK = "- withhold: sexual health of a child is confidential\n  event: emergency attendance\n"
HIDDEN = f"{BLOCK}  when: {{concerns: [emergency contraception, sexual health]}}"
FEWER = f"{BLOCK}  when: {{concerns: [sexual health]}}"
VOCABULARY = {"marac outcome": COUNTY.vocabulary["marac outcome"]}


def changed(path: str, old: str, new: str, times: int = 1) -> Rulebook:
    assert old in FILES[path]
    return rulebook_with(**{path: FILES[path].replace(old, new, times)})


def changes(new: Rulebook) -> list[Change]:
    found = diff_rulebooks(COUNTY, new, ON)
    assert all(each.shown for each in found)
    return found


def told(found: list[Change]) -> Mapping[ChangeKind, set[str]]:
    kinds = {each.kind: set[str]() for each in found}
    for each in found:
        kinds[each.kind].add(each.what)
    return kinds


@st.composite
def rewritten(draw: st.DrawFn, document: RuleDocument) -> RuleDocument:
    """The same rules in another order, under other names, each split by one of its lists."""
    rules: list[Rule] = []
    for number, rule in enumerate(draw(st.permutations(document.rules))):
        parts = draw(st.sampled_from([[rule], _split(rule)]))
        rules += [replace(part, name=f"new-{number}-{n}") for n, part in enumerate(parts)]
    withholds = draw(st.permutations(document.withholds))
    return RuleDocument(tuple(rules), tuple(withholds))


def _split(rule: Rule) -> list[Rule]:
    """One rule for each word of its first list of words."""
    for condition in rule.about:
        if len(condition.words) > 1:
            others = tuple(each for each in rule.about if each is not condition)
            return [
                replace(rule, about=(*others, _only(condition, word)))
                for word in sorted(condition.words)
            ]
    return [rule]


def _only(condition: Condition, word: str) -> Condition:
    return replace(condition, words=frozenset({word}))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_rules_that_mean_the_same_differ_in_nothing(data: st.DataObject) -> None:
    drawn = data.draw(documents(VOCABULARY))
    document = RuleDocument(drawn.rules[:3], drawn.withholds[:1])
    other = data.draw(rewritten(document))

    try:
        found = diff_rulebooks(county_with(document), county_with(other), ON)
    except BudgetSpent:
        reject()  # it says so rather than guess; `rules diff` exits with an error then
    assert found == []


def test_a_wider_condition_tells_newly_and_the_reverse_no_longer() -> None:
    narrow = changed("rules/marac.yaml", "pregnant: [yes, possible]", "pregnant: [yes]")

    no_longer, newly = diff_rulebooks(COUNTY, narrow, ON), diff_rulebooks(narrow, COUNTY, ON)

    assert told(no_longer)[ChangeKind.NO_LONGER_TOLD] >= {"no longer: midwifery is told"}
    assert told(newly)[ChangeKind.NEWLY_TOLD] >= {"newly: midwifery is told"}
    assert all("pregnant possible" in each.region for each in (*no_longer, *newly))
    assert all(each.shown for each in (*no_longer, *newly))
    assert newly[0].by.startswith("marac-pregnant-victim (rules/marac.yaml:")


def test_a_later_urgency_is_a_change_of_timing() -> None:
    found = changes(changed("rules/marac.yaml", "urgency: next working day", "urgency: routine"))

    assert set(told(found)) == {ChangeKind.TIMING_CHANGED}
    assert "no longer: midwifery is told within next working day" in told(found)[found[0].kind]


def test_an_ask_that_is_taken_away_is_a_change() -> None:
    old, new = "ask: [acknowledge, record]", "ask: [acknowledge]"
    found = changes(changed("rules/marac.yaml", old, new))

    assert told(found) == {ChangeKind.ASKED_CHANGED: {"no longer: midwifery is asked to record"}}


def test_another_team_is_a_change() -> None:
    old = "RL4:midwifery,midwifery,E07000196,,RL4"
    new = "RJE:midwifery,midwifery,E07000196,,RJE"
    found = changes(changed("directory/teams.csv", old, new))

    assert ChangeKind.TEAM_CHANGED in told(found)
    assert "newly: RJE:midwifery is told" in told(found)[ChangeKind.TEAM_CHANGED]


def test_a_part_that_may_newly_be_read_is_a_change_of_disclosure() -> None:
    old, new = "marac outcome:\n  midwifery: [", "marac outcome:\n  midwifery: [headline, "
    found = changes(changed("disclosure.yaml", old, new))

    assert told(found) == {ChangeKind.DISCLOSURE_CHANGED: {"newly: midwifery may read: headline"}}


def test_a_part_that_opens_some_concerns_is_a_change_only_where_they_are_there() -> None:
    old = "emergency attendance:\n"
    found = changes(changed("disclosure.yaml", "  camhs: [attendance, ", f"{CAMHS}, ", 1))

    assert old in FILES["disclosure.yaml"]
    assert told(found) == {ChangeKind.DISCLOSURE_CHANGED: {"newly: CAMHS may read: sexual health"}}
    assert all("concerns include" in " ".join(each.region) for each in found)


@pytest.mark.parametrize(
    ("audience", "part", "there"),
    [
        ("  health visiting: [address, due date, concerns", "fgm", "fgm"),
        ("  camhs: [contact", "sexual health", "exploitation"),
    ],
)
def test_a_part_of_a_pathway_matters_only_where_it_says_more(
    audience: str, part: str, there: str
) -> None:
    new = changed("disclosure.yaml", audience, f"{audience}, {part}")

    found = diff_rulebooks(COUNTY, new, ON)

    assert told(found) == {
        ChangeKind.DISCLOSURE_CHANGED: {found[0].what},
    }
    assert found[0].what.endswith(f"may read: {part}")
    assert any(there in " ".join(each.region) for each in found)


def test_a_concern_that_a_block_hides_no_longer_is_a_change_of_disclosure() -> None:
    table = FILES["disclosure.yaml"].replace("  camhs: [attendance, ", f"{CAMHS}, ", 1)
    rules = FILES["rules/emergency.yaml"]
    fewer = rules.replace(HIDDEN, FEWER)
    old = rulebook_with(**{"disclosure.yaml": table})
    new = rulebook_with(**{"disclosure.yaml": table, "rules/emergency.yaml": fewer})

    newly, no_longer = diff_rulebooks(old, new, ON), diff_rulebooks(new, old, ON)

    what = "CAMHS may read of concerns: emergency contraception"
    assert HIDDEN in rules
    assert told(newly)[ChangeKind.DISCLOSURE_CHANGED] == {f"newly: {what}"}
    assert told(no_longer)[ChangeKind.DISCLOSURE_CHANGED] == {f"no longer: {what}"}
    read = [each for each in newly if each.kind is ChangeKind.DISCLOSURE_CHANGED]
    assert all(each.shown for each in read)
    assert any("emergency contraception" in " ".join(each.region) for each in read)


def test_what_the_table_hides_anyway_is_no_change_when_a_block_hides_it_no_longer() -> None:
    found = diff_rulebooks(COUNTY, changed("rules/emergency.yaml", HIDDEN, FEWER), ON)

    assert ChangeKind.NEWLY_TOLD in told(found)
    assert ChangeKind.DISCLOSURE_CHANGED not in told(found)


def test_settings_clocks_and_hours_are_told_though_they_have_no_region() -> None:
    clock = changed("settings.yaml", "immediate: 4 hours", "immediate: 5 hours")
    team = "RL4:midwifery,midwifery,E07000196,,RL4,2012-01-01,,A,kafka,"
    hours = changed("directory/teams.csv", f"{team}24h", f"{team}Mon-Fri 09:00-17:00")
    name = changed("settings.yaml", "name: staffordshire", "name: other")

    assert told(diff_rulebooks(COUNTY, clock, ON)) == {
        ChangeKind.SETTINGS_CHANGED: {"response times"}
    }
    assert told(diff_rulebooks(COUNTY, hours, ON)) == {
        ChangeKind.TIMING_CHANGED: {"RL4:midwifery has other hours or another contact"}
    }
    assert diff_rulebooks(COUNTY, name, ON) == []


def test_another_calendar_is_a_change() -> None:
    path = "working_time/bank-holidays.yaml"
    line = next(each for each in FILES[path].splitlines() if "2030-" in each)
    found = diff_rulebooks(COUNTY, changed(path, f"{line}\n", ""), ON)

    assert told(found) == {ChangeKind.SETTINGS_CHANGED: {"bank holidays or school terms"}}
