"""What going back would do: as `rules diff` tells it, with the promises of what is live."""

from datetime import date

import pytest

from routing_rules.boxes import BudgetSpent
from routing_rules.going_back import GoingBack, going_back
from routing_rules.proof import Verdict
from routing_rules.rulebook import load_rulebook
from routing_rules.rulebook_diff import ChangeKind, diff_rulebooks
from tests.builders import rulebook_files, staffordshire
from tests.promise_kit import ON
from tests.small_rulebook import AT_ONCE, OF_TODDLERS, promising_too, small_rulebook

SMALL = small_rulebook()
TODDLERS = small_rulebook(medium="immediate", toddlers=True)


def verdicts(found: GoingBack) -> dict[str, tuple[Verdict, Verdict]]:
    return {
        each.then.proved.promise.name: (each.today, each.then.proved.verdict)
        for each in found.promises.reproved
    }


def test_it_tells_the_changes_that_a_diff_tells() -> None:
    found = going_back(TODDLERS, SMALL, ON)

    assert list(found.changes) == diff_rulebooks(TODDLERS, SMALL, ON)
    assert {each.kind for each in found.changes} == {
        ChangeKind.NO_LONGER_TOLD,
        ChangeKind.TIMING_CHANGED,
    }
    assert (found.on, found.undecided, found.is_nothing) == (ON, (), False)


def test_going_back_to_what_means_the_same_does_nothing() -> None:
    found = going_back(SMALL, small_rulebook(note="another text"), ON)

    assert found.is_nothing
    assert found.promises.proved == 1


def test_a_promise_that_came_with_the_live_version_is_seen_to_break() -> None:
    live = promising_too(TODDLERS, OF_TODDLERS, AT_ONCE)

    found = going_back(live, SMALL, ON)

    assert verdicts(found) == {
        "a child under five is known to health visitors": (Verdict.PROVED, Verdict.GAP),
        "a pregnant victim at medium risk is known at once": (Verdict.PROVED, Verdict.GAP),
    }
    assert found.promises.broken == 2
    assert all(each.then.gaps[0].example.example for each in found.promises.reproved)
    assert (found.promises.proved, found.promises.unmade) == (3, ())


def test_a_promise_that_would_hold_and_no_longer_be_made_is_named() -> None:
    live = promising_too(SMALL, AT_ONCE.replace("medium", "high"))

    found = going_back(live, SMALL, ON)

    assert found.promises.unmade == ("a pregnant victim at high risk is known at once",)
    assert not found.promises.reproved
    assert not found.is_nothing


def test_a_promise_that_is_broken_today_and_would_hold_again_is_told_and_not_broken() -> None:
    live = promising_too(SMALL, OF_TODDLERS)

    found = going_back(live, TODDLERS, ON)

    [again] = found.promises.reproved
    assert (again.today, again.then.proved.verdict) == (Verdict.GAP, Verdict.PROVED)
    assert (again.is_broken, found.promises.broken) == (False, 0)


@pytest.mark.parametrize(
    ("old", "new", "about"),
    [
        ("county:\n", "county:\n  E07000999: Elsewhereshire\n", "district: Elsewhereshire"),
        (
            "frequent attendance:\n",
            "frequent attendance:\n  - 2 in 17 days\n",
            "attendances in 17 days: at least 2",
        ),
    ],
)
def test_a_promise_in_words_that_the_target_does_not_know_is_no_error(
    old: str, new: str, about: str
) -> None:
    settings = SMALL.files["settings.yaml"]
    more = settings.replace(old, new, 1)
    assert more != settings
    promised = AT_ONCE.replace("pregnant: [yes]", f"pregnant: [yes], {about}")
    live = promising_too(SMALL, promised.replace("medium", "high"), **{"settings.yaml": more})

    found = going_back(live, SMALL, ON)

    assert ChangeKind.SETTINGS_CHANGED in {each.kind for each in found.changes}
    [name] = [each.name for each in live.promises.promises[1:]]
    assert name in {*verdicts(found), *found.promises.unmade}


def test_where_the_steps_run_out_it_says_undecided_and_keeps_what_was_found() -> None:
    live = promising_too(TODDLERS, OF_TODDLERS)
    with pytest.raises(BudgetSpent):
        diff_rulebooks(live, SMALL, ON, steps=100)

    none = going_back(live, SMALL, ON, steps=100)

    assert none.undecided == ("police domestic abuse",)
    assert set(verdicts(none).values()) == {(Verdict.UNDECIDED, Verdict.UNDECIDED)}
    assert all(each.is_broken for each in none.promises.reproved)
    assert not none.is_nothing
    whole = going_back(live, SMALL, ON)
    for steps in (1_000, 5_000, 20_000, 50_000):
        part = going_back(live, SMALL, ON, steps=steps)
        assert all(each in whole.changes for each in part.changes)
        assert bool(part.undecided) or part.changes == whole.changes


def test_a_day_before_the_directory_began_cannot_be_looked_at() -> None:
    with pytest.raises(LookupError):
        going_back(SMALL, TODDLERS, date(1900, 1, 1))


def test_the_shipped_rulebook_is_decided_wholly_and_quite_another_one_in_part() -> None:
    shipped = staffordshire()
    other = load_rulebook(rulebook_files("staffordshire-2016"))

    same = going_back(shipped, shipped, ON)
    found = going_back(shipped, other, ON, steps=20_000)

    assert same.is_nothing
    assert same.promises.proved == len(shipped.promises.promises)
    assert found.changes
    assert found.undecided
