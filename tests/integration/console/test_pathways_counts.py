"""Pathways are counted together in SQL: one occurrence after another comes to the same."""

from collections import Counter, defaultdict
from datetime import timedelta

from services.ledger.pathways import Came, Flowed, Pathways, pathways_since
from tests.integration.console.test_pathways import CANNOCK, EAST, happen
from tests.integration.router.kit import NOON, Ledger, a_router


async def one_by_one(ledger: Ledger) -> Pathways:
    """The same, by looking at each duty that stands."""
    told, mash = defaultdict[Flowed, set[str]](set), defaultdict[Flowed, set[str]](set)
    came = defaultdict[Came, set[str]](set)
    for row in await ledger.rows(
        "SELECT duty.*, event.source, event.type FROM duty JOIN event USING (occurrence_id)"
        " WHERE kind <> 'escalate' AND state <> 'withdrawn'"
    ):
        of, home = (row["source"], row["type"]), row["district"]
        led = Flowed(*of, row["instead_of"] or row["service"], home, 0, 0)
        (mash if row["instead_of"] else told)[led].add(row["occurrence_id"])
        came[Came(*of, home, 0)].add(row["occurrence_id"])
    return Pathways(
        tuple(
            led._replace(told=len(told[led]), with_mash=len(mash[led]))
            for led in told.keys() | mash.keys()
        ),
        tuple(each._replace(events=len(those)) for each, those in came.items()),
    )


async def test_counting_together_comes_to_the_same_as_one_by_one(ledger: Ledger) -> None:
    await happen(a_router(ledger.pool), *[EAST] * 4, *[CANNOCK] * 3, None, "E99999999")
    assert not await ledger.rows(
        "SELECT FROM duty JOIN event USING (occurrence_id)"
        " WHERE (event_source, event_type) IS DISTINCT FROM (source, type)"
    )
    [one, other] = await ledger.rows(
        "SELECT occurrence_id FROM duty GROUP BY 1 HAVING min(district) = $1 LIMIT 2", EAST
    )
    for change, whose in (
        ("district = 'a place, not a code' WHERE district = $1", "E99999999"),
        ("state = 'withdrawn' WHERE service = 'midwifery' AND occurrence_id = $1", one[0]),
        ("instead_of = 'gp' WHERE service = 'midwifery' AND occurrence_id = $1", other[0]),
        ("instead_of = 'midwifery' WHERE service <> 'midwifery' AND district = $1", CANNOCK),
        # as an older release recorded them: some of an occurrence, and all of one
        ("event_source = NULL, event_type = NULL WHERE service = 'gp' AND district = $1", EAST),
        ("event_source = NULL, event_type = NULL WHERE occurrence_id = $1", other[0]),
    ):
        await ledger.rows(f"UPDATE duty SET {change}", whose)  # noqa: S608

    found = await pathways_since(ledger.pool, NOON - timedelta(days=1))

    expected = await one_by_one(ledger)
    assert Counter(found.flowed) == Counter(expected.flowed)
    assert Counter(found.came) == Counter(expected.came)
    assert any(each.told and each.with_mash for each in found.flowed)
    assert "a place, not a code" in {each.district for each in found.flowed}
    assert None in {each.district for each in found.came}
