"""The pages of the console that are timed, and what they show beside the million duties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.ledger import rulebook_orders
from services.runtime.clock import FixedClock
from services.runtime.postgres import Pool, transaction
from tests.integration.console.people import linked, registered
from tests.integration.router.kit import a_router, family, message, records, records_of
from tests.integration.router.test_switching import without_midwives
from tests.live_rulebook import OWNER, make_live, passed

_SOURCE = "urn:fieldfare:source:staffordshire-police"
_INCIDENTS = 24
_REFERENCE = "STF/2026/BENCH{:03}"
_MOTHER, _CHILD = "9990000018", "9990000026"
_BORN = {"born-day": "11", "born-month": "4", "born-year": "1996"}
_WHY = {"reason": "review", "reason-words": "benchmark"}
_BY_REFERENCE = {"by": "reference", "reference": _REFERENCE.format(0), "ref": "victim", **_WHY}
_BY_NUMBER = {"by": "number", "nhs-number": _MOTHER, **_BORN, **_WHY}
_BY_NAME = {"by": "name", "given": "Nobody", "family": "Known", **_BORN, **_WHY}
_MIDWIVES = "service=midwifery&district=E07000193"


@dataclass(frozen=True, slots=True)
class Page:
    """A page, who opens it, and where; `{duty}` and the like are filled in from the ledger.

    With a `form` it is sent; with `leads_on`, what is timed is the page to which that leads.
    `anew`: a minute goes by before each request, so that nothing is kept from the one before.
    """

    name: str
    subject: str
    path: str
    form: Mapping[str, str] | None = None
    leads_on: bool = False
    anew: bool = False


PAGES = (
    Page("Now", "carys", "/now"),
    Page("Missed", "carys", "/missed"),
    Page("Missed, one service", "carys", "/missed?service=midwifery"),
    Page("Missed, one district", "carys", "/missed?district=E07000193"),
    Page("Missed, a rare cause", "carys", "/missed?cause=refused"),
    Page("Missed, a page later", "carys", "/missed?after={later}"),
    Page("Pathways, 7 days", "carys", "/pathways?days=7", anew=True),
    Page("Pathways, 28 days", "carys", "/pathways", anew=True),
    Page("Pathways, 91 days", "carys", "/pathways?days=91", anew=True),
    Page("Pathways, 91 days, kept", "carys", "/pathways?days=91"),
    Page("Duties behind a number", "carys", f"/duties?{_MIDWIVES}"),
    Page("Duties, none fits", "carys", "/duties?service=camhs&days=91"),
    Page("Exceptions", "carys", "/exceptions"),
    Page("Exceptions, one source", "carys", "/exceptions?source={source}&taken=no"),
    Page("Exceptions, none fits", "carys", "/exceptions?waiting=unreadable"),
    Page("A duty", "carys", "/duties/{duty}"),
    Page("An event", "carys", "/events/{event}"),
    Page("An event, every rule", "carys", "/events/{incident}/rules"),
    Page("Person, by reference", "carys", "/person", _BY_REFERENCE),
    Page("Person, by number", "carys", "/person", _BY_NUMBER),
    Page("Person, by name, nobody", "carys", "/person", _BY_NAME),
    Page("Person, 24 incidents", "carys", "/person", _BY_REFERENCE, leads_on=True),
    Page("Sources", "carys", "/sources"),
    Page("Audit", "arthur", "/audit"),
    Page("Worklist", "mina", "/worklist"),
    Page("A notice", "mina", "/worklist/{notice}"),
    Page("Rules", "rosa", "/rules"),
    Page("Rules, all of them", "rosa", "/rules?all=yes"),
    Page("Promises", "rosa", "/rules/promises"),
    Page("Directory", "rosa", "/rules/directory"),
    Page("Versions", "rosa", "/rules/versions"),
    Page("What if, the form", "rosa", "/rules/what-if"),
    Page("What if, an answer", "rosa", "/rules/what-if", {"event": "{example}"}),
    Page("Proposals", "rosa", "/rules/proposals"),
    Page("A proposal", "rosa", "/rules/proposals/{proposal}"),
)


async def furnish(pool: Pool, at: datetime) -> None:
    """What the million duties have not: a live rulebook, another proposed, and a family's history.

    What is there already is left as it is.
    """
    async with pool.acquire() as connection:
        is_live = await connection.fetchval("SELECT EXISTS (SELECT FROM rulebook_activation)")
        proposals = await connection.fetchval("SELECT count(*) FROM rulebook_proposal")
        is_known = await connection.fetchval(
            "SELECT EXISTS (SELECT FROM event WHERE source = $1 AND id = 'bench-0')", _SOURCE
        )
    if not is_live:
        await make_live(pool, at)
    if proposals < 2:
        await _propose(pool, at)
    if not is_known:
        await _incidents(pool, at)


async def _propose(pool: Pool, at: datetime) -> None:
    """As if nobody had thought of midwives."""
    other, outcome = without_midwives(), passed(at.date())
    async with transaction(pool) as connection:
        await rulebook_orders.propose(connection, other, outcome, OWNER, live_from=None, at=at)


async def _incidents(pool: Pool, at: datetime) -> None:
    """A mother with a child, as the register has them, and an incident every fortnight."""
    router = a_router(pool, clock=FixedClock(at))
    told = (registered(_MOTHER), registered(_CHILD), linked(_MOTHER, _CHILD, "parent"))
    await router.handle(records_of(*told))
    bodies = [
        message(
            family(_REFERENCE.format(n), incident_at=(at - n * timedelta(days=14)).isoformat()),
            event_id=f"bench-{n}",
            at=at,
        )
        for n in range(_INCIDENTS)
    ]
    await router.handle(records(*bodies))
    while await router.reconsider():
        pass


async def places(pool: Pool) -> dict[str, str]:
    """What fills in the addresses of `PAGES`: a duty of the midwives whom the demonstration has."""
    async with pool.acquire() as connection:
        [row] = await connection.fetch(
            "SELECT duty_id, occurrence_id, notification_id FROM duty"
            " WHERE recipient = 'RJF:midwifery' AND ended_at IS NULL AND state = 'sent'"
            " ORDER BY owed_at DESC LIMIT 1"
        )
        incident = await connection.fetchval(
            "SELECT occurrence_id FROM event WHERE source = $1 AND id = 'bench-0'", _SOURCE
        )
        proposal = await connection.fetchval(
            "SELECT content_hash FROM rulebook_proposal ORDER BY proposal_no DESC LIMIT 1"
        )
    return {
        "duty": str(row["duty_id"]),
        "event": str(row["occurrence_id"]),
        "notice": str(row["notification_id"]),
        "incident": str(incident),
        "proposal": str(proposal),
        "example": message(family("STF/2026/EXAMPLE")).decode(),
        "source": _SOURCE,
        "later": "2025-03-06T12:00:00%2B00:00/00000000-0000-0000-0000-000000000000",
    }
