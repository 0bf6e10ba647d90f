"""What in a rulebook does nothing, is used by nothing, or should be looked at again."""

from datetime import date

from routing_rules.findings import Finding, FindingKind, findings_of
from tests.builders import rulebook_with, staffordshire, with_rules
from tests.promise_kit import ON, promise, promising

RULE = """
- rule: {name}
  why: It matters.
  event: marac outcome
  about: {about}
  tell:
    - {tell}
      urgency: {urgency}
      ask: {ask}
  source: [para 3.19]
  owner: named.nurse
  review by: 2027-04-01
"""


def rule(
    name: str,
    about: str = "{role: victim}",
    tell: str = "gp: at the registered practice",
    urgency: str = "same day",
    ask: str = "[record]",
) -> str:
    return RULE.format(name=name, about=about, tell=tell, urgency=urgency, ask=ask)


def found(kind: FindingKind, *texts: str, on: date = ON) -> list[str]:
    findings = findings_of(with_rules("".join(texts)), on)
    return [each.text.split(":")[0] for each in findings if each.kind is kind]


def test_a_rule_about_whom_nothing_may_be_told_is_unreachable() -> None:
    accused = rule("accused", "{role: alleged perpetrator}")
    impossible = rule("impossible", "{stage: adult, age: known to be under 5}")

    assert found(FindingKind.UNREACHABLE, accused, impossible, rule("fine")) == [
        "accused",
        "impossible",
    ]


def test_a_rule_adds_nothing_when_others_tell_the_same_no_later_and_ask_as_much() -> None:
    wide = rule("wide", "{role: [victim, unborn]}", urgency="immediate", ask="[record, act]")

    assert found(FindingKind.ADDS_NOTHING, rule("narrow"), wide) == ["narrow"]
    assert found(FindingKind.ADDS_NOTHING, rule("sooner", urgency="immediate"), rule("later")) == [
        "later"
    ]
    assert found(FindingKind.ADDS_NOTHING, rule("asks", ask="[act]"), rule("other")) == []
    assert found(FindingKind.ADDS_NOTHING, rule("once") + "  once per: 9 days\n", rule("ever")) == [
        "once"
    ]


def test_teams_and_services_that_no_rule_tells_are_found_once() -> None:
    findings = findings_of(with_rules(rule("only")), ON)
    unused = [each.text for each in findings if each.kind is FindingKind.NOBODY_USES]
    never = [each.text for each in findings if each.kind is FindingKind.NEVER_TOLD]

    assert "RRE:adult-mental-health: no rule tells it of anything" in unused
    assert len(unused) == len(set(unused))
    assert not any(text.startswith(("MASH:", "RJF:emergency")) for text in unused)
    assert "midwifery: it has teams, and no rule tells it" in never
    assert not any(text.startswith("gp") for text in never)


def test_what_is_past_its_review_is_found_on_the_day_after() -> None:
    text = promise("event: marac outcome\nabout: {role: unborn}\nis told: [gp]", "mine")
    rulebook = promising(text)

    def past(on: date) -> list[str]:
        findings = findings_of(rulebook, on)
        return [each.text for each in findings if each.kind is FindingKind.REVIEW]

    assert past(date(2027, 4, 1)) == []
    assert "mine: it was to be reviewed by 2027-04-01" in past(date(2027, 4, 2))


def test_a_rule_without_a_case_is_found_with_its_line() -> None:
    (only,) = (
        each
        for each in findings_of(with_rules(rule("only")), ON)
        if each.kind is FindingKind.NO_CASE
    )

    assert (only.text, only.place) == ("only: no case shows it", "rules/made.yaml:2")


def test_the_rules_of_the_county_all_do_something_or_give_a_reason_of_their_own() -> None:
    findings = findings_of(staffordshire(), ON)

    assert {(each.kind, each.text.split(":")[0]) for each in findings} == {
        (FindingKind.ADDS_NOTHING, "referral-without-household"),
        (FindingKind.ADDS_NOTHING, "referral-without-analysis"),
    }


def test_what_stands_nowhere_has_no_place() -> None:
    assert Finding(FindingKind.NEVER_TOLD, "gp").place == ""


def test_what_takes_too_many_steps_is_left_out() -> None:
    assert not any(
        each.kind is FindingKind.UNREACHABLE for each in findings_of(rulebook_with(), ON, steps=1)
    )
