"""Signing a proposed rulebook on its page: two people, exactly one hash, and nothing overtaken."""

import asyncio
from datetime import timedelta
from typing import TypeVar

import pytest

from services.console.rules_standing_pages import PATIENCE
from services.console.workshop import Hear, Work, WorkLost, Workshop
from tests.integration.console.office import Office
from tests.live_rulebook import make_live
from tests.small_rulebook import small_rulebook

_Answer = TypeVar("_Answer")
CHANGED = small_rulebook(medium="immediate", toddlers=True)
OTHER = small_rulebook(note="another")


async def test_a_signer_reads_what_is_promised_and_who_is_newly_told_before_the_button(
    office: Office,
) -> None:
    proposed = await office.propose(CHANGED)

    rosa, _ = await office.at("rosa", proposed)

    said = rosa.words
    for words in (
        "No promise is broken by it",
        "Newly: health visiting is told , in police domestic abuse",
        "When: role child present; age under 5 or unknown",
        "midwifery is told within immediate",
    ):
        assert words in said
        assert said.index(words) < said.index("You sign as Rosa Lane")
    assert f"exactly sha256:{proposed}" in said
    assert f"Sign {proposed[:12]}" in said
    assert "<script>alert" not in rosa.last.text


async def test_two_people_sign_and_it_is_live(office: Office) -> None:
    proposed = await office.propose(CHANGED)

    rosa = await office.sign("rosa", proposed)
    assert rosa.last.headers["location"] == f"/rules/proposals/{proposed}?done=signed"
    await office.sign("owen", proposed, "countersign")

    assert await office.live() == proposed
    live = (await office.record()).live(office.now)
    assert live is not None
    assert (live.ordered.by, live.ordered.role) == ("Owen Marsh", "rule owner")
    assert await office.views("signed_rulebook", "countersigned_rulebook") == [
        (
            "Rosa Lane",
            "read and agreed",
            "it is signed; somebody else must countersign it",
            [proposed],
        ),
        (
            "Owen Marsh",
            "read and agreed",
            "it is countersigned and live from now on",
            [proposed],
        ),
    ]


async def test_whoever_signed_cannot_countersign_under_whatever_name(office: Office) -> None:
    proposed = await office.propose(CHANGED)
    rosa = await office.sign("rosa", proposed)
    number = await office.number(proposed)
    await office.worked_out(rosa, f"/rules/proposals/{proposed}")
    assert "Rosa Lane has signed it: somebody else must countersign it" in rosa.words

    path = f"/rules/proposals/{proposed}/countersign"
    by_name = await rosa.post(path, proposal=number, sign_why="once more")
    await office.ledger.rows("UPDATE console_session SET name = 'Rosa Lane-Smith'")
    renamed = await rosa.post(path, proposal=number, sign_why="once more")

    assert (by_name.status_code, renamed.status_code) == (409, 409)
    assert "you have signed it: somebody else must countersign it" in rosa.words
    assert await office.live() == small_rulebook().content_hash


@pytest.mark.parametrize("how", ["sign", "countersign"])
async def test_a_double_click_does_it_once_and_says_so(office: Office, how: str) -> None:
    proposed = await office.propose(CHANGED)
    await office.sign("rosa", proposed)
    subject = "rosa" if how == "sign" else "owen"
    visitor, path = await office.at(subject, proposed)
    number = await office.number(proposed)

    answers = await asyncio.gather(
        *(visitor.post(f"{path}/{how}", proposal=number, sign_why="yes") for _ in range(2))
    )

    assert [each.status_code for each in answers] == [303, 303]
    proposal = (await office.record()).proposal_of(proposed)
    assert proposal is not None
    assert len(proposal.signatures) == (1 if how == "sign" else 2)
    assert len((await office.record()).activations) == (1 if how == "sign" else 2)


async def test_of_two_who_sign_at_once_the_second_is_told_to_countersign(office: Office) -> None:
    proposed = await office.propose(CHANGED)
    (rosa, path), (owen, _) = await office.at("rosa", proposed), await office.at("owen", proposed)
    number = await office.number(proposed)

    answers = await asyncio.gather(
        rosa.post(f"{path}/sign", proposal=number, sign_why="read"),
        owen.post(f"{path}/sign", proposal=number, sign_why="read"),
    )

    assert sorted(each.status_code for each in answers) == [303, 409]
    [refused] = [each for each in answers if each.status_code == 409]
    assert "has signed it already; countersign it" in refused.text
    outcomes = [each[2] or "" for each in await office.views("signed_rulebook")]
    assert max(each.partition(":")[0] for each in outcomes) == "refused"


async def test_a_proposal_that_was_overtaken_cannot_be_signed_and_the_page_says_why(
    office: Office,
) -> None:
    proposed = await office.propose(CHANGED)
    rosa, path = await office.at("rosa", proposed)
    number = await office.number(proposed)
    await make_live(office.ledger.pool, office.now, OTHER)

    late = await rosa.post(f"{path}/sign", proposal=number, sign_why="read")
    await office.worked_out(rosa, path)

    assert late.status_code == 409
    assert "another version has gone live since it was proposed" in late.text
    assert "You cannot sign it: another version has gone live" in rosa.words
    assert f"Sign {proposed[:12]}" not in rosa.words
    assert await office.live() == OTHER.content_hash


async def test_what_was_rejected_and_proposed_again_must_be_read_again(office: Office) -> None:
    proposed = await office.propose(CHANGED)
    rosa, path = await office.at("rosa", proposed)
    number = await office.number(proposed)
    rejected = await rosa.post(f"{path}/reject", proposal=number, reject_why="not yet")
    assert rejected.headers["location"].endswith("?done=rejected")
    await office.propose(CHANGED)

    stale = await rosa.post(f"{path}/sign", proposal=number, sign_why="read")

    assert stale.status_code == 409
    assert "it was proposed again after you loaded this page" in stale.text


async def test_without_a_reason_nothing_is_signed(office: Office) -> None:
    proposed = await office.propose(CHANGED)
    rosa, path = await office.at("rosa", proposed)

    answer = await rosa.post(f"{path}/sign", proposal=await office.number(proposed), sign_why=" ")

    assert answer.status_code == 400
    assert "Say why, so that a review can follow it" in answer.text
    assert await office.views("signed_rulebook") == []


async def test_what_did_not_pass_shows_its_gap_and_has_no_button(office: Office) -> None:
    proposed = await office.propose(small_rulebook(toddlers=True, broken=True))

    rosa, path = await office.at("rosa", proposed)

    assert "GAP: a child of any age is known to somebody" in rosa.words
    assert "age at least 5" in rosa.words
    assert "para 1.14" in rosa.words
    assert "You cannot sign it: it did not pass" in rosa.words
    number = await office.number(proposed)
    answer = await rosa.post(f"{path}/sign", proposal=number, sign_why="all the same")
    assert answer.status_code == 409


async def test_what_means_the_same_says_so(office: Office) -> None:
    proposed = await office.propose(OTHER)

    rosa, _ = await office.at("rosa", proposed)

    assert "It means the same" in rosa.words


@pytest.mark.parametrize("subject", ["carys", "arthur", "omar"])
async def test_others_read_a_proposal_and_have_nothing_to_press(
    office: Office, subject: str
) -> None:
    proposed = await office.propose(CHANGED)

    reader, path = await office.at(subject, proposed)

    assert "Newly: health visiting is told" in reader.words
    assert "Your decision" not in reader.words
    assert (await reader.post(f"{path}/sign", proposal="1", sign_why="x")).status_code == 403


async def test_one_for_a_later_day_goes_live_then(office: Office) -> None:
    proposed = await office.propose(CHANGED, office.now + timedelta(days=2))
    await office.sign("rosa", proposed)

    await office.sign("owen", proposed, "countersign")

    assert await office.live() == small_rulebook().content_hash
    scheduled = (await office.record()).scheduled(office.now)
    assert scheduled is not None
    assert scheduled.content_hash == proposed


async def test_a_hash_that_nobody_proposed_is_not_there(office: Office) -> None:
    rosa = await office.reception.person("rosa")

    for unknown in ("x", "0" * 64, small_rulebook().content_hash[:12]):
        assert (await rosa.get(f"/rules/proposals/{unknown}")).status_code == 404


class Crashed(Workshop):
    """Every process of it ends before its time."""

    async def do(self, work: Work[_Answer], heard: Hear = lambda _: None) -> _Answer:  # noqa: ARG002
        raise WorkLost("it was killed")


async def test_what_could_not_be_worked_out_says_that_nothing_was_changed(office: Office) -> None:
    proposed = await office.propose(CHANGED)
    office.reception.console.rules.surveying = Crashed()
    rosa = await office.reception.person("rosa")

    answer = await rosa.get(f"/rules/proposals/{proposed}")

    assert answer.status_code == 503
    assert "It could not be worked out Nothing was changed." in rosa.words
    assert "Sign out" in answer.text


async def test_a_reader_waits_only_as_long_as_a_page_may_take(office: Office) -> None:
    proposed = await office.propose(CHANGED)
    office.reception.console.rules.surveying = Workshop()  # in a process of its own
    rosa = await office.reception.person("rosa")

    await rosa.get(f"/rules/proposals/{proposed}")
    waiting = rosa.last
    await office.worked_out(rosa, f"/rules/proposals/{proposed}")

    assert PATIENCE <= 1.0
    assert waiting.status_code in {200, 202}
    assert "What it changes" in rosa.words
    assert await office.views("saw_proposal") == [("Rosa Lane", None, None, [proposed])] * (
        2 if waiting.status_code == 200 else 1
    )


async def test_proposals_are_listed_with_whom_they_wait_for(office: Office) -> None:
    waiting = await office.propose(CHANGED)
    await office.sign("rosa", waiting)
    await office.propose(small_rulebook(toddlers=True, broken=True))
    carys = await office.reception.person("carys")

    await carys.get("/rules/proposals")

    assert "by Rosa Lane: it waits for somebody else to countersign it" in carys.words
    assert "Did not pass" in carys.words
    assert "fieldfare rules propose" in carys.words
