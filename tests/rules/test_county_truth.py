"""The synthetic county through reading and routing, beside what its own truth says."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

from schemas.values import EventType
from tests.rules.county_account import account_of
from tests.rules.county_run import as_to_be_told, problems_of, routed
from tests.rules.county_truth import exit_code

SEED = 1
KINDS = ("notices", "exceptions", "withdrawn")
MESSAGES = 2_000
"""As many as fit in a minute or so: a week of a county. `make county` takes 20,000."""


def test_what_is_owed_is_what_the_county_knows_should_be() -> None:
    run = routed(SEED, MESSAGES)

    assert run.coverage.never() == []
    assert {kind for kind in EventType if not run.types[kind]} == set()
    problems = problems_of(run)
    kinds = Counter(problem.partition("|")[0] for problem in problems)
    assert not problems, "\n".join((f"{len(problems)}: {kinds}", *problems[:40]))
    account = account_of(run, problems)
    assert account["messages"] == MESSAGES
    assert min(account["dead letters"], account["repeated"]) > MESSAGES / 500
    assert account["compared"] == account["truth"] > MESSAGES
    assert account["people"] == account["told about"] + account["nobody is told"]
    assert account["duties"] == sum(
        account[kind] for kind in ("notices", "exceptions", "withdrawn")
    )


def test_what_the_truth_does_not_say_is_a_difference() -> None:
    run = routed(SEED, 300)
    key, one = next(each for each in run.truth.occurrences.items() if each[1].standing)
    forgotten = min(one.standing)

    one.standing -= {forgotten}

    [problem] = problems_of(run)
    assert f"{forgotten.service} told besides|{key}" in problem


def test_what_nobody_owes_is_a_difference() -> None:
    run = routed(SEED, 300)
    key = next(key for key in run.truth.occurrences if run.standing(key))

    lost = run.standing(key)[0]
    case = run.casebook.cases[UUID(key)]
    left = tuple(d for d in case.duties if as_to_be_told(d, run.truth) != lost)
    run.casebook.cases[UUID(key)] = replace(case, duties=left)

    [problem] = problems_of(run)
    assert f"{lost.service} not told|{key}" in problem


def test_a_message_that_ends_as_nothing_is_a_difference() -> None:
    run = routed(SEED, 300)

    run.count["decided"] -= 1

    [problem] = problems_of(run)
    assert problem.startswith("messages do not add up|")


def test_what_no_event_exercised_is_named() -> None:
    never = routed(SEED, 60).coverage.never()

    assert "birth-under-an-unborn-plan: social-care of the home district, usually" in never
    assert "transfer-incomplete: midwifery of the sending organisation, usually" in never


def test_a_rule_that_never_fired_fails_a_long_run_and_a_difference_any() -> None:
    assert exit_code([], ["a rule"], events=19_999) == 0
    assert exit_code([], ["a rule"], events=20_000) == 1
    assert exit_code(["gp not told|"], [], events=1) == 1
    assert exit_code([], [], events=100_000) == 0
