"""`escalation.yaml`: every silence has one ladder, and every ladder ends outside MASH."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_rules.awaited import Unmet
from routing_rules.escalation import Told
from routing_rules.escalation_loader import ESCALATION_FILE, load_escalation
from routing_rules.settings import Elapsed, WorkingDays
from routing_rules.source_text import Problems
from schemas.values import Urgency
from tests.builders import rulebook_files, staffordshire

SHIPPED = rulebook_files("staffordshire")[ESCALATION_FILE]
LADDER = """\
  - when: [refused, not sent, not acknowledged, not recorded, not done]
    of: [immediate, same day, next working day, routine]
    tell:
      - {tell: lead, after: at once, urgency: same day}
      - {tell: on call, after: 1 working day, urgency: immediate}
    again every: 4 hours
"""
VALID = f"""\
on call:
  name: Morgan Example
  role: duty director
  recipient: 860:social-care:duty-director
late after: 1 hour
ladders:
{LADDER}"""


def problems_of(text: str) -> list[str]:
    problems = Problems()
    load_escalation(text, staffordshire().directory, problems)
    return [str(problem).removeprefix(f"{ESCALATION_FILE}:") for problem in sorted(problems.found)]


def changed(old: str, new: str) -> list[str]:
    assert old in VALID
    return problems_of(VALID.replace(old, new, 1))


def test_the_shipped_ladders_cover_every_silence_and_end_outside_mash() -> None:
    escalation = staffordshire().escalation

    assert set(escalation.ladders) == {(unmet, u) for unmet in Unmet for u in Urgency}
    for ladder in escalation.ladders.values():
        assert [step.tell for step in ladder.steps] == [Told.LEAD, Told.MASH, Told.ON_CALL]
    assert escalation.on_call.team.organisation != "MASH"
    assert escalation.on_call.team.hours.always_open


def test_steps_are_read_as_they_are_written() -> None:
    problems = Problems()

    escalation = load_escalation(VALID, staffordshire().directory, problems)

    assert problems.found == []
    ladder = escalation.ladders[(Unmet.NOT_DONE, Urgency.ROUTINE)]
    lead, on_call = ladder.steps
    assert (lead.after, lead.urgency) == (Elapsed(escalation.late_after * 0), Urgency.SAME_DAY)
    assert on_call.after == WorkingDays(1)
    assert ladder.again_every == Elapsed(escalation.late_after * 4)
    assert escalation.on_call.name == "Morgan Example"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "860:social-care:duty-director",
            "MASH:mash:manager",
            "4:14: 'mash' is not a service; allowed: midwifery, health-visiting, ",
        ),
        (
            "860:social-care:duty-director",
            "MASH:social-care:manager",
            "4:14: the person on call must be outside MASH",
        ),
        (
            "860:social-care:duty-director",
            "999:social-care:somebody",
            "4:14: '999' is not an organisation that is listed",
        ),
        (
            "860:social-care:duty-director",
            "860:social-care",
            "4:14: '860:social-care' is not a person's queue; write organisation:service:name",
        ),
        (
            "tell: on call",
            "tell: mash",
            "10:7: a ladder must end with 'on call', who is outside MASH: silence must not return",
        ),
        (
            "tell: lead",
            "tell: leed",
            (
                "10:16: 'leed' is not somebody to tell; allowed: lead, mash, on call; "
                "did you mean 'lead'?"
            ),
        ),
        (
            "urgency: same day",
            "urgency: same dey",
            (
                "10:47: 'same dey' is not an urgency; allowed: immediate, same day, "
                "next working day, routine; did you mean 'same day'?"
            ),
        ),
        (
            "after: 1 working day",
            "after: 0 working days",
            "11:32: at least one working day, or hours",
        ),
        (
            "after: 1 working day",
            "after: soon",
            "11:32: 'soon' is not a response time; write it as '4 hours' or '2 working days'",
        ),
        (
            "again every: 4 hours",
            "again every: at once",
            "12:18: 'at once' is not a response time; write it as '4 hours' or '2 working days'",
        ),
        (
            "[refused, not sent,",
            "[not sent,",
            (
                "7:3: nobody is told when it is refused and immediate; refused and same day; "
                "refused and next working day; refused and routine"
            ),
        ),
        (
            "not done]",
            "not dun]",
            (
                "7:63: 'not dun' is not a word for 'when'; allowed: refused, not sent, "
                "not acknowledged, not recorded, not done; did you mean 'not done'?"
            ),
        ),
        (
            "      - {tell: lead, after: at once",
            "      - {tell: on call, after: at once",
            "10:7: each is told once, in this order: lead, mash, on call",
        ),
        (
            "after: at once",
            "after: 2 working days",
            "10:7: a step cannot come before the one above it",
        ),
        ("late after: 1 hour\n", "", "1:1: 'late after' is missing"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(old: str, new: str, problem: str) -> None:
    found = changed(old, new)

    assert found[0].startswith(problem)
    assert len(found) == 1


def test_hours_and_at_once_must_be_in_order_too() -> None:
    steps = "      - {tell: mash, after: 2 hours, urgency: same day}\n"
    begin = "      - {tell: on call"
    assert changed(begin, steps + begin) == []

    backwards = VALID.replace("after: at once", "after: 4 hours", 1).replace(begin, steps + begin)
    assert problems_of(backwards) == ["10:7: a step cannot come before the one above it"]

    at_once = VALID.replace("after: at once", "after: 4 hours", 1)
    assert problems_of(at_once.replace("after: 1 working day", "after: at once", 1)) == [
        "10:7: a step cannot come before the one above it"
    ]


def test_no_silence_has_two_ladders() -> None:
    found = problems_of(VALID + LADDER.replace(LADDER.splitlines()[0], "  - when: [refused]"))

    assert found[0] == "13:5: what is refused and immediate has a ladder already"
    assert len(found) == 4


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: no ladders can be read here"),
        (
            "late after: 1 hour\nladders: {}",
            "2:10: a list of ladders is expected here",
        ),
        (
            VALID.replace("    tell:\n", "    tell: nobody\n").replace(
                "      - {tell", "      # {"
            ),
            "9:11: a list of steps is expected here",
        ),
        (VALID.replace("ladders:\n" + LADDER, "ladders: [somebody]"), "6:11: names with values"),
    ],
)
def test_what_is_no_ladder_at_all_is_said(text: str, problem: str) -> None:
    assert any(found.startswith(problem) for found in problems_of(text))


@given(st.text(max_size=120))
def test_any_text_is_a_list_of_problems(text: str) -> None:
    assert problems_of(text)


@given(st.sampled_from(SHIPPED.split()), st.text(max_size=8))
def test_a_shipped_file_with_any_word_changed_loads_or_says_why(word: str, by: str) -> None:
    problems = Problems()

    escalation = load_escalation(SHIPPED.replace(word, by, 1), staffordshire().directory, problems)

    if not problems.found:
        assert all(each.steps[-1].tell is Told.ON_CALL for each in escalation.ladders.values())
        assert len(escalation.ladders) == len(Unmet) * len(Urgency)
