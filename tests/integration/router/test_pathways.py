"""One event of every type of the pathways through the real router: stored, decided, replied."""

import json

import pytest

from schemas.values import EventType
from services.ledger.reading import find_events
from tests.documented import PATHWAYS, ROUTED_PATHWAYS, people_in
from tests.integration.router.kit import Ledger, a_router, records_of


@pytest.mark.parametrize("event_type", ROUTED_PATHWAYS, ids=str)
async def test_an_event_is_stored_decided_and_replied_to(
    ledger: Ledger, event_type: EventType
) -> None:
    event = ROUTED_PATHWAYS[event_type]

    written = await a_router(ledger.pool).handle(records_of(event))

    counts = await ledger.counts()
    assert (written.events, counts["event"], counts["dead_letter"]) == (1, 1, 0)
    assert counts["occurrence"] == counts["decision"] == 1
    [reply] = await ledger.replies()
    assert (reply["status"], reply["warnings"]) == ("accepted", [])
    [row] = await ledger.rows("SELECT nobody FROM decision")
    accounted = {item["about"] for item in json.loads(row["nobody"])}
    duties = await ledger.standing()
    refs = {person["ref"] for person in people_in(event)} or {"the event"}
    assert refs <= accounted | {ref for ref, _, _ in duties}


async def test_all_of_them_share_a_batch_and_an_update_is_of_the_same_occurrence(
    ledger: Ledger,
) -> None:
    router = a_router(ledger.pool)
    events = list(ROUTED_PATHWAYS.values())
    await router.handle(records_of(*events))
    updates = [
        {**event, "id": f"update-{n}", "data": {**event["data"], "status": "cancelled"}}
        for n, event in enumerate(events)
    ]

    await router.handle(records_of(*updates, begin=len(events)))

    counts = await ledger.counts()
    assert counts["event"] == counts["decision"] == 2 * len(events)
    assert counts["occurrence"] == len(events)
    assert counts["dead_letter"] == 0
    assert await ledger.standing() == set()
    cancelled = await ledger.rows("SELECT count(*) FROM occurrence WHERE is_cancelled")
    assert cancelled[0][0] == len(events)


async def test_a_change_of_identity_is_stored_and_accepted_without_a_decision(
    ledger: Ledger,
) -> None:
    await a_router(ledger.pool).handle(records_of(PATHWAYS[EventType.REGISTRATION_IDENTITY]))

    counts = await ledger.counts()
    assert (counts["event"], counts["decision"], counts["dead_letter"]) == (1, 0, 0)
    assert [reply["status"] for reply in await ledger.replies()] == ["accepted"]


async def test_a_decision_not_to_share_is_kept_with_its_lawful_basis(ledger: Ledger) -> None:
    plan = PATHWAYS[EventType.RELAPSE_PLAN]
    refused = {**plan, "data": {**plan["data"], "consent": "refused"}}

    await a_router(ledger.pool).handle(records_of(refused))

    assert await ledger.standing() == set()
    [found] = await find_events(ledger.pool, plan["id"])
    assert {each.service for each in found.nobody} == {"health-visiting", "gp"}
    assert all("confidentiality" in str(each.basis) for each in found.nobody)
