"""Promises are read with every mistake at its place, and what each may mean."""

import pytest
from inline_snapshot import snapshot

from routing_rules.document import NumberRange
from routing_rules.promises import Kind
from routing_rules.source_text import RulebookInvalid
from schemas.values import Ask, EventType, Service, Urgency
from tests.promise_kit import promise, promising

FULL = promise(
    """
    event: emergency attendance
    when: {hospital: listed, alleged perpetrator named: no}
    about: {role: patient, school: listed, age: [under 18, unknown]}
    unless withheld by: [sexual health of a child is confidential]
    is told: [school nursing, gp]
    is told within: same day
    is asked to: [acknowledge]
    """
)
FACT = """
- fact: a pregnant person is 10 to 60 or of unknown age
  about: {pregnant: [yes, possible]}
  always: {age: [10 to 60, unknown]}
"""


def problems_of(*texts: str) -> list[str]:
    with pytest.raises(RulebookInvalid) as raised:
        promising(*texts)
    return [str(problem) for problem in raised.value.problems]


def test_a_promise_says_who_is_told_by_when_and_what_they_are_asked() -> None:
    (only,) = promising(FULL).promises.promises

    assert only.event is EventType.EMERGENCY_ATTENDANCE
    assert only.kind is Kind.IS_TOLD
    assert only.services == (Service.SCHOOL_NURSING, Service.GP)
    assert (only.within, only.asks) == (Urgency.SAME_DAY, (Ask.ACKNOWLEDGE,))
    assert [condition.field for condition in only.when] == ["hospital", "alleged perpetrator named"]
    assert only.unless_withheld_by == ("sexual health of a child is confidential",)
    assert only.sources == ("para 1.13",)


def test_a_fact_holds_in_every_event_unless_it_names_one() -> None:
    of_attendances = """
- fact: whoever self-harms is at least five
  event: emergency attendance
  when: {concerns: self harm}
  about: {role: patient}
  always: {age: [at least 5, unknown]}
  source: [para 4.9]
"""
    every, attended = promising(FACT, of_attendances).promises.facts

    assert (every.event, attended.event) == (None, EventType.EMERGENCY_ATTENDANCE)
    assert every.always[0].ranges == (NumberRange(10, 60),)
    assert [condition.field for condition in attended.when] == ["concerns"]


def test_a_rulebook_without_the_file_promises_nothing() -> None:
    assert promising("").promises.promises == ()


def test_every_mistake_is_told_at_its_place() -> None:
    told = problems_of(
        promise("event: police domestic abuse\nis told: [midwivery]", "one"),
        promise("event: police domestic abuse", "two"),
        promise("event: marac outcome\nis told: [gp]\nnobody is told: true", "three"),
        promise("event: marac outcome\nnobody is told: maybe\nis told within: soon", "four"),
        promise("event: marac outcome\nis told or MASH owns it: gp\nis asked to: [act]", "four"),
        promise("event: marac outcome\nno field is disclosed to: {service: gp}", "five"),
        promise("event: marac outcome\nno field is disclosed to: gp", "six"),
        promise("event: maraca\nis told: gp", "seven"),
        promise("event: marac outcome\nwhen: {hospital: listed}\nis told: gp", "eight"),
        promise("event: marac outcome\nis told: gp\nunless withheld by: nothing", "nine"),
        "- fact: late\n  when: {risk: high}\n  about: {role: victim}\n  always: {sex: female}\n",
        "- promises: x\n",
        "- promise: []\n",
        "- []\n",
    )

    assert "\n".join(told) == snapshot("""\
promises.yaml:7:13: 'midwivery' is not a service; allowed: midwifery, health visiting, school nursing, gp, camhs, safeguarding, paediatric liaison, emergency, adult mental health, looked after health, social care, mash; did you mean 'midwifery'?
promises.yaml:9:3: it promises nothing: write one of 'is told', 'is told one of', 'is told or MASH owns it', 'is told to the team of the home district', 'nobody is told', 'no field is disclosed to'
promises.yaml:16:3: it promises several things at once: write one of 'is told', 'is told one of', 'is told or MASH owns it', 'is told to the team of the home district', 'nobody is told', 'no field is disclosed to'
promises.yaml:31:19: 'maybe' is not what can stand here; allowed: true
promises.yaml:32:19: 'is told within' cannot stand beside 'nobody is told'
promises.yaml:32:19: 'soon' is not an urgency; allowed: immediate, same day, next working day, routine
promises.yaml:34:12: 'four' is already the name of a promise, at promises.yaml:25:12
promises.yaml:41:16: 'is asked to' cannot stand beside 'is told or MASH owns it'
promises.yaml:49:29: what is not disclosed needs 'fields', which is missing
promises.yaml:57:29: {service: ..., fields: [...]} is expected here
promises.yaml:64:10: 'maraca' is not an event; allowed: police domestic abuse, emergency attendance, marac outcome, emergency onward referral, maternity booking, maternity concern, maternity appointment missed, maternity birth, maternity ended, maternity postnatal transfer, social care child status, social care conference invitation, social care conference outcome, social care referral, social care exploitation risk, community transfer in, community relapse plan, community contact, community not brought, community assessment due
promises.yaml:73:10: 'hospital' is not a field of the event 'marac outcome'; allowed: criteria, repeat
promises.yaml:83:23: 'nothing' is not a withhold block; allowed: sexual health of a child is confidential, nobody has agreed that this relapse plan is shared, a child's visit to a sexual-health clinic is confidential, sexual health of a child, wherever it was seen, is confidential
promises.yaml:86:9: 'when' tests an event: name it: 'event'
promises.yaml:90:3: 'promises' is not a kind of block; allowed: promise, fact; did you mean 'promise'?
promises.yaml:92:3: a promise needs 'event', which is missing
promises.yaml:92:3: a promise needs 'owner', which is missing
promises.yaml:92:3: a promise needs 'review by', which is missing
promises.yaml:92:3: a promise needs 'source', which is missing
promises.yaml:92:3: a promise needs 'why', which is missing
promises.yaml:92:3: it promises nothing: write one of 'is told', 'is told one of', 'is told or MASH owns it', 'is told to the team of the home district', 'nobody is told', 'no field is disclosed to'
promises.yaml:92:12: one text is expected here
promises.yaml:94:3: a promise or a fact is expected here\
""")  # noqa: E501


def test_what_must_stand_in_a_promise_is_missed_where_it_is_missing() -> None:
    assert problems_of("- promise: x\n  event: marac outcome\n  is told: gp\n") == snapshot(
        [
            "promises.yaml:1:3: a promise needs 'owner', which is missing",
            "promises.yaml:1:3: a promise needs 'review by', which is missing",
            "promises.yaml:1:3: a promise needs 'source', which is missing",
            "promises.yaml:1:3: a promise needs 'why', which is missing",
        ]
    )
