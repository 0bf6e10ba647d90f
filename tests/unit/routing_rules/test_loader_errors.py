# ruff: noqa: E501 - error texts stand here as they are printed
from inline_snapshot import snapshot

from routing_rules.loader import load_rules
from routing_rules.source_text import Problems
from tests.unit.routing_rules.rule_files import VALID, VOCABULARY, changed, load, problems_of

URGENCY = "{high: immediate, not assessed: immediate, otherwise: next working day}"
CASE = "midwifery of the home district"


def test_a_word_outside_a_closed_set_lists_the_allowed_ones() -> None:
    assert problems_of(changed("[standard, medium, high,", "[standard, medium, hihg,")) == snapshot(
        [
            "5:30: 'hihg' is not a risk; allowed: standard, medium, high, not assessed; did you mean 'high'?"
        ]
    )
    assert problems_of(changed("concerns: self harm", "concerns: selfharm")) == snapshot(
        [
            "25:15: 'selfharm' is not one of the concerns; allowed: self harm, overdose, assault, domestic abuse, alcohol, substance misuse, mental health, dog bite, burn, head injury, bruising, emergency contraception, sexual health, fgm, exploitation, unknown; did you mean 'self harm'?"
        ]
    )
    assert problems_of(changed("role: victim", "role: perpetrator")) == snapshot(
        [
            "7:31: 'perpetrator' is not a role; allowed: victim, alleged perpetrator, child present, child resident not present, child elsewhere, unborn, patient, accompanying adult, sibling, parent, dependant, other adult, child known to register; did you mean 'alleged perpetrator'?"
        ]
    )
    assert problems_of(changed("at the booked provider", "at the provider")) == snapshot(
        [
            "9:18: 'at the provider' is not a place; allowed: at the booked provider, at the registered practice, of the home district, of the school, of the attending hospital, of the home district's family nurses, of the county, of the home district's midwifery trust, of the home district's health visiting trust, of the home district's school nursing trust, of the home district's camhs trust, of the home district's adult mental health trust, of the former district, of the sending organisation, of every hospital; did you mean 'at the booked provider'?"
        ]
    )
    assert problems_of(changed("urgency: routine", "urgency: soon")) == snapshot(
        ["14:16: 'soon' is not an urgency; allowed: immediate, same day, next working day, routine"]
    )
    assert problems_of(changed("ask: act", "ask: [act, ring]")) == snapshot(
        ["33:18: 'ring' is not an ask; allowed: acknowledge, record, act"]
    )
    assert problems_of(changed("- gp:", "- general practice:")) == snapshot(
        [
            "13:7: 'general practice' is not a service; allowed: midwifery, health visiting, school nursing, gp, camhs, safeguarding, paediatric liaison, emergency, adult mental health, looked after health, social care, mash"
        ]
    )
    assert problems_of(changed("[safeguarding, social", "[safegarding, social")) == snapshot(
        [
            "42:12: 'safegarding' is not a service; allowed: midwifery, health visiting, school nursing, gp, camhs, safeguarding, paediatric liaison, emergency, adult mental health, looked after health, social care, mash; did you mean 'safeguarding'?"
        ]
    )


def test_an_event_must_be_one_that_is_read() -> None:
    assert problems_of(changed("police domestic abuse", "police domestic")) == snapshot(
        [
            "3:10: 'police domestic' is not an event; allowed: police domestic abuse, emergency attendance, marac outcome, emergency onward referral, maternity booking, maternity concern, maternity appointment missed, maternity birth, maternity ended, maternity postnatal transfer, social care child status, social care conference invitation, social care conference outcome, social care referral, social care exploitation risk, community transfer in, community relapse plan, community contact, community not brought, community assessment due; did you mean 'police domestic abuse'?"
        ]
    )
    assert problems_of(changed("police domestic abuse", "[marac outcome]")) == snapshot(
        ["3:10: one text is expected here"]
    )


def test_without_its_event_the_rest_of_a_block_is_still_checked() -> None:
    text = changed("police domestic abuse", "fire").replace("urgency: routine", "urgency: soon")

    assert problems_of(text.replace("immediate, not", "imediate, not")) == snapshot(
        [
            "3:10: 'fire' is not an event; allowed: police domestic abuse, emergency attendance, marac outcome, emergency onward referral, maternity booking, maternity concern, maternity appointment missed, maternity birth, maternity ended, maternity postnatal transfer, social care child status, social care conference invitation, social care conference outcome, social care referral, social care exploitation risk, community transfer in, community relapse plan, community contact, community not brought, community assessment due",
            "11:23: 'imediate' is not an urgency; allowed: immediate, same day, next working day, routine; did you mean 'immediate'?",
            "14:16: 'soon' is not an urgency; allowed: immediate, same day, next working day, routine",
        ]
    )


def test_keys_are_a_closed_set_and_none_is_missing() -> None:
    assert problems_of(changed("  when:\n", "  wen:\n")) == snapshot(
        [
            "4:3: 'wen' is not a key of a rule; allowed: rule, why, event, about, tell, source, owner, review by, when, once per, pathway; did you mean 'when'?"
        ]
    )
    assert problems_of(changed("  owner: named.midwife\n", "")) == snapshot(
        ["1:3: a rule needs 'owner', which is missing"]
    )
    assert problems_of(changed("      urgency: routine\n", "")) == snapshot(
        ["13:7: a tell line needs 'urgency', which is missing"]
    )
    assert problems_of(changed("      ask: []\n", "")) == snapshot(
        ["13:7: a tell line needs 'ask', which is missing"]
    )
    assert problems_of(changed("      ask: []\n", "      aks: []\n")) == snapshot(
        [
            "13:7: a tell line needs 'ask', which is missing",
            "15:7: 'aks' is not a key of a tell line; allowed: gp, urgency, ask, if no booking, if home educated, if no school, if independent school; did you mean 'ask'?",
        ]
    )
    assert problems_of(changed("  except:", "  accept:")) == snapshot(
        [
            "38:3: a withhold block needs 'except', which is missing",
            "42:3: 'accept' is not a key of a withhold block; allowed: withhold, event, about, except, when, but still, why, source, owner, review by, basis; did you mean 'except'?",
        ]
    )
    assert problems_of(changed("  owner: named.midwife", "  owner: a\n  owner: b")) == snapshot(
        ["18:3: 'owner' stands here twice"]
    )


def test_a_block_is_a_rule_or_withholds() -> None:
    assert problems_of(VALID + "- promise: everybody is told\n") == snapshot(
        ["44:3: promises are written in promises.yaml"]
    )
    assert problems_of(VALID + "- rul: x\n") == snapshot(
        ["44:3: 'rul' is not a kind of block; allowed: rule, withhold; did you mean 'rule'?"]
    )
    assert problems_of(VALID + "- x\n- {}\n- []\n") == snapshot(
        [
            "44:3: a rule or a withhold block is expected here",
            "45:3: a rule or a withhold block is expected here",
            "46:3: a rule or a withhold block is expected here",
        ]
    )
    assert problems_of("rule: x") == snapshot(
        ["1:1: a list is expected here: begin each part with '- '"]
    )
    assert problems_of("- rule:\n    rule: x\n  withhold: y\n") == snapshot(
        [
            "1:3: a rule needs 'about', which is missing",
            "1:3: a rule needs 'event', which is missing",
            "1:3: a rule needs 'owner', which is missing",
            "1:3: a rule needs 'review by', which is missing",
            "1:3: a rule needs 'source', which is missing",
            "1:3: a rule needs 'tell', which is missing",
            "1:3: a rule needs 'why', which is missing",
            "2:5: one text is expected here",
            "3:3: 'withhold' is not a key of a rule; allowed: rule, why, event, about, tell, source, owner, review by, when, once per, pathway",
        ]
    )


def test_all_kinds_of_wrong_nodes_are_named() -> None:
    assert problems_of(changed("why: A pregnant", "why: ['']\n  xx: A")) == snapshot(
        [
            "2:8: one text is expected here",
            "3:3: 'xx' is not a key of a rule; allowed: rule, why, event, about, tell, source, owner, review by, when, once per, pathway",
        ]
    )
    assert problems_of(changed("named.midwife", "")) == snapshot(
        ["17:9: something must stand here"]
    )
    assert problems_of(changed("[yes, possible]", "{yes: possible}")) == snapshot(
        ["7:49: one text is expected here"]
    )
    assert problems_of(changed("[yes, possible]", "[yes, [possible]]")) == snapshot(
        ["7:55: one text is expected here"]
    )
    assert problems_of(changed("at the registered practice", "[here]")) == snapshot(
        ["13:11: one text is expected here"]
    )
    assert problems_of(changed(URGENCY, "[immediate]")) == snapshot(
        ["11:16: one text is expected here"]
    )
    assert problems_of(changed(CASE, "[midwifery]")) == snapshot(
        ["10:22: one text is expected here"]
    )
    assert problems_of(changed("{age: [under 5, 5 to 15, unknown]}", "children")) == snapshot(
        ["26:10: a mapping from fields to values is expected here"]
    )


def test_names_owners_and_dates_have_a_form() -> None:
    assert problems_of(changed("da-pregnant-victim", "DA pregnant victim")) == snapshot(
        [
            "1:9: 'DA pregnant victim' is not a rule's name: use small letters, digits and hyphens, as in 'da-pregnant-victim'"
        ]
    )
    assert problems_of(changed("2027-04-01", "1 April 2027")) == snapshot(
        ["18:14: '1 April 2027' is not a date; write it as 2026-03-09"]
    )
    assert problems_of(changed("2027-04-01", "2027-04-31")) == snapshot(
        ["18:14: '2027-04-31' is not a day of the calendar"]
    )
    assert problems_of(changed("183 days", "half a year")) == snapshot(
        ["27:13: 'half a year' is not a number of days; write it as '183 days'"]
    )
    assert problems_of(changed("183 days", "0 days")) == snapshot(
        ["27:13: '0 days' is not a number of days; write it as '183 days'"]
    )


def test_a_name_stands_once_in_a_rulebook() -> None:
    problems = Problems()
    load_rules({"rules/a.yaml": VALID, "rules/b.yaml": VALID}, VOCABULARY, problems)

    assert [str(problem) for problem in problems.found] == snapshot(
        [
            "rules/b.yaml:1:9: 'da-pregnant-victim' is already the name of a rule, at rules/a.yaml:1:9",
            "rules/b.yaml:20:9: 'child-left-department' is already the name of a rule, at rules/a.yaml:20:9",
            "rules/b.yaml:38:13: 'sexual health of a child is confidential' is already the name of a withhold block, at rules/a.yaml:38:13",
        ]
    )


def test_a_block_with_a_problem_is_left_out() -> None:
    document, _ = load(changed("role: victim", "role: perpetrator"))

    assert [rule.name for rule in document.rules] == ["child-left-department"]


def test_all_of_a_files_errors_come_at_once() -> None:
    text = VALID
    for old, new in (
        ("[standard,", "[standrd,"),
        ("role: victim", "rol: victim"),
        ("act\n", "akt\n"),
        ("[safeguarding", "[safegarding"),
        ("5 to 15", "15 to 5"),
    ):
        text = text.replace(old, new)

    assert problems_of(text) == snapshot(
        [
            "5:12: 'standrd' is not a risk; allowed: standard, medium, high, not assessed; did you mean 'standard'?",
            "7:25: 'rol' is not a field of a person; allowed: role, also victim, also alleged perpetrator, age, stage, pregnant, sex, home, district, booking, practice, school type, address restricted, flags, parent's role; did you mean 'role'?",
            "26:26: '15 to 5' covers no age",
            "33:12: 'akt' is not an ask; allowed: acknowledge, record, act; did you mean 'act'?",
            "42:12: 'safegarding' is not a service; allowed: midwifery, health visiting, school nursing, gp, camhs, safeguarding, paediatric liaison, emergency, adult mental health, looked after health, social care, mash; did you mean 'safeguarding'?",
        ]
    )


def test_a_pathway_is_named_as_the_report_names_it() -> None:
    wrong = changed("  owner: named.midwife\n", "  owner: named.midwife\n  pathway: P1\n")

    assert [problem.split(": ", 1)[1] for problem in problems_of(wrong)] == [
        "'P1' is not a pathway; write it as 'P12'"
    ]


def test_what_a_notice_lists_whole_cannot_be_withheld_in_part() -> None:
    """Whoever still hears of an assault would read `stalking` in the same list."""
    block = """- withhold: nothing of stalking
  event: police domestic abuse
  when: {risk: high, incident types: stalking}
  about: {role: victim}
  except: [midwifery]
  but still: {incident types: physical, tell: [gp]}
"""
    assert problems_of(block) == snapshot(
        [
            "3:22: a block with 'but still' cannot withhold 'incident types': a notice lists all of them, also those that are withheld; leave 'but still' out"
        ]
    )
    assert problems_of(block.replace(", incident types: stalking", "")) == []
