"""Going back to an earlier version in the console: read first, and then done as it was shown."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

import pytest

from routing_rules.rulebook import content_hash
from services.console.workshop import Hear, Work, WorkLost, Workshop
from tests.console_kit import Visitor
from tests.integration.console.office import Office
from tests.live_rulebook import make_live
from tests.small_rulebook import AT_ONCE, OF_TODDLERS, promising_too, small_rulebook

_Answer = TypeVar("_Answer")
CHANGED = promising_too(small_rulebook(medium="immediate", toddlers=True), OF_TODDLERS, AT_ONCE)
SMALL = small_rulebook()
_OLDER = {"settings.yaml": "name: older\n"}
OUTDATED = replace(SMALL, files=_OLDER, content_hash=content_hash(_OLDER))
"""What an earlier release could load."""
PAGE = f"/rules/roll-back?to={SMALL.content_hash}"
BUTTON = "Go back to it now"


@pytest.fixture
async def changed(office: Office) -> Office:
    """A change went live an hour ago, with promises of its own."""
    await make_live(office.ledger.pool, office.now - timedelta(hours=1), CHANGED)
    return office


async def test_what_it_does_is_read_above_the_button_and_that_is_recorded(changed: Office) -> None:
    rosa = await changed.reception.person("rosa")
    await rosa.get("/rules/versions")
    assert "See what going back does" in rosa.words
    assert BUTTON not in rosa.words

    await changed.worked_out(rosa, PAGE)

    said = rosa.words
    for words in (
        f"Hash sha256:{SMALL.content_hash}",
        f"Instead of staffordshire {CHANGED.content_hash[:12]}",
        "Of what is promised now, 3 promises proved today",
        "2 promises would not be seen to hold any more",
        "a child under five is known to health visitors Proved today, then Gap",
        "Nobody is told, nor MASH instead of health visiting when:",
        "0 newly told 2 no longer told 2 timing changed",
        "No longer: health visiting is told , in police domestic abuse",
        "Try example of change 1, no longer told",
    ):
        assert words in said
        assert said.index(words) < said.index("You go back as Rosa Lane")
    read = "You have read above: 2 promises broken or undecided, 0 newly told, 2 no longer told."
    assert said.index("to exactly sha256:") < said.index(read) < said.index(BUTTON)
    assert await changed.views("saw_roll_back") == [
        ("Rosa Lane", None, None, [SMALL.content_hash, CHANGED.content_hash])
    ]
    assert await changed.live() == CHANGED.content_hash


async def test_what_means_the_same_is_said_to(office: Office) -> None:
    await make_live(office.ledger.pool, office.now, small_rulebook(note="clearer"))
    rosa = await office.reception.person("rosa")

    await office.worked_out(rosa, PAGE)

    assert "No promise is broken by it" in rosa.words
    assert "It means the same as staffordshire" in rosa.words


@dataclass(slots=True)
class Slow(Workshop):
    """Never done."""

    async def do(self, work: Work[_Answer], heard: Hear = lambda _: None) -> _Answer:
        del work, heard
        await asyncio.Event().wait()
        raise AssertionError


@dataclass(slots=True)
class Crashed(Workshop):
    """Its process ends before its time."""

    async def do(self, work: Work[_Answer], heard: Hear = lambda _: None) -> _Answer:
        del work, heard
        raise WorkLost("the process ended before its time")


async def test_whoever_cannot_wait_goes_back_unread_and_that_is_recorded(changed: Office) -> None:
    changed.reception.console.rules.returning = Slow()
    changed.reception.console.rules.surveying = Slow()  # nor does it wait for a survey
    rosa = await changed.reception.person("rosa")

    waiting = await rosa.get(PAGE)
    assert (waiting.status_code, waiting.headers["refresh"]) == (202, "3")
    assert "Do not wait: go back without reading what it does" in rosa.words
    await rosa.get(f"{PAGE}&unread=yes")

    assert "What it does is not shown: you did not wait for it." in rosa.words
    assert "You have not read what it does." in rosa.words
    assert await changed.views("saw_roll_back") == [
        (
            "Rosa Lane",
            None,
            "you did not wait for it",
            [SMALL.content_hash, CHANGED.content_hash],
        )
    ]
    answer = await go(rosa)
    assert answer == 303
    assert await changed.live() == SMALL.content_hash


async def test_a_comparison_that_dies_does_not_stand_in_the_way(changed: Office) -> None:
    changed.reception.console.rules.returning = Crashed()
    rosa = await changed.reception.person("rosa")

    await rosa.get(PAGE)

    assert "What it does is not shown: it could not be worked out." in rosa.words
    assert BUTTON in rosa.words


async def test_it_is_worked_out_in_a_process_of_its_own(changed: Office) -> None:
    changed.reception.console.rules.returning = Workshop()
    rosa = await changed.reception.person("rosa")

    await rosa.get(PAGE)
    for _ in range(200):
        if rosa.last.status_code != 202:
            break
        await asyncio.sleep(0.2)
        await rosa.get(PAGE)

    assert "2 promises would not be seen to hold any more" in rosa.words


async def test_a_reason_that_is_missing_is_asked_for_beside_what_was_read(changed: Office) -> None:
    rosa = await changed.reception.person("rosa")
    await changed.worked_out(rosa, PAGE)

    assert await go(rosa, why=" ") == 400

    assert "Say why, so that a review can follow it" in rosa.words
    assert "2 promises would not be seen to hold any more" in rosa.words
    assert await changed.live() == CHANGED.content_hash


async def test_back_from_what_this_release_cannot_load_is_offered_and_to_it_is_not(
    office: Office,
) -> None:
    await make_live(office.ledger.pool, office.now, OUTDATED)
    rosa = await office.reception.person("rosa")

    await office.worked_out(rosa, PAGE)

    assert "What it does is not shown: what is live does not load under this release" in rosa.words
    assert BUTTON in rosa.words
    await make_live(office.ledger.pool, office.now, small_rulebook(note="newest"))
    answer = await rosa.get(f"/rules/roll-back?to={OUTDATED.content_hash}")
    assert answer.status_code == 409
    assert "does not load under this release" in rosa.words
    assert BUTTON not in rosa.words


async def test_what_is_live_already_is_not_gone_back_to(office: Office) -> None:
    rosa = await office.reception.person("rosa")

    answer = await rosa.get(PAGE)

    assert answer.status_code == 409
    assert f"staffordshire {SMALL.content_hash[:12]} is live already" in rosa.words


async def test_what_was_scheduled_after_the_page_was_loaded_is_not_withdrawn_unseen(
    changed: Office,
) -> None:
    rosa = await changed.reception.person("rosa")
    await changed.worked_out(rosa, PAGE)
    later = small_rulebook(note="later")
    await changed.propose(later, changed.now + timedelta(hours=1))
    await changed.sign("rosa", later.content_hash)
    await changed.sign("owen", later.content_hash, "countersign")

    assert await go(rosa) == 409
    assert "which going back would withdraw" in rosa.words
    assert await changed.live() == CHANGED.content_hash
    await changed.worked_out(rosa, PAGE)
    assert f"Will not go live staffordshire {later.content_hash[:12]}" in rosa.words
    assert await go(rosa, scheduled=later.content_hash) == 303
    await changed.worked_out(rosa, "/rules/versions")
    assert "To go live" not in rosa.words


@pytest.mark.parametrize("to", ["", "x", "0" * 64])
async def test_there_is_no_page_for_what_was_never_live(office: Office, to: str) -> None:
    rosa = await office.reception.person("rosa")

    answer = await rosa.get(f"/rules/roll-back?to={to}")

    assert answer.status_code == (409 if to else 400)
    assert BUTTON not in rosa.words


async def go(visitor: Visitor, *, why: str = "midwives ring", scheduled: str = "") -> int:
    """The button, as the page has it."""
    answer = await visitor.post(
        "/rules/roll-back",
        to=SMALL.content_hash,
        live=CHANGED.content_hash,
        scheduled=scheduled,
        roll_back_why=why,
    )
    return answer.status_code


async def test_one_person_goes_back_and_the_page_says_by_whom(changed: Office) -> None:
    rosa = await changed.reception.person("rosa")
    await rosa.get("/rules/versions")
    assert f"Live now staffordshire {CHANGED.content_hash[:12]}" in rosa.words

    answer = await rosa.post(
        "/rules/roll-back",
        live=CHANGED.content_hash,
        to=SMALL.content_hash,
        roll_back_why="midwives ring",
    )
    await rosa.get(answer.headers["location"])

    assert await changed.live() == SMALL.content_hash
    assert "rolled back to, by one person, Rosa Lane, rule owner: midwives ring" in rosa.words
    assert await changed.views("rolled_back_rulebook") == [
        (
            "Rosa Lane",
            "midwives ring",
            f"staffordshire {SMALL.content_hash[:12]} is live from now on",
            [SMALL.content_hash],
        )
    ]


async def test_of_two_who_go_back_at_once_it_is_done_once(changed: Office) -> None:
    rosa, owen = [await changed.reception.person(each) for each in ("rosa", "owen")]
    for each in (rosa, owen):
        await each.get("/rules/versions")
    sent = {"live": CHANGED.content_hash, "to": SMALL.content_hash, "roll_back_why": "at once"}

    answers = await asyncio.gather(
        *(each.post("/rules/roll-back", **sent) for each in (rosa, rosa, owen))
    )

    assert [each.status_code for each in answers] == [303, 303, 303]
    assert sum("again" in each.headers["location"] for each in answers) == 2
    assert len((await changed.record()).activations) == 3


async def test_who_looked_at_another_live_version_does_not_go_back(changed: Office) -> None:
    rosa = await changed.reception.person("rosa")
    await rosa.get("/rules/versions")
    newest = await make_live(changed.ledger.pool, changed.now, small_rulebook(note="newest"))

    answer = await rosa.post(
        "/rules/roll-back",
        live=CHANGED.content_hash,
        to=SMALL.content_hash,
        roll_back_why="midwives ring",
    )

    assert answer.status_code == 409
    assert "by order of Mo Example, and was not when this was shown" in answer.text
    assert await changed.live() == newest.content_hash


@pytest.mark.parametrize("to", ["x", "", "0" * 64])
async def test_nobody_goes_back_to_what_was_never_live(office: Office, to: str) -> None:
    rosa = await office.reception.person("rosa")
    await rosa.get("/rules/versions")

    answer = await rosa.post("/rules/roll-back", live="", to=to, roll_back_why="x")

    assert answer.status_code == (400 if not to else 409)
    assert await office.live() == SMALL.content_hash


async def test_a_proposal_that_was_never_live_is_not_gone_back_to(office: Office) -> None:
    proposed = await office.propose(CHANGED)
    rosa = await office.reception.person("rosa")
    await rosa.get("/rules/versions")

    answer = await rosa.post(
        "/rules/roll-back", live=SMALL.content_hash, to=proposed, roll_back_why="x"
    )

    assert answer.status_code == 409
    assert "it has never been live; propose it" in answer.text
