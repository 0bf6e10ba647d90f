"""What going back would do, in the words that an operator reads at three in the morning."""

from dataclasses import replace

from routing_rules.going_back import GoingBack, PromisesThen, Reproved, going_back
from routing_rules.proof import Verdict
from services.cli.going_back_text import going_back_lines, promise_lines
from tests.promise_kit import ON
from tests.small_rulebook import AT_ONCE, OF_TODDLERS, promising_too, small_rulebook

SMALL = small_rulebook()
LIVE = promising_too(small_rulebook(medium="immediate", toddlers=True), OF_TODDLERS, AT_ONCE)
FOUND = going_back(LIVE, SMALL, ON)
NOTHING = GoingBack(ON, (), (), PromisesThen((), 3, ()))


def lines(found: GoingBack) -> list[str]:
    return list(going_back_lines(found))


def test_the_promises_and_the_counts_of_all_stand_last_where_a_screen_ends() -> None:
    said = lines(FOUND)

    assert said[0].startswith("NO LONGER TOLD  no longer: health visiting is told")
    assert [line for line in said[-9:] if line.startswith("PROVED")] == [
        "PROVED -> GAP  a child under five is known to health visitors (para 1.14)",
        "PROVED -> GAP  a pregnant victim at medium risk is known at once (para 1.14)",
    ]
    assert said[-8].startswith(
        "     Nobody is told, nor MASH instead of health visiting when: role"
    )
    assert said[-7] == "     No rule tells health visiting of an event 'police domestic abuse'"
    assert said[-3:] == [
        "Over every event that there could be, on 2026-03-06:",
        "     0 NEWLY TOLD, 2 NO LONGER TOLD, 2 TIMING CHANGED, 0 DISCLOSURE CHANGED",
        "     3 promises proved today: 2 would be broken",
    ]


def test_what_means_the_same_is_said_to() -> None:
    assert lines(NOTHING) == [
        "Over every event that there could be, on 2026-03-06:",
        "     they mean the same, and promise the same",
    ]


def test_of_many_changes_and_promises_the_first_are_told_and_the_rest_counted() -> None:
    many = PromisesThen(FOUND.promises.reproved * 3, 9, ("one", "two", "three", "four"))
    said = lines(replace(FOUND, changes=FOUND.changes * 3, promises=many))

    assert sum(line.startswith("NO LONGER TOLD") for line in said) == 2
    assert "     and 4 more NO LONGER TOLD" in said
    assert sum(line.startswith("PROVED -> GAP") for line in said) == 2
    assert "     and 4 more promises" in said
    assert "NO LONGER PROMISED, though it would hold  two" in said
    assert "     and 2 more of these" in said
    assert said[-1] == (
        "     9 promises proved today: 6 would be broken, 4 would hold and no longer be promised"
    )


def test_a_change_keeps_the_number_by_which_a_diff_writes_its_example() -> None:
    found = replace(FOUND, changes=tuple(reversed(FOUND.changes)))

    said = lines(found)

    assert said[0].startswith("NO LONGER TOLD")
    assert said[3] == "     Example: change-3.json"


def test_what_is_undecided_is_never_said_to_be_nothing() -> None:
    said = lines(replace(NOTHING, undecided=("marac outcome", "maternity birth")))

    undecided = "     UNDECIDED in marac outcome and maternity birth: it takes more steps than are"
    assert said[-3:] == [
        "     0 NEWLY TOLD, 0 NO LONGER TOLD, 0 TIMING CHANGED, 0 DISCLOSURE CHANGED",
        "     3 promises proved today: 0 would be broken",
        f"{undecided} allowed, and more may be changed than is said",
    ]


def test_a_promise_that_nobody_can_decide_says_why_and_counts_as_such() -> None:
    undecided = going_back(LIVE, SMALL, ON, steps=100).promises

    said = list(promise_lines(undecided, most=1))

    assert said[0].startswith("UNDECIDED -> UNDECIDED  a pregnant victim is never met with silence")
    assert said[1].startswith("     ")
    assert said[-1] == "     and 2 more promises"
    assert lines(replace(NOTHING, promises=undecided))[-1].endswith(
        "0 would be broken, 3 not decided"
    )


def test_a_promise_that_would_hold_again_comes_after_the_broken_ones() -> None:
    back = going_back(promising_too(SMALL, OF_TODDLERS), small_rulebook(toddlers=True), ON).promises
    [again] = back.reproved
    both = PromisesThen((again, *FOUND.promises.reproved), 2, ())

    said = list(promise_lines(both))

    assert said[0].startswith("PROVED -> GAP")
    assert said[-1].startswith("GAP -> PROVED  a child under five")
    assert lines(replace(NOTHING, promises=both))[-1].endswith(
        "2 would be broken, 1 would hold again"
    )
    assert isinstance(again, Reproved)
    assert again.today is Verdict.GAP
