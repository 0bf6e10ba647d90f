"""A proposed rulebook and the past: begun once, worked out elsewhere, kept, and nothing changed."""

import asyncio
from datetime import timedelta

import pytest

from routing_rules.rulebook import content_hash
from services.ledger.jsonb import json_text
from services.ledger.rulebook_replays import SILENT, begin_replay, replays_of
from services.runtime.postgres import transaction
from tests.integration.console.desk import Desk
from tests.integration.console.office import Office
from tests.small_rulebook import small_rulebook

CHANGED = small_rulebook(toddlers=True)
_A_MINUTE = 60.0


async def begun(office: Office) -> str:
    """Something happened, which the whole county's rulebook decided; a small one is proposed."""
    await Desk(office.ledger, office.reception).happened()
    return await office.propose(CHANGED)


async def ended(office: Office, content_hash: str) -> None:
    async with asyncio.timeout(_A_MINUTE):
        while any(
            each.ended_at is None for each in await replays_of(office.ledger.pool, content_hash)
        ):
            await asyncio.sleep(0.2)


async def test_a_replay_is_begun_once_goes_on_by_itself_and_is_kept(office: Office) -> None:
    proposed = await begun(office)
    rosa = await office.reception.person("rosa")
    path = f"/rules/proposals/{proposed}/replay"
    await rosa.get(path)
    period = {"from": "1/3/2026", "to": "6/3/2026"}
    duties = await office.ledger.rows("SELECT duty_id FROM duty")

    first = await rosa.post(path, **period)
    again = await rosa.post(path, **period)
    waiting = await rosa.get(path)
    await ended(office, proposed)
    await rosa.get(path)

    assert (first.headers["location"], again.headers["location"]) == (path, f"{path}?again=yes")
    assert waiting.headers.get("refresh") in {"3", None}
    assert "1 event of 1 occurrence, 1 decided again" in rosa.words
    assert "0 would have been told 3 would not have been" in rosa.words
    assert "Not told Fri 6 Mar 12:00 Police domestic abuse e0 child_present GP" in rosa.words
    assert "da-child-practice" in rosa.words
    assert "2 March 2026 0 3" in rosa.words
    assert "Asha" not in rosa.last.text
    assert await office.ledger.rows("SELECT duty_id FROM duty") == duties
    outcomes = [each[2] for each in await office.views("started_replay")]
    assert outcomes[1] == "at work already"
    await office.worked_out(rosa, f"/rules/proposals/{proposed}")
    assert "asked for by Rosa Lane: 0 would have been told, 3 would not have been" in rosa.words


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        ("", "", "Enter the first day"),
        ("x", "", "Enter a day such as 28/2/2026"),
        ("6/3/2026", "1/3/2026", "Enter a last day that is not before the first"),
    ],
)
async def test_a_period_that_is_none_is_answered(
    office: Office, since: str, until: str, told: str
) -> None:
    proposed = await office.propose(CHANGED)
    rosa = await office.reception.person("rosa")
    await rosa.get(f"/rules/proposals/{proposed}/replay")

    answer = await rosa.post(f"/rules/proposals/{proposed}/replay", **{"from": since, "to": until})

    assert answer.status_code == 400
    assert told in rosa.words


async def test_one_that_has_stopped_without_a_word_can_be_begun_again(office: Office) -> None:
    proposed = await office.propose(CHANGED)
    period = (office.now - timedelta(days=1), office.now)
    pool = office.ledger.pool

    async def begin(after: timedelta) -> bool:
        async with transaction(pool) as connection:
            at = office.now + after
            return await begin_replay(connection, proposed, period, by="A", at=at) is not None

    assert await begin(timedelta())
    assert not await begin(SILENT)
    assert await begin(SILENT + timedelta(seconds=1))
    newest, oldest = await replays_of(pool, proposed)
    assert newest.ended_at is None
    assert "begin it again" in (oldest.problem or "")


async def test_what_went_wrong_is_kept_in_words(office: Office) -> None:
    proposed = await begun(office)
    rosa = await office.reception.person("rosa")
    path = f"/rules/proposals/{proposed}/replay"
    await rosa.get(path)
    await office.ledger.rows("ALTER TABLE decision RENAME TO decision_elsewhere")

    await rosa.post(path, **{"from": "1/3/2026", "to": "6/3/2026"})
    await ended(office, proposed)
    await office.ledger.rows("ALTER TABLE decision_elsewhere RENAME TO decision")
    await rosa.get(path)

    assert "It was not done:" in rosa.words


async def test_what_an_earlier_release_replayed_is_read_though_this_one_cannot_load_it(
    office: Office,
) -> None:
    files = {"settings.yaml": "name: older\n"}
    older = content_hash(files)
    await office.ledger.rows(
        "INSERT INTO rulebook (content_hash, name, files, first_used_at) VALUES ($1, 'x', $2, $3)",
        older,
        json_text(files),
        office.now,
    )
    outcome = json_text({"on": "2026-03-06", "rules": 0, "cases": 0, "promises": {}, "because": []})
    await office.ledger.rows(
        "INSERT INTO rulebook_proposal (content_hash, passed, outcome, proposed_at, proposed_by,"
        " role, why) VALUES ($1, TRUE, $2, $3, 'Nina', 'named nurse', 'older')",
        older,
        outcome,
        office.now,
    )
    rosa = await office.reception.person("rosa")

    answer = await rosa.get(f"/rules/proposals/{older}/replay")

    assert answer.status_code == 200
    assert "Replay a period" in rosa.words
