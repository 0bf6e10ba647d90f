"""What a case says that the register knows: short, by name, and wrong at its own place."""

import pytest

from tests.unit.routing_rules.test_cases import CASE, failures, problems

KNOWN = CASE + "  known:\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            KNOWN + "    - person: {ref: kid, date_of_birht: 2023-01-01}",
            "cases/made.yaml:7:26: 'date_of_birht' is not known here; allowed:",
        ),
        (
            KNOWN + "    - person: {ref: kid, date_of_birth: yesterday}",
            "cases/made.yaml:7:41: date_of_birth: ",
        ),
        (
            KNOWN + "    - person: {ref: kid, flags: [{kind: childprotection}]}",
            "cases/made.yaml:7:41: 'childprotection' is not one of kind; allowed:",
        ),
        (
            KNOWN + "    - link: {from: victim, is: parnt, to: kid}",
            "cases/made.yaml:7:32: 'parnt' is not one of is; allowed:",
        ),
        (
            KNOWN + "    - booking: {organisations: RJE}",
            "cases/made.yaml:7:17: 'organisations' is not known here; allowed:",
        ),
        (KNOWN + "    - person: x", "cases/made.yaml:7:15: the person is expected here"),
        (
            KNOWN + "    - {person: {ref: kid}, data: {}}",
            "cases/made.yaml:7:28: 'data' is not a key of what is registered; allowed: person, at",
        ),
        (
            KNOWN + "    - {person: {ref: kid}, at: yesterday}",
            "cases/made.yaml:7:32: 'yesterday' is not a time;",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, problem: str) -> None:
    found = problems(text)

    assert [each for each in found if each.startswith(problem)], found


def test_what_is_known_to_a_case_that_cannot_be_read_is_left_aside() -> None:
    text = KNOWN.replace("role: victim", "role: vctim") + "    - person: {ref: kid}"

    assert len(problems(text)) == 1


BOOKED = "    - booking: {provider: RJE, expected_due_date: 2026-08-20}\n"


def test_the_mother_is_the_victim_unless_it_is_said_who_she_is() -> None:
    told = "  told:\n    - {about: victim, service: midwifery, recipient: RJE:midwifery}"
    somebody = BOOKED.replace("{provider", "{mother: other, provider")

    assert failures(KNOWN + BOOKED + told) == []
    assert failures(KNOWN + somebody + told)


def test_a_person_without_a_name_is_the_patient_and_may_be_somebody_of_the_event() -> None:
    known = "    - person: {gp_practice: Y90001}\n    - person: {ref: victim}\n"

    assert failures(KNOWN + known) == []


def test_a_child_is_told_about_by_its_name() -> None:
    known = (
        "    - {person: {ref: kid, date_of_birth: 2023-02-02}, at: 2026-02-01T09:00:00Z}\n"
        "    - link: {from: kid, is: child, to: victim}\n"
    )
    told = "  told: [{about: kid, service: camhs}]\n  not told: [{about: kid, service: gp}]"

    (failure,) = failures(KNOWN + known + told)

    assert "expected: camhs told about kid; told: nobody about kid" in failure
