"""A ledger in which a county's life has happened, and what replays make of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from routing_rules.footing_telling import Teller
from routing_rules.rulebook import Rulebook, load_rulebook
from schemas.reading import read_event
from schemas.receipt import read_receipt
from services.ledger.replaying import Occurrence, occurrences_in
from services.ledger.rulebooks import all_files, keep_rulebook
from services.replay.comparing import (
    Compared,
    Sieves,
    as_compared,
    compare_footed,
    compare_whole,
    read_doubtful,
    read_whole,
)
from services.replay.found import AllFound, Found
from services.router.handler import Router
from services.router.messages import Post
from services.router.orders import Order
from services.router.receiver import Receiver
from services.router.record import Record
from services.router.routing import Routing
from services.runtime.clock import FixedClock
from services.runtime.postgres import Pool, snapshot, transaction
from services.runtime.topics import Topics
from tests.benchmarks.workload import START, county_messages
from tests.builders import rulebook_files, staffordshire
from tests.integration.router.kit import Ledger
from tests.integration.router.receipt_kit import bytes_of, receipt, received

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
END = datetime(2030, 1, 1, tzinfo=UTC)
ORDER = Order("N. Midwife", "the rule was missing")
LATER = START + timedelta(days=30)
"""When it is found that a rule was missing."""
_A_BATCH = 20


async def live_a_county(
    ledger: Ledger, messages: int, *, seed: int = 1, rulebook: Rulebook | None = None
) -> None:
    """So many messages of a county, in batches, with some notices answered between them."""
    clock, routing = FixedClock(START), routing_by(rulebook or staffordshire())
    router = Router(ledger.pool, routing, read_event, clock)
    receiver = Receiver(ledger.pool, routing, read_receipt, clock)
    await keep(ledger.pool, routing.rulebook)
    told = county_records(messages, seed=seed)
    for first in range(0, len(told), _A_BATCH):
        clock.advance(timedelta(seconds=_A_BATCH))
        await router.handle(told[first : first + _A_BATCH])
        await settle(router, clock)
        await _answer_some(ledger, receiver, clock)
        await settle(router, clock)


def routing_by(rulebook: Rulebook) -> Routing:
    """How routers decide by a rulebook."""
    return Routing(rulebook, Post(Topics("fieldfare"), 1))


def county_records(messages: int, *, seed: int = 1) -> list[Record]:
    """A county's messages as records of their topics."""
    offsets: dict[str, int] = {}
    made = []
    for message in county_messages(messages, seed=seed):
        topic = f"fieldfare.events.{message.family}.{message.publisher}"
        offset = offsets.setdefault(topic, 0)
        offsets[topic] += 1
        made.append(Record(topic, 0, offset, (), message.body, 0))
    return made


async def settle(router: Router, clock: FixedClock) -> None:
    """Decides again whatever is due."""
    clock.advance(timedelta(milliseconds=1))
    while await router.reconsider():
        clock.advance(timedelta(milliseconds=1))


async def _answer_some(ledger: Ledger, receiver: Receiver, clock: FixedClock) -> None:
    """One duty in three is done with, one in nine is returned as not theirs."""
    clock.advance(timedelta(milliseconds=1))
    rows = await ledger.rows(
        "SELECT notification_id, organisation FROM duty WHERE ended_at IS NULL"
        " AND state = 'owed' AND occurrence_id IS NOT NULL AND service <> 'mash'"
        " ORDER BY duty_id LIMIT 9"
    )
    for number, row in enumerate(rows[::3]):
        status = "not_ours" if number == 0 else "done"
        data = receipt(row["notification_id"], status, at=clock.now().isoformat())
        name = str(row["notification_id"])
        value = bytes_of(data, message_id=name, source=row["organisation"].lower())
        [said] = await ledger.rows(
            "SELECT count(*) FROM receipt WHERE organisation = $1", row["organisation"]
        )
        records = received(value, begin=said[0], organisation=row["organisation"])
        await receiver.handle(records)


async def keep(pool: Pool, *rulebooks: Rulebook) -> None:
    """Keeps rulebooks as a router does before it decides."""
    async with transaction(pool) as connection:
        for rulebook in rulebooks:
            await keep_rulebook(connection, rulebook, at=START)


async def occurrences(pool: Pool) -> list[Occurrence]:
    """All that stand."""
    async with snapshot(pool) as connection:
        return await occurrences_in(connection, BEGINNING, END)


async def compared(pool: Pool, rulebook: Rulebook, *, sieved: bool) -> Compared:
    """What a rulebook would have told otherwise, of everything."""
    asked = await occurrences(pool)
    async with snapshot(pool) as connection:
        stored = await all_files(connection)
        sieves = Sieves(rulebook, stored) if sieved else None
        doubtful = await read_doubtful(connection, asked, sieves)
        found, others = compare_footed(doubtful, Teller(rulebook))
        whole = await read_whole(connection, others)
    found += compare_whole(whole, rulebook)
    return as_compared(doubtful, found, from_facts=len(others))


def all_found(parts: Iterable[Compared]) -> list[Found]:
    """Everything that was found, in the order in which it happened."""
    return list(AllFound(each.packed for each in parts))


@cache
def without(*rules: str) -> Rulebook:
    """The shipped rulebook without some rules, and without its promises about them."""
    return load_rulebook(files_without(*rules))


def files_without(*rules: str) -> Mapping[str, str]:
    """The texts of the shipped rulebook without some rules."""
    files = dict(rulebook_files("staffordshire"))
    for path, text in files.items():
        if path.startswith("rules/"):
            files[path] = _less(text, rules)
    return {path: text for path, text in files.items() if path != "promises.yaml"}


def _less(text: str, rules: Sequence[str]) -> str:
    blocks = text.split("\n- ")
    kept = [each for each in blocks if each.split("\n")[0].removeprefix("rule: ") not in rules]
    return "\n- ".join(kept)
