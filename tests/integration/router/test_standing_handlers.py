"""A known gap with a standing handler through the real router, the finder and the digest."""

from datetime import datetime, timedelta
from random import Random

from routing_rules.rulebook import load_rulebook
from schemas.reading import read_event
from services.ledger.missed import MissedFilter, list_missed
from services.ledger.missed_causes import Awaits, MissedCause
from services.ledger.queues import Queues
from services.router.handler import Router
from services.router.messages import Post
from services.router.routing import Routing
from services.runtime.backoff import Backoff
from services.runtime.clock import FixedClock
from services.runtime.topics import Topics
from services.watch.by_the_clock import ByTheClock
from tests.builders import a_person, at_home, police, rulebook_files
from tests.integration.router.kit import NOON, Ledger, message, records

HANDLED = load_rulebook(
    {
        **rulebook_files("staffordshire"),
        "directory/standing-handlers.csv": (
            "service,district,recipient,school_types\n"
            "school-nursing,E07000193,R1E:safeguarding,independent\n"
        ),
    }
)


async def a_boarder_is_hurt(ledger: Ledger) -> None:
    school = {"urn": "900010", "type": "independent"}
    boarder = a_person(
        "child_present", ref="boarder", number=2, date_of_birth="2014-05-05", **at_home()
    )
    routing = Routing(HANDLED, Post(Topics("fieldfare"), 1))
    backoff = Backoff(first=0.01, most=0.1, random=Random(1))
    clock = FixedClock(NOON + timedelta(seconds=5))
    router = Router(ledger.pool, routing, read_event, clock, backoff=backoff)
    data = police(a_person(number=1, **at_home()), {**boarder, "school": school})
    await router.handle(records(message(data)))


async def test_the_handler_has_the_duty_and_the_gap_is_counted(ledger: Ledger) -> None:
    await a_boarder_is_hurt(ledger)

    [duty] = await ledger.rows("SELECT * FROM duty WHERE instead_of = 'school-nursing'")
    assert (duty["recipient"], duty["kind"]) == ("R1E:safeguarding", "exception")
    assert duty["unplaced"] == "commissioning_gap"
    gap = MissedCause.COMMISSIONING_GAP
    [missed] = await list_missed(ledger.pool, MissedFilter(cause=gap), at=NOON + timedelta(hours=1))
    assert (missed.service, missed.recipient) == ("school-nursing", "R1E:safeguarding")
    assert missed.awaits is Awaits.STANDING_HANDLER


async def test_the_commissioner_is_told_whom_the_gap_went_to(ledger: Ledger) -> None:
    began = NOON - timedelta(days=30)
    await ledger.rows("UPDATE schema_migration SET applied_at = $1", began)
    await a_boarder_is_hurt(ledger)
    monday = datetime(2026, 3, 9, 6, tzinfo=NOON.tzinfo)

    queues = Queues(Topics("fieldfare"), 1)
    await ByTheClock(ledger.pool, HANDLED, queues, "https://console.example").send(monday)

    [told] = [n for n in await ledger.notices() if n["event"]["type"] == "fieldfare.gap-digest.v1"]
    [gap] = told["content"]["gaps"]
    assert (gap["told_instead"], gap["duties"]) == ("R1E:safeguarding", 1)
    assert gap["gap"] == "no school nursing is commissioned for independent schools"
